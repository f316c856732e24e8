BeforeDiscovery {
    Import-Module $PSScriptRoot/TestServer.psm1
}

Describe 'Remove-VaultSecret' {
    Context 'on <Name>' -ForEach (Get-TestServer) {
        BeforeAll {
            $session = Open-TestSession $_
            $kv, $other, $v1, $canary = $session.Kv, $session.Other, $session.V1, $session.Canary
            $ConfirmPreference = 'None'
        }

        AfterAll { Close-TestSession $session }

        It 'deletes the latest version so that it can be restored' {
            Set-VaultSecret "vault://$other/rm/a" @{ a = 1 } | Out-Null
            $row = Remove-VaultSecret "vault://$other/rm/a"
            $row.Action | Should -Be Deleted
            $row.Version | Should -Be 1
            (Remove-VaultSecret "vault://$other/rm/a").Action | Should -Be Unchanged
            (Restore-VaultSecret "vault://$other/rm/a").Action | Should -Be Restored
        }

        It 'destroys versions, and removes everything, for good' {
            1..3 | ForEach-Object { Set-VaultSecret "vault://$other/rm/b" @{ a = $_ } | Out-Null }
            $row = Remove-VaultSecret "vault://$other/rm/b" -Version 1, 2 -Destroy
            $row.Action | Should -Be Destroyed
            (Get-VaultSecret "vault://$other/rm/b" -Version 1 -ErrorAction Ignore).State | Should -Be Destroyed
            (Get-VaultSecret "vault://$other/rm/b" -AsPlainText).a | Should -Be 3
            (Remove-VaultSecret "vault://$other/rm/b" -AllVersions).Action | Should -Be Removed
            Get-VaultSubtree "vault://$other/rm" | Where-Object Name -eq b | Should -BeNullOrEmpty
        }

        It 'deletes the latest without its number only with -Force, where the token may not name it' {
            Set-VaultSecret "vault://$other/rm/numberless" @{ a = 1 } | Out-Null
            $policy = "path `"$other/data/*`" { capabilities = [`"read`", `"delete`"] } path `"$other/metadata/*`" { capabilities = [`"read`"] }"
            $null = Invoke-TestRequest $session.Server POST "sys/policies/acl/$other" @{ policy = $policy }
            $token = (Invoke-TestRequest $session.Server POST auth/token/create @{ policies = @($other) }).auth.client_token
            $null = Connect-VaultBackend -Name numberless -Address $session.Server.Address -Token (ConvertTo-TestSecureString $token)
            $row = Remove-VaultSecret "vault://numberless@$other/rm/numberless" -ErrorVariable problem -ErrorAction SilentlyContinue
            $row.Action | Should -Be Failed
            $problem.FullyQualifiedErrorId | Should -Be 'SecretBridge.PermissionDenied,SecretBridge.Commands.RemoveVaultSecret'
            $problem.TargetObject | Should -Be "vault://numberless@$other/rm/numberless"
            $row.Reason | Should -Match '-Force deletes what is latest at that moment'
            $forced = Remove-VaultSecret "vault://numberless@$other/rm/numberless" -Force
            $forced.Action | Should -Be Deleted
            $forced.Reason | Should -Match 'without its number'
            Disconnect-VaultBackend numberless
            $null = Connect-TestBackend $session.Server
        }

        It 'tells what is not there' {
            $row = Remove-VaultSecret "vault://$other/rm/nothing" -ErrorVariable problem -ErrorAction SilentlyContinue
            $row.Action | Should -Be Failed
            $problem.FullyQualifiedErrorId | Should -Be 'SecretBridge.SecretNotFound,SecretBridge.Commands.RemoveVaultSecret'
        }

        It 'does not delete for good by accident where there are no versions' {
            Set-VaultSecret "vault://$v1/rm" @{ a = 1 } | Out-Null
            (Remove-VaultSecret "vault://$v1/rm" -ErrorVariable problem -ErrorAction SilentlyContinue).Action | Should -Be Failed
            $problem.FullyQualifiedErrorId | Should -Be 'SecretBridge.NotSupported,SecretBridge.Commands.RemoveVaultSecret'
            (Remove-VaultSecret "vault://$v1/rm" -AllVersions).Action | Should -Be Removed
        }

        It 'takes rows of a walk, and with -WhatIf leaves all in place' {
            1..3 | ForEach-Object { Set-VaultSecret "vault://$other/rm/many/$_" @{ a = $_ } | Out-Null }
            $rows = Get-VaultSubtree "vault://$other/rm/many" | Remove-VaultSecret -AllVersions -WhatIf
            $rows.Planned | Should -Be $true, $true, $true
            (Get-VaultSubtree "vault://$other/rm/many").Name | Should -Be 1, 2, 3
            (Get-VaultSubtree "vault://$other/rm/many" | Remove-VaultSecret -AllVersions).Action | Should -Be Removed, Removed, Removed
        }
    }
}
