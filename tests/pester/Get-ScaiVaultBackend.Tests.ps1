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

Describe 'Get-ScaiVaultBackend' {
    It 'lists connections by wildcard, the current one, and tells a name that is not connected' {
        $null = Connect-ScaiVaultBackend $server.Address -Token $token -Name one
        $null = Connect-ScaiVaultBackend $server.Address -Token $token -Name two
        (Get-ScaiVaultBackend).Name | Should -Be one, two
        (Get-ScaiVaultBackend o*).Name | Should -Be one
        (Get-ScaiVaultBackend -Current).Name | Should -Be two
        Get-ScaiVaultBackend none -ErrorVariable problem -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problem.FullyQualifiedErrorId | Should -Be 'SecretBridge.NotConnected,SecretBridge.Commands.GetScaiVaultBackend'
        Get-ScaiVaultBackend one | Out-String -Width 80 | Should -Match ([regex]::Escape($server.Address))
    }

    It 'belongs to its runspace; another one gets it as an object' {
        $null = Invoke-ScaiVaultControl $server put @{ path = 'a'; data = @{ k = 'v' } }
        $backend = Connect-ScaiVaultBackend $server.Address -Token $token -Name shared
        $module = Get-TestModulePath
        $read = 1..2 | ForEach-Object -Parallel {
            Import-Module $using:module
            (Get-ScaiVaultBackend).Count
            (Get-VaultSecret scaivault://a -Backend $using:backend).Data['k'].Reveal()
        }
        $read | Sort-Object | Should -Be 0, 0, v, v
    }
}
