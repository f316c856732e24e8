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

Describe 'Get-FederationBackend' {
    It 'lists what was made and changed in this session, and asks the server nothing' {
        $null = Connect-ScaiVaultBackend $server.Address -Token $token -Name target
        Get-FederationBackend | Should -BeNullOrEmpty
        $null = New-FederationBackend legacy https://vault.example:8200 -Mode proxy
        $null = New-FederationBackend other https://vault.example:8200 -Mode proxy
        $null = Set-FederationBackend legacy -Mode sync
        $before = (Invoke-ScaiVaultControl $server).requests.Count
        (Get-FederationBackend).Name | Should -Be legacy, other
        (Get-FederationBackend leg*).Mode | Should -Be sync
        (Get-FederationBackend fb-2).Name | Should -Be other
        Get-FederationBackend unknown -ErrorVariable problem -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problem[0].FullyQualifiedErrorId | Should -Be 'SecretBridge.NotSupported,SecretBridge.Commands.GetFederationBackend'
        (Invoke-ScaiVaultControl $server).requests.Count | Should -Be $before
    }
}
