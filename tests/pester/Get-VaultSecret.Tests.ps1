BeforeDiscovery {
    Import-Module $PSScriptRoot/TestServer.psm1
}

Describe 'Get-VaultSecret' {
    Context 'on <Name>' -ForEach (Get-TestServer) {
        BeforeAll {
            $session = Open-TestSession $_
            $kv, $other, $v1, $canary = $session.Kv, $session.Other, $session.V1, $session.Canary
        }

        AfterAll { Close-TestSession $session }

        It 'returns a record whose values are sealed' {
            $secret = Get-VaultSecret "vault://$kv/apps/billing/db"
            $secret.Version | Should -Be 1
            $secret.State | Should -Be Live
            $secret.Keys | Sort-Object | Should -Be options, password, port, user
            "$($secret.Data['password'])" | Should -Be '(sealed)'
            $secret.Data['password'].Reveal() | Should -Be $canary
        }

        It 'opens values only when asked, by key or one' {
            $uri = "vault://$kv/apps/billing/db"
            $plain = Get-VaultSecret $uri -AsPlainText
            $plain.password | Should -Be $canary
            $plain.port | Should -Be 5432
            $plain.options.tls | Should -BeTrue
            Get-VaultSecret "$uri#password" -AsPlainText | Should -Be $canary
            Get-VaultSecret "$uri#password" -AsSecureString | Should -BeOfType securestring
            (Get-VaultSecret $uri -AsHashtable).user | Should -BeOfType SecretBridge.Stores.SealedValue
        }

        It 'reads an earlier version, by parameter or reference' {
            Set-VaultSecret "vault://$other/v" @{ n = 1 } | Out-Null
            Set-VaultSecret "vault://$other/v" @{ n = 2 } | Out-Null
            (Get-VaultSecret "vault://$other/v" -Version 1 -AsPlainText).n | Should -Be 1
            (Get-VaultSecret "vault://$other/v?version=1" -AsPlainText).n | Should -Be 1
            (Get-VaultSecret "vault://$other/v" -AsPlainText).n | Should -Be 2
        }

        It 'takes rows of a walk and of a comparison, latest version each' {
            (Get-VaultSubtree "vault://$kv/apps" -Exclude gone | Get-VaultSecret).Name | Should -Be api, db, web
            (Compare-SecretTree "vault://$kv/apps" "vault://$other/none" -Exclude gone -ErrorAction Ignore | Get-VaultSecret).Name | Should -Be api, db, web
        }

        It 'tells absent from deleted, each with an error and a row' {
            $rows = "vault://$kv/apps/nothing", "vault://$kv/apps/gone" | Get-VaultSecret -ErrorVariable problem -ErrorAction SilentlyContinue
            $rows.State | Should -Be Absent, Deleted
            $problem.FullyQualifiedErrorId | Should -Be 'SecretBridge.SecretNotFound,SecretBridge.Commands.GetVaultSecret', 'SecretBridge.SecretDeleted,SecretBridge.Commands.GetVaultSecret'
            $problem[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        }
    }
}
