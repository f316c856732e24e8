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

Describe 'New-FederationBackend' {
    BeforeAll { $null = Connect-ScaiVaultBackend $server.Address -Token $token -Name target }

    It 'makes a backend with the documented body' {
        $map = [ordered]@{ 'external/hashicorp/**' = 'kv/**'; a = 'b' }
        $made = New-FederationBackend legacy https://vault.example:8200 -Mode proxy -Namespace team -AuthMethod approle -AuthConfigPath /etc/scaivault/vault.json -Map $map
        $made.Id, $made.Status, $made.Mode, $made.Backend | Should -Be 'fb-1', active, proxy, target
        $body = (Invoke-ScaiVaultControl $server).backends[0].made
        $body.type, $body.mode | Should -Be 'hashicorp-vault', proxy
        $body.config.endpoint, $body.config.namespace, $body.config.auth_method, $body.config.auth_config_path | Should -Be 'https://vault.example:8200', team, approle, /etc/scaivault/vault.json
        $body.config.PSObject.Properties.Name | Should -Not -Contain tls_verify
        $body.path_mapping.PSObject.Properties.Name | Should -Be 'external/hashicorp/**', a
        $made | Out-String -Width 80 | Should -Match 'legacy.*fb-1.*proxy'
    }

    It 'sends secrets of the configuration and shows them nowhere' {
        $canary, $other = 'canary-fed-77aa', 'canary-fed-88bb'
        $env:SECRETBRIDGE_PESTER_FED = $other
        $clixml = Join-Path $TestDrive 'made.xml'
        try {
            $said = & {
                $config = @{ secret_id = ConvertTo-TestSecureString $canary }
                $made = New-FederationBackend sealed https://v:8200 -Mode proxy -Config $config -ConfigEnv @{ token = 'SECRETBRIDGE_PESTER_FED' } -SkipCertificateCheck -Verbose
                New-FederationBackend sealed https://v:8200 -Mode proxy -Config $config -WhatIf
                try { New-FederationBackend sealed https://v:8200 -Mode proxy -Config $config } catch { $_ | Get-Error }
                $made | Format-List * -Force
                $made | ConvertTo-Json -Depth 9
                $made | Export-Clixml $clixml -Depth 9
                Get-FederationBackend | Format-Custom -Depth 9
                $global:Error | Select-Object -First 3 | ForEach-Object { $_ | Get-Error }
            } *>&1 | Out-String -Width 4000
        }
        finally { Remove-Item Env:SECRETBRIDGE_PESTER_FED }
        $config = (Invoke-ScaiVaultControl $server).backends[1].made.config
        $config.secret_id, $config.token, $config.tls_verify | Should -Be $canary, $other, $false
        $said | Should -Match 'SecretBridge.RequestRefused'
        foreach ($secret in $canary, $other) { Find-Leak $secret -Text $said -Path $clixml | Should -BeNullOrEmpty }
    }

    It 'says what to do where the name is taken' {
        $problem = { New-FederationBackend legacy https://v:8200 -Mode proxy } | Should -Throw -PassThru
        $problem.FullyQualifiedErrorId | Should -Be 'SecretBridge.RequestRefused,SecretBridge.Commands.NewFederationBackend'
        $problem.ErrorDetails.RecommendedAction | Should -Match "'legacy' already.*Set-FederationBackend"
    }

    It 'sends nothing with -WhatIf' {
        $before = (Invoke-ScaiVaultControl $server).requests.Count
        $planned = New-FederationBackend more https://v:8200 -Mode proxy -WhatIf
        $planned.Planned, $planned.Id | Should -Be $true, $null
        (Invoke-ScaiVaultControl $server).requests.Count | Should -Be $before
    }

    It 'tells the audit trail, without what is secret, and makes nothing where that cannot be told' {
        $trail, $canary = (Join-Path $TestDrive 'made.jsonl'), 'canary-fed-99cc'
        $config = @{ secret_id = ConvertTo-TestSecureString $canary }
        $saved = $env:SECRETBRIDGE_AUDIT
        try {
            $env:SECRETBRIDGE_AUDIT = $trail
            $made = New-FederationBackend told https://v:8200 -Mode proxy -Config $config
            New-FederationBackend planned https://v:8200 -Mode proxy -Config $config -WhatIf | Out-Null
            $told = Get-BridgeAuditEvent -Uri scaivault://target@federation/backends
            @($told).Count | Should -Be 1
            $told.Action, $told.Uri, $told.Backend | Should -Be 'federation.created', "scaivault://target@federation/backends/$($made.Id)", target
            $told.Details['name'], $told.Details['address'], $told.Details['mode'] | Should -Be told, 'https://v:8200', proxy
            Get-Content $trail -Raw | Should -Not -BeLike "*$canary*"
            if ($IsWindows) { return }

            chmod 644 $trail
            $before = (Invoke-ScaiVaultControl $server).requests.Count
            { New-FederationBackend untold https://v:8200 -Mode proxy } | Should -Throw -ErrorId 'SecretBridge.AuditFailed,*'
            (Invoke-ScaiVaultControl $server).requests.Count | Should -Be $before
        }
        finally { $env:SECRETBRIDGE_AUDIT = $saved }
    }

    It 'refuses maps without an order and maps by script, and no connection' {
        { New-FederationBackend x https://v -Mode proxy -Map @{ 'a/**' = 'x/**'; 'b/**' = 'y/**' } } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*'
        { New-FederationBackend x https://v -Mode proxy -Map @{ 'a/**' = { 'x' } } } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*'
        { New-FederationBackend x https://v -Mode proxy -Backend nobody } | Should -Throw -ErrorId 'SecretBridge.NotConnected,*'
    }
}
