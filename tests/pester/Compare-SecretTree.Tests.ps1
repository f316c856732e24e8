BeforeDiscovery {
    Import-Module $PSScriptRoot/TestServer.psm1
}

Describe 'Compare-SecretTree' {
    Context 'on <Name>' -ForEach (Get-TestServer) {
        BeforeAll {
            $session = Open-TestSession $_
            $kv, $other, $v1, $canary = $session.Kv, $session.Other, $session.V1, $session.Canary
            $script:source = "vault://$kv/apps"
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

        It 'tells histories that differ by version, and stays positive proof' {
            1..2 | ForEach-Object { Set-VaultSecret "vault://$kv/history/a" @{ k = $_ } | Out-Null }
            Set-VaultSecret "vault://$other/history/a" @{ k = 2 } | Out-Null
            $sides = "vault://$kv/history", "vault://$other/history"
            Compare-SecretTree @sides -Quiet | Should -BeTrue
            Compare-SecretTree @sides -IncludeVersion -Quiet | Should -BeFalse
            $row = Compare-SecretTree @sides -IncludeVersion
            $row.ChangedVersion | Should -Be 1, 2
            $row.Note | Should -Match 'keeps 2 versions.*1'
            $row | Out-String | Should -Match 'version 1'
        }

        It 'tells metadata that differs by name' {
            Set-VaultSecret "vault://$kv/meta/a" @{ k = 1 } | Out-Null
            Set-VaultSecret "vault://$other/meta/a" @{ k = 1 } | Out-Null
            $sides = "vault://$kv/meta", "vault://$other/meta"
            Compare-SecretTree @sides -IncludeMetadata -Quiet | Should -BeTrue
            $null = Invoke-TestRequest $session.Server POST "$kv/metadata/meta/a" @{ max_versions = 3; cas_required = $true }
            (Compare-SecretTree @sides -IncludeMetadata).ChangedMetadata | Should -Be cas_required, max_versions
            (Compare-SecretTree @sides -IncludeMetadata -Summary).IsClean | Should -BeFalse
            Compare-SecretTree @sides -Quiet | Should -BeTrue
        }

        It 'compares keys alone, and leaves keys out' {
            Set-VaultSecret "vault://$kv/shape/a" @{ k = 1; seen_at = 'x' } | Out-Null
            Set-VaultSecret "vault://$other/shape/a" @{ k = 2 } | Out-Null
            $sides = "vault://$kv/shape", "vault://$other/shape"
            (Compare-SecretTree @sides -KeysOnly).RemovedKey | Should -Be seen_at
            (Compare-SecretTree @sides -ExcludeKey 'seen_*').ChangedKey | Should -Be k
            Compare-SecretTree @sides -KeysOnly -ExcludeKey 'seen_*' -Quiet | Should -BeTrue
        }

        It 'shows no value' {
            Compare-SecretTree $source "vault://$other/changed" | Format-List * -Force | Out-String | Should -Not -Match $canary
        }

        It 'compares with ScaiVault by the names of the other side, and always says what that is' {
            $scaiVault = Get-TestScaiVault
            $null = Connect-ScaiVaultBackend $scaiVault.Address -Token (ConvertTo-TestSecureString $scaiVault.Token) -Name target
            try {
                $map = [ordered]@{ 'billing/**' = 'money/**'; web = 'site' }
                $sides = @{ ReferenceUri = "vault://$kv/apps"; DifferenceUri = 'scaivault://prod'; Map = $map; Exclude = 'gone'; WarningAction = 'SilentlyContinue' }
                Copy-VaultSubtree "vault://$kv/apps" scaivault://prod -Map $map -WarningAction SilentlyContinue | Out-Null
                $row = Compare-SecretTree @sides -WarningVariable warned
                $row.SideIndicator, $row.Uri | Should -Be OneSided, 'scaivault://target@prod/'
                $warned.Count | Should -Be 1
                Compare-SecretTree @sides -Quiet | Should -BeFalse
                Compare-SecretTree @sides -Quiet -OneWay | Should -BeTrue
                $summary = Compare-SecretTree @sides -Summary
                $summary.Equal, $summary.OneSided, $summary.OneWay, $summary.IsClean | Should -Be 3, $true, $false, $false
                ($summary | ConvertTo-Json | ConvertFrom-Json | Merge-TreeSummary).OneSided | Should -BeTrue
                $row | Out-String -Width 120 | Should -Match OneSided
                Set-VaultSecret scaivault://prod/site @{ key = 'other' } | Out-Null
                (Compare-SecretTree @sides -OneWay | Where-Object SideIndicator -EQ '<>').DifferenceUri | Should -Be 'scaivault://target@prod/site'
                Compare-SecretTree @sides -OneWay -Quiet | Should -BeFalse
                $turned = Compare-SecretTree scaivault://prod "vault://$kv/apps" -Map ([ordered]@{ 'money/**' = 'billing/**' }) -Exclude gone -WarningAction SilentlyContinue
                $turned.SideIndicator | Should -Be '=>', OneSided
                (Invoke-ScaiVaultControl $scaiVault).undocumented | Should -BeNullOrEmpty
            }
            finally { Get-ScaiVaultBackend | Disconnect-ScaiVaultBackend }
        }
    }
}
