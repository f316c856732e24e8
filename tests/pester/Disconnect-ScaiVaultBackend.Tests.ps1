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

Describe 'Disconnect-ScaiVaultBackend' {
    It 'ends a connection, which then sends nothing' {
        $backend = Connect-ScaiVaultBackend $server.Address -Token $token -Name gone
        Disconnect-ScaiVaultBackend gone -WhatIf
        (Get-ScaiVaultBackend).Name | Should -Be gone
        Disconnect-ScaiVaultBackend gone
        Get-ScaiVaultBackend | Should -BeNullOrEmpty
        { Get-VaultSecret scaivault://a -Backend $backend -ErrorAction Stop } | Should -Throw -ErrorId 'SecretBridge.NotConnected,*'
        (Invoke-ScaiVaultControl $server).requests | Should -BeNullOrEmpty
    }

    It 'ends the current one where none is named, and what is piped' {
        $null = Connect-ScaiVaultBackend $server.Address -Token $token -Name one
        $null = Connect-ScaiVaultBackend $server.Address -Token $token -Name two
        Disconnect-ScaiVaultBackend
        (Get-ScaiVaultBackend).Name | Should -Be one
        { Disconnect-ScaiVaultBackend } | Should -Throw -ErrorId 'SecretBridge.NotConnected,*'
        Get-ScaiVaultBackend | Disconnect-ScaiVaultBackend
        Get-ScaiVaultBackend | Should -BeNullOrEmpty
    }
}
