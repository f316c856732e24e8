BeforeDiscovery {
    Import-Module $PSScriptRoot/TestServer.psm1
}

Describe 'Restore-VaultSecret' {
    Context 'on <Name>' -ForEach (Get-TestServer) {
        BeforeAll {
            $session = Open-TestSession $_
            $kv, $other, $v1, $canary = $session.Kv, $session.Other, $session.V1, $session.Canary
            $ConfirmPreference = 'None'
        }

        AfterAll { Close-TestSession $session }

        It 'brings back the latest version, or those that are named' {
            1..3 | ForEach-Object { Set-VaultSecret "vault://$other/back" @{ a = $_ } | Out-Null }
            Remove-VaultSecret "vault://$other/back" -Version 1, 3 | Out-Null
            (Restore-VaultSecret "vault://$other/back" -WhatIf).Planned | Should -BeTrue
            (Get-VaultSecret "vault://$other/back" -ErrorAction Ignore).State | Should -Be Deleted
            (Restore-VaultSecret "vault://$other/back").Version | Should -Be 3
            (Restore-VaultSecret "vault://$other/back" -Version 1, 2).Version | Should -Be 1
            (Restore-VaultSecret "vault://$other/back").Action | Should -Be Unchanged
        }

        It 'tells what is destroyed or was never there' {
            Set-VaultSecret "vault://$other/lost" @{ a = 1 } | Out-Null
            Remove-VaultSecret "vault://$other/lost" -Destroy | Out-Null
            "vault://$other/lost", "vault://$other/never" | Restore-VaultSecret -ErrorVariable problem -ErrorAction SilentlyContinue | ForEach-Object Action | Should -Be Failed, Failed
            $problem.FullyQualifiedErrorId | Should -Be 'SecretBridge.SecretDeleted,SecretBridge.Commands.RestoreVaultSecret', 'SecretBridge.SecretNotFound,SecretBridge.Commands.RestoreVaultSecret'
        }
    }
}
