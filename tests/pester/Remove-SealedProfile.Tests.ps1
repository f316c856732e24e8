BeforeDiscovery {
    Import-Module $PSScriptRoot/TestServer.psm1
}

Describe 'Remove-SealedProfile' {
    Context 'on <Name>' -ForEach (Get-TestServer) {
        BeforeAll {
            $session = Open-TestSession $_
            $kv = $session.Kv
            $ConfirmPreference = 'None'
            Connect-SealedStore -Path (Join-Path $TestDrive "$kv.sealed") -Passphrase (ConvertTo-TestSecureString 'a passphrase of tests') -Create | Out-Null
        }

        AfterAll { Close-TestSession $session }

        It 'removes so that it can be restored where versions are kept' {
            Set-SealedProfile "vault://$kv/rm/a" -Owner o | Out-Null
            $row = Remove-SealedProfile "vault://$kv/rm/a"
            $row.Action, $row.Version | Should -Be Deleted, 1
            Get-SealedProfile "vault://$kv/rm/*" | Should -BeNullOrEmpty
            (Restore-VaultSecret "vault://$kv/rm/a").Action | Should -Be Restored
            (Remove-SealedProfile a -Uri "vault://$kv/rm" -AllVersions).Action | Should -Be Removed
            (Remove-SealedProfile "vault://$kv/rm/a" -ErrorVariable problem -ErrorAction SilentlyContinue).Action | Should -Be Failed
            $problem.FullyQualifiedErrorId | Should -Be 'SecretBridge.SecretNotFound,SecretBridge.Commands.RemoveSealedProfile'
        }

        It 'removes from the sealed file for good' {
            Set-SealedProfile gone -Owner o | Out-Null
            (Remove-SealedProfile gone).Action | Should -Be Removed
            Get-SealedProfile 'gone*' | Should -BeNullOrEmpty
        }

        It 'leaves what is no profile, whatever a pattern matches' {
            Set-SealedProfile "vault://$kv/mixed/a" -Owner o | Out-Null
            Set-VaultSecret "vault://$kv/mixed/b" @{ password = 'x' } | Out-Null
            $rows = Remove-SealedProfile "vault://$kv/mixed/*" -ErrorVariable problem -ErrorAction SilentlyContinue
            $rows.Action | Should -Be Deleted, Failed
            $problem.FullyQualifiedErrorId | Should -Be 'SecretBridge.InvalidProfile,SecretBridge.Commands.RemoveSealedProfile'
            (Get-VaultSecret "vault://$kv/mixed/b").State | Should -Be Live
        }

        It 'takes rows, and with -WhatIf leaves all in place' {
            'x', 'y' | ForEach-Object { Set-SealedProfile "vault://$kv/many/$_" -Owner o | Out-Null }
            (Get-SealedProfile "vault://$kv/many/*" | Remove-SealedProfile -WhatIf).Planned | Should -Be $true, $true
            (Get-SealedProfile "vault://$kv/many/*").RelativePath | Should -Be x, y
            (Get-SealedProfile "vault://$kv/many/*" | Remove-SealedProfile).Action | Should -Be Deleted, Deleted
        }
    }
}
