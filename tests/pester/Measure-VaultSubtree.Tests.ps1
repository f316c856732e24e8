BeforeDiscovery {
    Import-Module $PSScriptRoot/TestServer.psm1
}

Describe 'Measure-VaultSubtree' {
    Context 'on <Name>' -ForEach (Get-TestServer) {
        BeforeAll {
            $session = Open-TestSession $_
            $kv, $other, $v1, $canary = $session.Kv, $session.Other, $session.V1, $session.Canary
            foreach ($attempt in 1..8) { $null = Invoke-TestRequest $_ POST "$kv/data/apps/web" @{ data = @{ key = "$canary-$attempt" } } }
        }

        AfterAll { Close-TestSession $session }

        It 'is one row for a root, of plain numbers and times' {
            $row = Measure-VaultSubtree "vault://$kv/apps"
            $row.Uri | Should -Be "vault://default@$kv/apps"
            $row.Secrets, $row.Folders, $row.Versions, $row.DeletedLatest, $row.DeletedVersions | Should -Be 4, 1, 12, 1, 1
            $row.SecretsByDepth | Should -Be 2, 2
            $row.NeverUpdated | Should -Be 3
            $row.NearMaxVersions | Should -Be 1
            $row.OldestChange | Should -BeOfType DateTimeOffset
            $row.NewestChange | Should -BeGreaterOrEqual $row.OldestChange
            $row.TotalBytes | Should -BeNullOrEmpty
            $row.IsComplete | Should -BeTrue
        }

        It 'gives rows of folders that Sort-Object, Measure-Object and Group-Object take' {
            $rows = Measure-VaultSubtree "vault://$kv" -Depth 2
            $rows.RelativePath | Should -Be 'apps/billing/', 'apps/', ''
            ($rows | Sort-Object Secrets, Level)[0].RelativePath | Should -Be apps/billing/
            $rows = Measure-VaultSubtree "vault://$kv" -ByFolder
            $rows.RelativePath | Should -Be 'apps/billing/', 'apps/', ''
            ($rows | Measure-Object Secrets -Sum).Sum | Should -Be 4
            ($rows | Group-Object IsComplete).Name | Should -Be 'True'
            { Measure-VaultSubtree "vault://$kv" -ByFolder -Depth 1 } | Should -Throw
        }

        It 'reads sizes with -IncludeSize alone, and shows no value' {
            $row = Measure-VaultSubtree "vault://$kv/apps" -IncludeSize -LargeBytes 50
            $row.LargestSecret | Should -Be "vault://default@$kv/apps/billing/db"
            $row.Large | Should -Be 1
            $row.TotalBytes | Should -BeGreaterThan $row.LargestBytes
            ($row | Format-List * | Out-String) + ($row | ConvertTo-Json -Depth 5) | Should -Not -Match $canary
        }

        It 'counts names alone, and KV version 1, where nothing else is known' {
            (Measure-VaultSubtree "vault://$kv" -NamesOnly).Versions | Should -BeNullOrEmpty
            Set-VaultSecret "vault://$v1/one/two" @{ a = 1 } | Out-Null
            $row = Measure-VaultSubtree "vault://$v1" -IncludeSize
            $row.Secrets, $row.Folders, $row.TotalBytes | Should -Be 1, 1, 7
            $row.Versions | Should -BeNullOrEmpty
            $row.OldestChange | Should -BeNullOrEmpty
        }

        It 'takes mounts, rows of a walk and its own rows from the pipeline' {
            (Get-VaultMount $kv, $v1 | Measure-VaultSubtree -NamesOnly).Uri | Should -Be "vault://default@$kv", "vault://default@$v1"
            $row = Get-VaultSubtree "vault://$kv/apps" -Exclude gone | Measure-VaultSubtree
            $row.Uri | Should -Be "vault://default@$kv/apps"
            $row.Secrets | Should -Be 3
            $rows = Measure-VaultSubtree "vault://$kv" -Depth 2 | Where-Object Level -eq 2 | Measure-VaultSubtree
            $rows.Uri | Should -Be "vault://default@$kv/apps/billing"
            $rows.Secrets | Should -Be 2
        }

        It 'counts a snapshot as the tree that it was made of' {
            $open = @{ SnapshotPath = Join-Path $TestDrive "$kv.snapshot"; SnapshotPassphrase = ConvertTo-TestSecureString 'canary-snapshot-pass' }
            $null = Export-SecretSnapshot "vault://$kv/apps" $open.SnapshotPath -Passphrase $open.SnapshotPassphrase
            $tree = Measure-VaultSubtree "vault://$kv/apps" -IncludeSize
            $row = Measure-VaultSubtree snapshot:// @open -IncludeSize
            $row.Uri, $row.IsComplete | Should -Be 'snapshot://', $true
            foreach ($figure in 'Secrets', 'Folders', 'Versions', 'DeletedLatest', 'NeverUpdated', 'NearMaxVersions', 'TotalBytes') { $row.$figure | Should -Be $tree.$figure }
            (Measure-VaultSubtree "vault://$kv/apps/billing", snapshot://billing @open).Secrets | Should -Be 2, 2
            { Measure-VaultSubtree snapshot:// -ErrorAction Stop } | Should -Throw -ErrorId 'SecretBridge.SealedStoreLocked,*'
            { Measure-VaultSubtree snapshot:// -SnapshotPassphrase $open.SnapshotPassphrase } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*' -ExpectedMessage '*-SnapshotPath*'
            { Measure-VaultSubtree snapshot:// -SnapshotPath $open.SnapshotPath -SnapshotPassphrase (ConvertTo-TestSecureString 'wrong') } | Should -Throw -ErrorId 'SecretBridge.WrongPassphrase,*'
        }

        It 'shows whole paths in 80 columns' {
            $table = Measure-VaultSubtree "vault://$kv" -ByFolder | Out-String -Width 80
            $table | Should -Match 'Bytes\s+Newest\s+Whole\s+RelativePath'
            $table | Should -Match '(?m)yes\s+apps/billing/\s*$'
        }

        It 'says what it could not read, in the row and as an error' {
            $policy = "path `"$kv/metadata/apps/`" { capabilities = [`"list`"] }`npath `"$kv/metadata/apps/web`" { capabilities = [`"read`"] }"
            Invoke-TestRequest $_ PUT "sys/policies/acl/$kv" @{ policy = $policy }
            $token = (Invoke-TestRequest $_ POST auth/token/create @{ policies = @($kv) }).auth.client_token
            $backend = Connect-VaultBackend $_.Address -Token (ConvertTo-TestSecureString $token) -Name narrow
            $row = Measure-VaultSubtree "vault://$kv/apps" -Backend $backend -ErrorVariable problem -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
            $row.IsComplete | Should -BeFalse
            $row.Secrets, $row.Unreadable, $row.Versions | Should -Be 2, 2, 9
            $problem.Count | Should -Be 1
            $problem[0].FullyQualifiedErrorId | Should -Be 'SecretBridge.PermissionDenied,SecretBridge.Commands.MeasureVaultSubtree'
            $problem[0].TargetObject | Should -Be "vault://narrow@$kv/apps"
            Disconnect-VaultBackend narrow
            Connect-TestBackend $_ | Out-Null
            Invoke-TestRequest $_ DELETE "sys/policies/acl/$kv"
        }
    }
}
