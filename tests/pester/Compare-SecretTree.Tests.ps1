BeforeDiscovery {
    Import-Module $PSScriptRoot/TestServer.psm1
}

Describe 'Compare-SecretTree' {
    Context 'on <Name>' -ForEach (Get-TestServer) {
        BeforeAll {
            $session = Open-TestSession $_
            $kv, $other, $v1, $canary = $session.Kv, $session.Other, $session.V1, $session.Canary
            $source = "vault://$kv/apps"
            Copy-VaultSubtree $source "vault://$other/same" -Exclude gone | Out-Null
            Copy-VaultSubtree $source "vault://$other/changed" -Exclude gone | Out-Null
            Set-VaultSecret "vault://$other/changed/billing/db" @{ user = 'other'; added = 1 } -Merge | Out-Null
            Set-VaultSecret "vault://$other/changed/extra" @{ a = 1 } | Out-Null
            Remove-VaultSecret "vault://$other/changed/web" -AllVersions -Confirm:$false | Out-Null
        }

        AfterAll { Close-TestSession $session }

        It 'writes nothing where all is equal, and proves it with -Quiet and -Summary' {
            Compare-SecretTree $source "vault://$other/same" -Exclude gone | Should -BeNullOrEmpty
            Compare-SecretTree $source "vault://$other/same" -Exclude gone -Quiet | Should -BeTrue
            $summary = Compare-SecretTree $source "vault://$other/same" -Exclude gone -Summary
            $summary.IsClean | Should -BeTrue
            $summary.Equal | Should -Be 3
        }

        It 'tells each difference by key, on the right side' {
            $rows = Compare-SecretTree $source "vault://$other/changed" -Exclude gone
            $rows | ForEach-Object { "$($_.SideIndicator) $($_.RelativePath)" } | Should -Be '<> billing/db', '=> extra', '<= web'
            $rows[0].ChangedKey | Should -Be user
            $rows[0].AddedKey | Should -Be added
            $rows[1].Uri | Should -Be "vault://default@$other/changed/extra"
            Compare-SecretTree $source "vault://$other/changed" -Exclude gone -Quiet | Should -BeFalse
        }

        It 'writes equal ones too on request' {
            (Compare-SecretTree $source "vault://$other/same" -Exclude gone -IncludeEqual).SideIndicator | Should -Be '==', '==', '=='
        }

        It 'finds nothing clean where nothing is' {
            Compare-SecretTree "vault://$kv/none" "vault://$other/none" -Quiet -ErrorAction Ignore | Should -BeFalse
        }

        It 'shows no value' {
            Compare-SecretTree $source "vault://$other/changed" | Format-List * -Force | Out-String | Should -Not -Match $canary
        }
    }
}
