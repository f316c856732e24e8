BeforeDiscovery {
    Import-Module $PSScriptRoot/TestServer.psm1
}

Describe 'Disconnect-SealedStore' {
    BeforeAll {
        Import-TestModule
        $path = Join-Path $TestDrive 'new/team.sealed'
        Connect-SealedStore -Path $path -Passphrase (ConvertTo-TestSecureString 'canary-1') -Create | Out-Null
        Set-VaultSecret builtin://a @{ k = 1 } | Out-Null
    }

    It 'forgets the key, and only says so with -WhatIf' {
        Disconnect-SealedStore -WhatIf
        (Get-VaultSubtree builtin://).Uri | Should -Be 'builtin://a'
        Disconnect-SealedStore | Should -BeNullOrEmpty
        if ([Console]::IsInputRedirected) {
            { Get-VaultSubtree builtin:// -ErrorAction Stop } | Should -Throw -ErrorId 'SecretBridge.SealedStoreLocked,*'
        }
        Test-Path $path | Should -BeTrue
    }

    It 'says that nothing is open where nothing is' {
        { Disconnect-SealedStore } | Should -Throw -ErrorId 'SecretBridge.NotConnected,*'
    }
}
