BeforeDiscovery {
    Import-Module $PSScriptRoot/TestServer.psm1
}

Describe 'Move-VaultSubtree' {
    Context 'on <Name>' -ForEach (Get-TestServer) {
        BeforeAll {
            $session = Open-TestSession $_
            $kv, $other, $v1, $canary = $session.Kv, $session.Other, $session.V1, $session.Canary
            $ConfirmPreference = 'None'
        }

        AfterAll { Close-TestSession $session }

        It 'with -WhatIf tells the copy and the removal, and does neither' {
            $rows = Move-VaultSubtree "vault://$kv/apps" "vault://$other/moved" -WhatIf -WarningAction SilentlyContinue
            $rows | ForEach-Object { "$($_.GetType().Name) $($_.Action) $($_.RelativePath) $($_.Planned)" } | Should -Be @(
                'CopyResult Created billing/api True', 'CopyResult Created billing/db True', 'CopyResult Skipped gone False', 'CopyResult Created web True'
                'RemoveResult Deleted billing/api True', 'RemoveResult Deleted billing/db True', 'RemoveResult Deleted web True')
            (Get-VaultSecret "vault://$other/moved/web" -ErrorAction Ignore).State | Should -Be Absent
        }

        It 'removes nothing past -MaxDelete, which must be said' {
            { Move-VaultSubtree "vault://$kv/apps" "vault://$other/moved" -ErrorAction Stop } | Should -Throw -ErrorId 'SecretBridge.RemovalRefused,*'
            (Get-VaultSecret "vault://$kv/apps/web").State | Should -Be Live
        }

        It 'copies, verifies and soft-deletes, and shows no value' {
            $rows = Move-VaultSubtree "vault://$kv/apps" "vault://$other/moved" -MaxDelete 3
            ($rows | Where-Object { $_.GetType().Name -eq 'RemoveResult' }).Action | Should -Be Deleted, Deleted, Deleted
            (Get-VaultSecret "vault://$other/moved/billing/db" -AsPlainText).password | Should -Be $canary
            (Get-VaultSecret "vault://$kv/apps/billing/db" -ErrorAction Ignore).State | Should -Be Deleted
            (Restore-VaultSecret "vault://$kv/apps/billing/db").Action | Should -Be Restored
            $rows | Format-List * -Force | Out-String | Should -Not -Match $canary
        }

        It 'leaves the source where a secret is in conflict' {
            Set-VaultSecret "vault://$kv/conflict/a" @{ k = 1 } | Out-Null
            Set-VaultSecret "vault://$other/conflict/a" @{ k = 2 } | Out-Null
            { Move-VaultSubtree "vault://$kv/conflict" "vault://$other/conflict" -MaxDelete 9 -ErrorAction SilentlyContinue } |
                Should -Throw -ErrorId 'SecretBridge.RemovalRefused,*' -ExpectedMessage '*1 are in conflict*'
            (Get-VaultSecret "vault://$kv/conflict/a").State | Should -Be Live
        }

        It 'moves from a mount without versions only with -AllVersions' {
            Set-VaultSecret "vault://$v1/plain/a" @{ k = 1 } | Out-Null
            { Move-VaultSubtree "vault://$v1/plain" "vault://$other/plain" -MaxDelete 9 } | Should -Throw -ErrorId 'SecretBridge.NotSupported,*'
            $summaries = Move-VaultSubtree "vault://$v1/plain" "vault://$other/plain" -MaxDelete 9 -AllVersions -Summary
            $summaries[0].Created | Should -Be 1
            $summaries[1].Removed | Should -Be 1
            (Get-VaultSecret "vault://$v1/plain/a" -ErrorAction Ignore).State | Should -Be Absent
        }
    }
}
