[Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseDeclaredVarsMoreThanAssignments', '', Justification = 'The blocks of Pester share them.')]
param()

BeforeAll {
    Import-Module $PSScriptRoot/TestServer.psm1
    Import-Module $PSScriptRoot/Leak.psm1
    Import-TestModule
    $server = Get-TestScaiVault
    $token = ConvertTo-TestSecureString $server.Token
}

AfterAll {
    Get-ScaiVaultBackend | Disconnect-ScaiVaultBackend
    (Invoke-ScaiVaultControl $server).undocumented | Should -BeNullOrEmpty
}

Describe 'Set-FederationBackend' {
    BeforeAll {
        $null = Connect-ScaiVaultBackend $server.Address -Token $token -Name target
        $made = New-FederationBackend legacy https://vault.example:8200 -Mode proxy
    }

    It 'changes a backend by name, by id and from the pipeline' {
        $changed = Set-FederationBackend legacy -Mode sync -SyncInterval 300 -ConflictResolution source-wins
        $changed.Id, $changed.Mode, $changed.SyncInterval, $changed.ConflictResolution | Should -Be 'fb-1', sync, '300', source-wins
        $sent = (Invoke-ScaiVaultControl $server).backends[0].changed
        $sent.mode, $sent.sync_interval, $sent.conflict_resolution | Should -Be sync, 300, source-wins
        (Set-FederationBackend fb-1 -SyncInterval 5m).Name | Should -Be legacy
        (Invoke-ScaiVaultControl $server).backends[0].changed.sync_interval | Should -Be 5m
        ($made | Set-FederationBackend -Mode proxy).Mode | Should -Be proxy
    }

    It 'makes a failing one a row and an error, and goes on with the others' {
        $rows = 'fb-9', 'fb-1' | Set-FederationBackend -Mode sync -ErrorVariable problem -ErrorAction SilentlyContinue
        $rows.Count | Should -Be 2
        $rows[0].Reason | Should -Match 404
        $problem[0].FullyQualifiedErrorId | Should -Be 'SecretBridge.RequestRefused,SecretBridge.Commands.SetFederationBackend'
        $problem[0].ErrorDetails.RecommendedAction | Should -Match 'the id that New-FederationBackend wrote'
        $rows[0] | Out-String -Width 80 | Should -Match '(?m)^fb-9\s+fb-9\s+failed'
    }

    It 'tells the audit trail of each change, and changes nothing where that cannot be told' {
        $trail = Join-Path $TestDrive 'changed.jsonl'
        $saved = $env:SECRETBRIDGE_AUDIT
        try {
            $env:SECRETBRIDGE_AUDIT = $trail
            'fb-9', 'legacy' | Set-FederationBackend -Mode sync -ErrorAction SilentlyContinue | Out-Null
            $told = Get-BridgeAuditEvent -Action federation.*
            @($told).Count | Should -Be 1
            $told.Action, $told.Uri | Should -Be 'federation.changed', 'scaivault://target@federation/backends/fb-1'
            $told.Details['name'], $told.Details['mode'] | Should -Be legacy, sync
            if ($IsWindows) { return }

            chmod 644 $trail
            $before = (Invoke-ScaiVaultControl $server).requests.Count
            (Set-FederationBackend legacy -Mode proxy -ErrorVariable problem -ErrorAction SilentlyContinue).Reason | Should -Match 'audit trail'
            $problem[0].FullyQualifiedErrorId | Should -Be 'SecretBridge.AuditFailed,SecretBridge.Commands.SetFederationBackend'
            (Invoke-ScaiVaultControl $server).requests.Count | Should -Be $before
        }
        finally { $env:SECRETBRIDGE_AUDIT = $saved }
    }

    It 'sends nothing with -WhatIf, and refuses to change nothing' {
        $before = (Invoke-ScaiVaultControl $server).requests.Count
        (Set-FederationBackend legacy -Mode sync -WhatIf).Planned | Should -BeTrue
        { Set-FederationBackend legacy } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*'
        (Invoke-ScaiVaultControl $server).requests.Count | Should -Be $before
    }
}
