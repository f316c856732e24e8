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

        It 'shows the copy and the removal in one table' {
            $table = Move-VaultSubtree "vault://$kv/apps" "vault://$other/moved" -WhatIf -WarningAction SilentlyContinue | Out-String -Width 80
            $table | Should -Match '(?m)^Created +plan +web'
            $table | Should -Match '(?m)^Deleted +plan +\d+ web'
            $table | Should -Not -Match ' : '
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

        It 'moves whole histories and metadata, proves both, and tells what it does in a log' {
            1..3 | ForEach-Object { Set-VaultSecret "vault://$kv/history/a" @{ k = $_ } | Out-Null }
            $null = Invoke-TestRequest $session.Server POST "$kv/metadata/history/a" @{ max_versions = 7 }
            $log = Join-Path $TestDrive 'move.log'
            $summaries = Move-VaultSubtree "vault://$kv/history" "vault://$other/history" -Version All -KeepVersionNumber -DeletedVersion Preserve -IncludeMetadata -MaxDelete 1 -LogPath $log -RateLimit 500 -Summary
            $summaries[0].VersionsCopied | Should -Be 3
            $summaries[1].Deleted | Should -Be 1
            1..3 | ForEach-Object { (Get-VaultSecret "vault://$other/history/a" -Version $_ -AsPlainText).k | Should -Be $_ }
            (Invoke-TestRequest $session.Server GET "$other/metadata/history/a").data.max_versions | Should -Be 7
            $lines = Get-Content $log | ForEach-Object { $_ | ConvertFrom-Json }
            ($lines | Where-Object kind -eq progress).phase | Should -Contain removing
            @($lines | Where-Object kind -eq summary).Count | Should -Be 2
            if (-not $IsWindows) { (Get-Item $log).UnixMode | Should -Be '-rw-------' }
        }

        It 'lets a loss go only where -AllowLoss names it' {
            1..2 | ForEach-Object { Set-VaultSecret "vault://$kv/lossy/a" @{ k = $_ } | Out-Null }
            $null = Invoke-TestRequest $session.Server POST "$other/metadata/lossy/a" @{ max_versions = 1 }
            { Move-VaultSubtree "vault://$kv/lossy" "vault://$other/lossy" -Version All -MaxDelete 1 } |
                Should -Throw -ErrorId 'SecretBridge.RemovalRefused,*' -ExpectedMessage '*-AllowLoss History,VersionNumber*'
            $again = Move-VaultSubtree "vault://$kv/lossy" "vault://$other/lossy" -Version All -MaxDelete 1 -ErrorAction SilentlyContinue
            $again[-1].Action | Should -Be Skipped
            (Get-VaultSecret "vault://$kv/lossy/a").State | Should -Be Live
            $last = Move-VaultSubtree "vault://$kv/lossy" "vault://$other/lossy" -Version All -MaxDelete 1 -AllowLoss History, VersionNumber
            $last[-1].Action | Should -Be Deleted
        }

        It 'goes on with a journal where it was stopped before the removal' {
            1..3 | ForEach-Object { Set-VaultSecret "vault://$kv/stopped/$_" @{ k = $_ } | Out-Null }
            $journal = Join-Path $TestDrive 'move.journal'
            { Move-VaultSubtree "vault://$kv/stopped" "vault://$other/stopped" -MaxDelete 2 -JournalPath $journal -Resume } | Should -Throw -ErrorId 'SecretBridge.RemovalRefused,*'
            $summaries = Move-VaultSubtree "vault://$kv/stopped" "vault://$other/stopped" -MaxDelete 3 -JournalPath $journal -Resume -Summary
            $summaries[0].Resumed | Should -Be 3
            $summaries[1].Deleted | Should -Be 3
            $again = Move-VaultSubtree "vault://$kv/stopped" "vault://$other/stopped" -MaxDelete 3 -JournalPath $journal -Resume -Summary
            $again[1].Skipped | Should -Be 3
            Get-Content $journal -Raw | Should -Not -Match $canary
        }

        It 'moves a shard, and tags what it moves' {
            1..6 | ForEach-Object { Set-VaultSecret "vault://$kv/parts/$_" @{ k = $_ } | Out-Null }
            $gone = foreach ($number in 1, 2) {
                Move-VaultSubtree "vault://$kv/parts" "vault://$other/parts" -Shard "$number/2" -MaxDelete 6 -Map @{ '**' = 'in/**' } | Where-Object Action -eq Deleted
            }
            $gone.Count | Should -Be 6
            (Get-VaultSubtree "vault://$other/parts/in").Count | Should -Be 6
        }

        It 'refuses what could lose something' {
            { Move-VaultSubtree "vault://$kv/apps" "vault://$other/x" -Conflict Merge } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*'
            { Move-VaultSubtree "vault://$kv/apps" "vault://$other/x" -Version 2 } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*'
            { Move-VaultSubtree "vault://$kv/apps" "vault://$other/x" -DeletedVersion Preserve -Conflict Overwrite } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*'
            1..2 | ForEach-Object { Set-VaultSecret "vault://$kv/early/a" @{ k = $_ } | Out-Null }
            $rows = Move-VaultSubtree "vault://$kv/early" "vault://$other/early" -MaxDelete 1 -Destroy -ErrorAction SilentlyContinue
            $rows[-1].Action | Should -Be Skipped
            $rows[-1].Reason | Should -Match '1 earlier versions would end for good'
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
