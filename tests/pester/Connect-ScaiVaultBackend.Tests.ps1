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

Describe 'Connect-ScaiVaultBackend' {
    AfterEach { Get-ScaiVaultBackend | Disconnect-ScaiVaultBackend }

    It 'makes the connection that scaivault:// means, and sends nothing yet' {
        $backend = Connect-ScaiVaultBackend $server.Address -Token $token -Name target
        $backend.GetType().FullName | Should -Be 'SecretBridge.Stores.ScaiVaultBackend'
        $backend.Address | Should -Be $server.Address
        (Invoke-ScaiVaultControl $server).requests | Should -BeNullOrEmpty
        $null = Invoke-ScaiVaultControl $server put @{ path = 'a/b'; data = @{ k = 'v' } }
        (Get-VaultSecret scaivault://a/b).Data['k'].Reveal() | Should -Be v
        (Get-VaultSecret scaivault://target@a/b).Uri | Should -Be 'scaivault://target@a/b'
        (Resolve-SecretReference 'scaivault://a/b#k').Value.Reveal() | Should -Be v
    }

    It 'warns of plain http to another machine' {
        $null = Connect-ScaiVaultBackend http://scaivault.invalid -Token $token -Name plain -WarningVariable said -WarningAction SilentlyContinue
        "$said" | Should -BeLike '*http://scaivault.invalid *clear text*'
        $null = Connect-ScaiVaultBackend $server.Address -Token $token -Name near -WarningVariable said
        $said | Should -BeNullOrEmpty
    }

    It 'takes the token from an environment variable, by its name' {
        $env:SECRETBRIDGE_PESTER_SCAI = $server.Token
        try {
            $null = Connect-ScaiVaultBackend $server.Address -TokenEnv SECRETBRIDGE_PESTER_SCAI
            { Get-VaultSecret scaivault://no/such -ErrorAction Stop } | Should -Throw -ErrorId 'SecretBridge.SecretNotFound,*'
        }
        finally { Remove-Item Env:SECRETBRIDGE_PESTER_SCAI }
        { Connect-ScaiVaultBackend $server.Address -TokenEnv 'canary-scai-token-given-as-name' } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*'
        $Error[0].Exception.Message | Should -Not -Match canary
    }

    It 'says what a wrong token is, and never the token' {
        $null = Connect-ScaiVaultBackend $server.Address -Token (ConvertTo-TestSecureString 'canary-wrong-token') -MaximumRetryCount 0
        $said = & {
            Get-VaultSecret scaivault://a/b -ErrorAction Continue -Verbose
            Get-ScaiVaultBackend | Format-List * -Force
            Get-ScaiVaultBackend | ConvertTo-Json -Depth 9
            $global:Error | Select-Object -First 3 | ForEach-Object { $_ | Get-Error }
        } *>&1 | Out-String -Width 4000
        $said | Should -Match 'SecretBridge.TokenInvalid'
        Find-Leak 'canary-wrong-token' -Text $said | Should -BeNullOrEmpty
    }

    It 'does not let a name silently come to mean another server' {
        $null = Connect-ScaiVaultBackend $server.Address -Token $token
        { Connect-ScaiVaultBackend http://127.0.0.1:9 -Token $token } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*'
        Connect-ScaiVaultBackend http://127.0.0.1:9 -Token $token -Name default -WarningVariable warned -WarningAction SilentlyContinue | Out-Null
        "$warned" | Should -Match 'now means'
    }

    It 'is no connection to Vault, and none of its names are' {
        $null = Connect-ScaiVaultBackend $server.Address -Token $token -Name only-scai
        { Get-VaultSecret vault://only-scai@kv/a -ErrorAction Stop } | Should -Throw -ErrorId 'SecretBridge.NotConnected,*'
        { Get-VaultMount -Backend (Get-ScaiVaultBackend only-scai) } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*'
        { Get-VaultSecret scaivault://nobody@a -ErrorAction Stop } | Should -Throw -ErrorId 'SecretBridge.NotConnected,*'
        (Get-VaultBackend).Name | Should -Not -Contain only-scai
    }

    It 'writes without a note, and refuses what the guide does not document before any request' {
        $null = Connect-ScaiVaultBackend $server.Address -Token $token
        (Set-VaultSecret scaivault://w/one @{ k = 1 }).Action | Should -Be Created
        (Set-VaultSecret scaivault://w/one @{ k = 1 }).Action | Should -Be Unchanged
        $before = (Invoke-ScaiVaultControl $server).requests.Count
        Get-VaultSubtree scaivault://w/ -ErrorVariable problem -ErrorAction SilentlyContinue | Out-Null
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'SecretBridge.NotSupported,*'
        foreach ($call in { Remove-VaultSecret scaivault://w/one -AllVersions -Confirm:$false -ErrorAction Stop }, { Remove-VaultSecret scaivault://w/one -AllVersions -WhatIf -ErrorAction Stop }, { Get-VaultSecret 'scaivault://w/one?version=2' -ErrorAction Stop }) {
            $call | Should -Throw -ErrorId 'SecretBridge.NotSupported,*'
        }
        (Invoke-ScaiVaultControl $server).requests.Count | Should -Be $before
    }
}
