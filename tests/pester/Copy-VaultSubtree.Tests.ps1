BeforeDiscovery {
    Import-Module $PSScriptRoot/TestServer.psm1
}

Describe 'Copy-VaultSubtree' {
    Context 'on <Name>' -ForEach (Get-TestServer) {
        BeforeAll {
            $session = Open-TestSession $_
            $kv, $other, $v1, $canary = $session.Kv, $session.Other, $session.V1, $session.Canary
            $script:source = "vault://$kv/apps"
        }

        AfterAll { Close-TestSession $session }

        It 'copies what a folder holds below another, and proves it' {
            $rows = Copy-VaultSubtree $source "vault://$other/all" -Verify
            $rows | Select-Object RelativePath, Action, Verified | ConvertTo-Csv | Select-Object -Skip 1 | Should -Be '"billing/api","Created","True"', '"billing/db","Created","True"', '"gone","Skipped",', '"web","Created","True"'
            Compare-SecretTree $source "vault://$other/all" -Exclude gone -Quiet | Should -BeTrue
            (Copy-VaultSubtree $source "vault://$other/all").Action | Should -Be Unchanged, Unchanged, Skipped, Unchanged
        }

        It 'copies what is piped, each to its place below the destination, and with -WhatIf nothing' {
            $rows = Get-VaultSubtree $source | Where-Object Path -like '*billing*' | Copy-VaultSubtree -DestinationUri "vault://$other/prod" -WhatIf
            $rows.Planned | Should -Be $true, $true
            $rows.Destination | Should -Be "vault://default@$other/prod/billing/api", "vault://default@$other/prod/billing/db"
            Get-VaultSubtree "vault://$other/prod" -ErrorAction Ignore | Where-Object { -not $_.Reason } | Should -BeNullOrEmpty
        }

        It 'copies what a comparison found missing to where it is missing' {
            Copy-VaultSubtree $source "vault://$other/partly" -Include 'billing/**' | Out-Null
            $rows = Compare-SecretTree $source "vault://$other/partly" | Where-Object SideIndicator -eq '<=' | Copy-VaultSubtree -DestinationUri "vault://$other/partly"
            $rows.Destination | Should -Be "vault://default@$other/partly/web"
            Compare-SecretTree $source "vault://$other/partly" -Exclude gone -Quiet | Should -BeTrue
        }

        It 'leads paths elsewhere, in the order of the map' {
            $map = [ordered]@{ 'billing/db' = 'database/billing'; 'billing/**' = 'services/billing/**'; '*' = 'other/*' }
            $rows = Copy-VaultSubtree $source "vault://$other/mapped" -Map $map -Exclude gone
            $rows.Destination | ForEach-Object { $_ -replace '.*mapped/' } | Should -Be services/billing/api, database/billing, other/web
            Compare-SecretTree $source "vault://$other/mapped" -Map $map -Exclude gone -Quiet | Should -BeTrue
            { Copy-VaultSubtree $source "vault://$other/clash" -Map @{ '**' = 'one' } -ErrorAction Stop } | Should -Throw -ErrorId 'SecretBridge.*'
        }

        It 'leads paths elsewhere by regular expressions, script blocks and files, and compares by the same map' {
            $map = [ordered]@{ 'regex:^billing/(.+)$' = 'by-regex/$1'; 'web' = { "by-script/$($_.ToUpperInvariant())" } }
            $rows = Copy-VaultSubtree $source "vault://$other/rules" -Map $map -Exclude gone
            $rows.Destination | ForEach-Object { $_ -replace '.*rules/' } | Should -Be by-regex/api, by-regex/db, by-script/WEB
            Compare-SecretTree $source "vault://$other/rules" -Map $map -Exclude gone -Quiet | Should -BeTrue

            $json = Join-Path $TestDrive map.json
            '{ "billing/**": "file/billing/**", // the rest stays', '"*": "file/*" }' | Set-Content $json
            $csv = Join-Path $TestDrive map.csv
            'source,destination', 'billing/**,file/billing/**', '*,file/*' | Set-Content $csv
            (Copy-VaultSubtree $source "vault://$other/files" -MapPath $json -Exclude gone).Action | Should -Be Created, Created, Created
            Compare-SecretTree $source "vault://$other/files" -MapPath $csv -Exclude gone -Quiet | Should -BeTrue
            '{ "a": 1 }' | Set-Content $json
            { Copy-VaultSubtree $source "vault://$other/files" -MapPath $json } | Should -Throw -ErrorId 'SecretBridge.InvalidConfiguration,*'
            { Copy-VaultSubtree $source "vault://$other/files" -Map @{ '**' = { throw 'no' } } } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*'
        }

        It 'leaves other content alone unless it is told to overwrite' {
            Set-VaultSecret "vault://$other/conflict/web" @{ key = 'mine' } | Out-Null
            $row = Copy-VaultSubtree $source "vault://$other/conflict" -Include web -ErrorVariable problem -ErrorAction SilentlyContinue
            $row.Action | Should -Be Conflict
            $problem.FullyQualifiedErrorId | Should -Be 'SecretBridge.DestinationExists,SecretBridge.Commands.CopyVaultSubtree'
            (Copy-VaultSubtree $source "vault://$other/conflict" -Include web -Conflict Skip).Action | Should -Be Skipped
            (Copy-VaultSubtree $source "vault://$other/conflict" -Include web -Conflict Overwrite).Action | Should -Be Updated
        }

        It 'makes a plan that is kept as JSON or CLIXML, and does what was reviewed, or nothing' {
            Set-VaultSecret "vault://$other/planned/web" @{ key = "$canary-mine" } | Out-Null
            $plan = Copy-VaultSubtree $source "vault://$other/planned" -Conflict Overwrite -Include web, 'billing/*' -AsPlan
            $plan.Items.RelativePath | Should -Be billing/api, billing/db, web
            $plan.Items.Action | Should -Be Created, Created, Updated
            (Get-VaultSubtree "vault://$other/planned").Name | Should -Be web
            $json = Join-Path $TestDrive plan.json
            $plan | ConvertTo-Json -Depth 5 | Set-Content $json
            $clixml = Join-Path $TestDrive plan.xml
            $plan | Export-Clixml $clixml -Depth 5
            Get-Content $json, $clixml -Raw | Should -Not -Match $canary
            foreach ($form in $plan, $json, (Get-Item $json), (Get-Content $json -Raw | ConvertFrom-Json), (Import-Clixml $clixml)) {
                (Copy-VaultSubtree -Plan $form -WhatIf).RelativePath | Should -Be billing/api, billing/db, web
            }

            $rows = Copy-VaultSubtree -Plan $json -Verify
            $rows | Select-Object RelativePath, Action, Verified | ConvertTo-Csv | Select-Object -Skip 1 | Should -Be '"billing/api","Created","True"', '"billing/db","Created","True"', '"web","Updated","True"'
            { Copy-VaultSubtree -Plan $json } | Should -Throw -ErrorId 'SecretBridge.PlanOutdated,*'
            { Copy-VaultSubtree -Plan @{ nothing = 'of it' } } | Should -Throw -ErrorId 'SecretBridge.InvalidConfiguration,*'
            { Copy-VaultSubtree -Plan (Join-Path $TestDrive absent.json) } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*'
        }

        It 'goes on with a journal where a run ended, and refuses the journal of another' {
            $journal = Join-Path $TestDrive journal.jsonl
            Copy-VaultSubtree $source "vault://$other/resumed" -JournalPath $journal | Select-Object -First 1 | Out-Null
            { Copy-VaultSubtree $source "vault://$other/resumed" -JournalPath $journal } | Should -Throw -ErrorId 'SecretBridge.JournalInvalid,*'
            { Copy-VaultSubtree $source "vault://$other/elsewhere" -JournalPath $journal -Resume } | Should -Throw -ErrorId 'SecretBridge.JournalInvalid,*'
            $summary = Copy-VaultSubtree $source "vault://$other/resumed" -JournalPath $journal -Resume -Summary
            $summary.Resumed | Should -BeGreaterThan 0
            $summary.Created + $summary.Unchanged | Should -Be 3
            $again = Copy-VaultSubtree $source "vault://$other/resumed" -JournalPath $journal -Resume -Summary
            $again.Resumed | Should -Be $again.Total
            Compare-SecretTree $source "vault://$other/resumed" -Exclude gone -Quiet | Should -BeTrue
            Get-Content $journal -Raw | Should -Not -Match $canary
            if (-not $IsWindows) { [int] [IO.File]::GetUnixFileMode($journal) | Should -Be 384 }
        }

        It 'copies in shards what one run copies, and writes a log without values' {
            $log = Join-Path $TestDrive run.jsonl
            $parts = foreach ($number in 1..3) { Copy-VaultSubtree $source "vault://$other/parts" -Shard "$number/3" -Summary -LogPath $log -RateLimit 500 }
            ($parts | Measure-Object Created -Sum).Sum | Should -Be 3
            ($parts | Merge-TreeSummary).Created | Should -Be 3
            Compare-SecretTree $source "vault://$other/parts" -Exclude gone -Quiet | Should -BeTrue
            { Copy-VaultSubtree $source "vault://$other/parts" -Shard 4/3 } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*'
            { Copy-VaultSubtree $source "vault://$other/parts" -Shard 1/3 -Mirror -MaxDelete 1 } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*'
            { Copy-VaultSubtree $source "vault://$other/parts" -AsPlan -Mirror } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*' -ExpectedMessage '*-Mirror -WhatIf*'
            $plan = Copy-VaultSubtree $source "vault://$other/planned-parts" -AsPlan
            { Copy-VaultSubtree -Plan $plan -Mirror } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*' -ExpectedMessage '*Plan without -Mirror*'
            $json = $plan | ConvertTo-Json -Depth 5 -EnumsAsStrings
            $json | Should -Match '"Action": "Created"'
            $planned = foreach ($number in 1, 2) { Copy-VaultSubtree -Plan ($json | ConvertFrom-Json) -Shard "$number/2" -Summary }
            ($planned | Merge-TreeSummary).Created | Should -Be ($plan.Items | Where-Object Action -eq Created).Count
            Set-VaultSecret "vault://$other/parts/web" @{ key = "$canary-mine" } | Out-Null
            Copy-VaultSubtree $source "vault://$other/parts" -LogPath $log -ErrorAction SilentlyContinue | Out-Null
            $lines = Get-Content $log | ConvertFrom-Json
            $lines.kind | Sort-Object -Unique | Should -Be failure, progress, summary
            ($lines | Where-Object kind -eq failure).error | Should -Be SecretBridge.DestinationExists
            ($lines | Where-Object completed)[-1].counts.unchanged | Should -Be 2
            Copy-VaultSubtree $source "vault://$other/cut" -LogPath $log | Select-Object -First 1 | Out-Null
            $last = Get-Content $log | Select-Object -Last 1 | ConvertFrom-Json
            $last.kind, $last.message | Should -Be stopped, 'It was stopped before its end.'
            $last.counts.created | Should -BeGreaterThan 0
            Get-Content $log -Raw | Should -Not -Match $canary
        }

        It 'copies to KV v1, and says in one summary what it did' {
            $summary = Copy-VaultSubtree $source "vault://$v1/apps" -Summary
            $summary.Created | Should -Be 3
            $summary.Skipped | Should -Be 1
            $summary.Succeeded | Should -BeTrue
        }

        It 'carries a history with its numbers and gaps, and a second run writes nothing' {
            foreach ($i in 1..4) { Set-VaultSecret "vault://$kv/history/a" @{ key = "$canary-$i" } | Out-Null }
            Remove-VaultSecret "vault://$kv/history/a" -Version 2 -Confirm:$false | Out-Null
            Remove-VaultSecret "vault://$kv/history/a" -Version 3 -Destroy -Confirm:$false | Out-Null
            $copy = @{ SourceUri = "vault://$kv/history"; DestinationUri = "vault://$other/history"; Version = 'All'; KeepVersionNumber = $true; DeletedVersion = 'Preserve' }
            $row = Copy-VaultSubtree @copy -Verify -WarningVariable warned -WarningAction SilentlyContinue
            $row.Action, $row.VersionsCopied, $row.DestinationVersion, $row.Verified | Should -Be Created, 2, 4, $true
            $row.Lossy | Should -Be DeletedValue, CreatedTime
            "$warned" | Should -Match 'DeletedValue: of 1 secrets'
            "$row $($row | ConvertTo-Json -Depth 5) $warned" | Should -Not -Match $canary
            (Get-VaultSecret "vault://$other/history/a?version=1" -AsPlainText).key | Should -Be "$canary-1"
            (Get-VaultSubtree "vault://$other/history" -Detailed).VersionCount | Should -Be 4
            (Get-VaultSecret "vault://$other/history/a" -Version 2 -ErrorAction Ignore).State | Should -Be Deleted
            (Get-VaultSecret "vault://$other/history/a" -Version 3 -ErrorAction Ignore).State | Should -Be Destroyed
            (Copy-VaultSubtree @copy).Action | Should -Be Unchanged
        }

        It 'carries one version by its number, and fails what is deleted where that is asked for' {
            (Copy-VaultSubtree "vault://$kv/history" "vault://$other/first-version" -Version 1).SourceVersion | Should -Be 1
            (Copy-VaultSubtree $source "vault://$other/strict" -Include gone -DeletedVersion Fail -ErrorAction SilentlyContinue -ErrorVariable problem).Action | Should -Be Failed
            $problem.FullyQualifiedErrorId | Should -Be 'SecretBridge.SecretDeleted,SecretBridge.Commands.CopyVaultSubtree'
            { Copy-VaultSubtree $source "vault://$other/strict" -Version newest } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*'
            { Copy-VaultSubtree $source "vault://$other/strict" -KeepVersionNumber } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*'
        }

        It 'unites keys, names those in conflict, and lets the newer side win' {
            Set-VaultSecret "vault://$other/merge/web" @{ mine = 'x' } | Out-Null
            (Copy-VaultSubtree $source "vault://$other/merge" -Include web -Conflict Merge).Action | Should -Be Updated
            (Get-VaultSecret "vault://$other/merge/web" -AsPlainText).Keys | Sort-Object | Should -Be key, mine
            Set-VaultSecret "vault://$other/merge/web" @{ key = 'theirs' } | Out-Null
            $row = Copy-VaultSubtree $source "vault://$other/merge" -Include web -Conflict Merge -ErrorAction SilentlyContinue
            $row.Action, $row.ConflictKey | Should -Be Conflict, key
            (Copy-VaultSubtree $source "vault://$other/merge" -Include web -Conflict NewerWins).Action | Should -Be Skipped
            { Copy-VaultSubtree $source "vault://$v1/newer" -Conflict NewerWins } | Should -Throw -ErrorId 'SecretBridge.NotSupported,*'
        }

        It 'records where secrets came from, or says that the server keeps no custom metadata' {
            $rows = Copy-VaultSubtree $source "vault://$other/recorded" -Include 'billing/**' -IncludeMetadata -RecordSource -Tag @{ wave = 3 } -Description moved -Verify -WarningVariable warned -WarningAction SilentlyContinue
            $rows.Action | Should -Be Created, Created
            $custom = (Get-VaultSubtree "vault://$other/recorded" -Detailed).CustomMetadata
            if ($rows[0].Lossy) {
                $rows[0].Lossy | Should -Be CustomMetadata
                "$warned" | Should -Match 'CustomMetadata: of 2 secrets'
            }
            else {
                $custom[0].wave, $custom[0].description, $custom[0].'secretbridge.path' | Should -Be '3', 'moved', "$kv/apps/billing/api"
            }
            { Copy-VaultSubtree $source "vault://$other/recorded" -Tag @{ wave = $null } } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*'
        }

        It 'warns once of what KV v1 cannot hold, before it copies' {
            Copy-VaultSubtree $source "vault://$v1/warned" -Exclude gone -WarningVariable warned -WarningAction SilentlyContinue | Out-Null
            $warned.Count | Should -Be 1
            "$warned" | Should -Match 'keeps no versions'
        }

        It 'copies between two connections' {
            Connect-TestBackend $_ -Name far | Out-Null
            $near, $far = Get-VaultBackend default, far
            $rows = Copy-VaultSubtree $source "vault://$other/far" -SourceBackend $near -DestinationBackend far -Exclude gone
            $rows.Destination | Should -BeLike 'vault://far@*'
            (Copy-VaultSubtree "vault://default@$kv/apps" "vault://far@$other/far" -Exclude gone).Action | Should -Be Unchanged, Unchanged, Unchanged
            $far | Disconnect-VaultBackend
            Connect-TestBackend $_ | Out-Null
        }

        It 'refuses a destination inside the source' {
            { Copy-VaultSubtree $source "$source/copy" } | Should -Throw -ErrorId 'SecretBridge.Overlap,*'
        }

        It 'ends when no more is wanted' {
            $rows = Copy-VaultSubtree $source "vault://$other/first" -Exclude gone | Select-Object -First 1
            @($rows).Count | Should -Be 1
            (Get-VaultSubtree "vault://$other/first").Count | Should -BeGreaterThan 0
        }

        It 'mirrors: deletes what the source lacks, under -MaxDelete, so that it can be restored' {
            Set-VaultSecret "vault://$other/mirror/web" @{ key = "$canary-web" } | Out-Null
            Set-VaultSecret "vault://$other/mirror/extra" @{ k = 1 } | Out-Null
            { Copy-VaultSubtree "vault://$kv/apps" "vault://$other/mirror" -Mirror } | Should -Throw -ErrorId 'SecretBridge.RemovalRefused,*'
            $plan = Copy-VaultSubtree "vault://$kv/apps" "vault://$other/mirror" -Mirror -WhatIf -WarningAction SilentlyContinue
            $plan | Where-Object Planned | ForEach-Object { "$($_.Action) $($_.RelativePath)" } | Select-Object -Last 1 | Should -Be 'Deleted extra'
            $rows = Copy-VaultSubtree "vault://$kv/apps" "vault://$other/mirror" -Mirror -MaxDelete 1
            ($rows | Where-Object Action -EQ Deleted).Destination | Should -Be "vault://default@$other/mirror/extra"
            (Restore-VaultSecret "vault://$other/mirror/extra").Action | Should -Be Restored
            { Copy-VaultSubtree "vault://$kv/apps" "vault://$v1/mirror" -Mirror } | Should -Throw -ErrorId 'SecretBridge.NotSupported,*'
        }

        It 'copies into ScaiVault and back, reads before it writes, and says where from' {
            $scaiVault = Get-TestScaiVault
            $null = Connect-ScaiVaultBackend $scaiVault.Address -Token (ConvertTo-TestSecureString $scaiVault.Token) -Name target
            try {
                $rows = Copy-VaultSubtree "vault://$kv/apps" scaivault://prod -Verify -WarningVariable warned -WarningAction SilentlyContinue
                ($rows | Where-Object Action -EQ Created).Count | Should -Be 3
                $rows[-1].Guard | Should -Be ReadThenWrite
                "$warned" | Should -Match 'takes one version'
                $stored = (Invoke-ScaiVaultControl $scaiVault).secrets.'prod/billing/db'
                $stored.data.password, $stored.tags, $stored.max_versions | Should -Be $canary, 'migrated-from-vault', 10
                $stored.description | Should -Be "Migrated from vault: vault://default@$kv/apps/billing/db"
                (Copy-VaultSubtree "vault://$kv/apps" scaivault://prod -Summary -WarningAction SilentlyContinue).Unchanged | Should -Be 3
                Copy-VaultSubtree "vault://$kv/apps" scaivault://prod -Conflict Overwrite -MaxVersion 4 -Tag @{ team = 'a' } -WhatIf -WarningAction SilentlyContinue | Out-Null
                (Invoke-ScaiVaultControl $scaiVault).secrets.'prod/billing/db'.versions | Should -Be 1
                (Copy-VaultSubtree scaivault://prod/billing/db "vault://$other/back" -Verify).Verified | Should -BeTrue
                $plan = Copy-VaultSubtree scaivault://prod/web "vault://$other/scai-planned" -AsPlan
                (Copy-VaultSubtree -Plan $plan).Action | Should -Be Created
                ($rows | ForEach-Object Destination | Where-Object { $_ } | Copy-VaultSubtree -DestinationUri "vault://$other/piped" -ErrorAction SilentlyContinue | Where-Object Action -EQ Created).Count | Should -Be 3
                { Copy-VaultSubtree scaivault://prod/ "vault://$other/no" -ErrorAction Stop } | Should -Throw -ErrorId 'SecretBridge.NotSupported,*'
                { Copy-VaultSubtree "vault://$kv/apps" scaivault://prod -Mirror -MaxDelete 9 } | Should -Throw -ErrorId 'SecretBridge.NotSupported,*'
                (Invoke-ScaiVaultControl $scaiVault).undocumented | Should -BeNullOrEmpty
            }
            finally { Get-ScaiVaultBackend | Disconnect-ScaiVaultBackend }
        }
    }
}
