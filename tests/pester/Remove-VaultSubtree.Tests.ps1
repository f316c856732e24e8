BeforeDiscovery {
    Import-Module $PSScriptRoot/TestServer.psm1
}

Describe 'Remove-VaultSubtree' {
    Context 'on <Name>' -ForEach (Get-TestServer) {
        BeforeAll {
            $session = Open-TestSession $_
            $kv, $other, $v1, $canary = $session.Kv, $session.Other, $session.V1, $session.Canary
            $ConfirmPreference = 'None'

            # A folder of two secrets, and a copy of it.
            function Initialize-Pair([string] $Name, [string] $Mount = $kv) {
                foreach ($leaf in 'a', 'f/b') { Set-VaultSecret "vault://$Mount/$Name/$leaf" @{ k = 1 } | Out-Null }
                Copy-VaultSubtree "vault://$Mount/$Name" "vault://$other/$Name" | Out-Null
            }
        }

        AfterAll { Close-TestSession $session }

        It 'removes what rows permit, at the compared version, and a later write stays' {
            Initialize-Pair rows
            $rows = Compare-SecretTree "vault://$kv/rows" "vault://$other/rows" -IncludeEqual
            Set-VaultSecret "vault://$kv/rows/a" @{ k = 2 } | Out-Null
            $results = $rows | Remove-VaultSubtree -MaxDelete 2
            $results | ForEach-Object { "$($_.Action) $($_.RelativePath) $($_.Version)" } | Should -Be 'Deleted a 1', 'Deleted f/b 1'
            $results[0].Reason | Should -Match 'Version 2 was written since'
            (Get-VaultSecret "vault://$kv/rows/a" -AsPlainText).k | Should -Be 2
            (Get-VaultSecret "vault://$kv/rows/f/b" -ErrorAction Ignore).State | Should -Be Deleted
            (Restore-VaultSecret "vault://$kv/rows/f/b").Action | Should -Be Restored
            (Get-VaultSubtree "vault://$other/rows").Count | Should -Be 2
        }

        It 'writes a log, and goes gently' {
            Initialize-Pair logged
            Set-VaultSecret "vault://$other/logged/a" @{ k = 9 } | Out-Null
            $log = Join-Path $TestDrive 'remove.log'
            Compare-SecretTree "vault://$kv/logged" "vault://$other/logged" -IncludeEqual |
                Remove-VaultSubtree -MaxDelete 9 -LogPath $log -RateLimit 200 -ErrorAction SilentlyContinue | Out-Null
            $lines = Get-Content $log | ForEach-Object { $_ | ConvertFrom-Json }
            $lines.kind | Sort-Object -Unique | Should -Be failure, progress, summary
            ($lines | Where-Object kind -eq failure).error | Should -Be SecretBridge.RemovalRefused
            $end = ($lines | Where-Object kind -eq progress)[-1]
            $end.phase | Should -Be removing
            $end.counts.deleted | Should -Be 1
            { Remove-VaultSubtree "vault://$kv/logged" -ComparedWith "vault://$other/logged" -RateLimit 0 } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*'
        }

        It 'with -WhatIf says what would go, and that -MaxDelete is needed' {
            Initialize-Pair plan
            $results = Compare-SecretTree "vault://$kv/plan" "vault://$other/plan" -IncludeEqual |
                Remove-VaultSubtree -WhatIf -WarningVariable warned -WarningAction SilentlyContinue
            $results.Planned | Should -Be $true, $true
            "$warned" | Should -Match 'Say -MaxDelete 2'
            (Get-VaultSecret "vault://$kv/plan/a").State | Should -Be Live
        }

        It 'warns where nothing was piped, such as by a comparison without -IncludeEqual' {
            Initialize-Pair none
            Compare-SecretTree "vault://$kv/none" "vault://$other/none" | Remove-VaultSubtree -MaxDelete 2 -WarningVariable warned -WarningAction SilentlyContinue | Should -BeNullOrEmpty
            "$warned" | Should -BeLike 'Nothing was piped*-IncludeEqual*'
        }

        It 'asks what to compare with where that is not said' {
            $script = "Import-Module '$(Get-TestModulePath)'; try { Remove-VaultSubtree vault://x/y -MaxDelete 2 } catch { `$_.FullyQualifiedErrorId; `$_.Exception.Message }"
            pwsh -NoProfile -NonInteractive -Command $script | Should -Be @(
                'MissingMandatoryParameter,SecretBridge.Commands.RemoveVaultSubtree'
                'Cannot process command because of one or more missing mandatory parameters: ComparedWith.')
        }

        It 'says what to do where nobody can be asked' -ForEach '-NonInteractive', '-NoLogo' {
            $script = "Import-Module '$(Get-TestModulePath)'; try { Remove-VaultSubtree vault://x/y vault://x/z -MaxDelete 2 } catch { `$_.FullyQualifiedErrorId; `$_.Exception.Message }"
            $said = $null | pwsh -NoProfile $_ -Command $script | Out-String
            $said | Should -BeLike '*SecretBridge.InvalidArgument,*Add -Confirm:$false*Nothing was changed.*'
        }

        It 'removes nothing past -MaxDelete, which must be said' {
            Initialize-Pair many
            $rows = Compare-SecretTree "vault://$kv/many" "vault://$other/many" -IncludeEqual
            { $rows | Remove-VaultSubtree } | Should -Throw -ErrorId 'SecretBridge.RemovalRefused,*' -ExpectedMessage '*2 secrets*allows 0*'
            { $rows | Remove-VaultSubtree -MaxDelete 1 } | Should -Throw -ErrorId 'SecretBridge.RemovalRefused,*'
            (Get-VaultSecret "vault://$kv/many/a").State | Should -Be Live
        }

        It 'refuses rows that are not equal, each by itself' {
            Initialize-Pair mixed
            Set-VaultSecret "vault://$other/mixed/a" @{ k = 9 } | Out-Null
            $results = Compare-SecretTree "vault://$kv/mixed" "vault://$other/mixed" -IncludeEqual |
                Remove-VaultSubtree -MaxDelete 9 -ErrorVariable problem -ErrorAction SilentlyContinue
            $results | ForEach-Object { "$($_.Action) $($_.RelativePath)" } | Should -Be 'Skipped a', 'Deleted f/b'
            $problem.FullyQualifiedErrorId | Should -Be 'SecretBridge.RemovalRefused,SecretBridge.Commands.RemoveVaultSubtree'
        }

        It 'removes nothing where an error, text or a row from elsewhere is piped' {
            Initialize-Pair odd
            $rows = @(Compare-SecretTree "vault://$kv/odd" "vault://$other/odd" -IncludeEqual)
            $errorRecord = Get-VaultSecret "vault://$kv/odd/none" 2>&1 | Where-Object { $_ -is [Management.Automation.ErrorRecord] }
            $stored = $rows[0] | ConvertTo-Json | ConvertFrom-Json
            foreach ($intruder in $errorRecord, 'text', $stored) {
                { $rows + $intruder | Remove-VaultSubtree -MaxDelete 9 -ErrorAction SilentlyContinue } | Should -Throw -ErrorId 'SecretBridge.RemovalRefused,*'
            }
            { $rows | Remove-VaultSubtree -Uri "vault://$kv/odd" -Force -MaxDelete 9 -ErrorAction SilentlyContinue -WarningAction Ignore } | Should -Throw
            $path = Join-Path $TestDrive rows.xml
            $rows | Export-Clixml $path
            foreach ($kept in $stored, (Import-Clixml $path)) {
                { $kept | Remove-VaultSubtree -Force -MaxDelete 9 -ErrorAction SilentlyContinue -WarningAction Ignore } | Should -Throw -ErrorId 'SecretBridge.RemovalRefused,*'
            }
            (Get-VaultSecret "vault://$kv/odd/a").State | Should -Be Live
        }

        It 'refuses rows of a comparison in part' {
            Initialize-Pair part
            Compare-SecretTree "vault://$kv/part" "vault://$other/part" -IncludeEqual -KeysOnly |
                Remove-VaultSubtree -MaxDelete 9 -ErrorAction SilentlyContinue | ForEach-Object Action | Should -Be Skipped, Skipped
            (Get-VaultSecret "vault://$kv/part/a").State | Should -Be Live
        }

        It 'compares by itself, and removes all or nothing' {
            Initialize-Pair all
            Set-VaultSecret "vault://$other/all/extra" @{ k = 1 } | Out-Null
            { Remove-VaultSubtree "vault://$kv/all" -ComparedWith "vault://$other/all" -MaxDelete 9 -ErrorAction SilentlyContinue } |
                Should -Throw -ErrorId 'SecretBridge.RemovalRefused,*'
            { Remove-VaultSubtree "vault://$kv/all" "vault://$kv/all" -MaxDelete 9 } | Should -Throw -ErrorId 'SecretBridge.RemovalRefused,*'
            $summary = Remove-VaultSubtree "vault://$kv/all" -ComparedWith "vault://$other/all" -Exclude extra -MaxDelete 9 -AllVersions -Summary
            $summary.Removed | Should -Be 2
            $summary.Succeeded | Should -BeTrue
            (Get-VaultSecret "vault://$kv/all/a", "vault://$kv/all/f/b" -ErrorAction Ignore).State | Should -Be Absent, Absent
        }

        It 'destroys for good on request' {
            Initialize-Pair destroy
            $results = Compare-SecretTree "vault://$kv/destroy" "vault://$other/destroy" -IncludeEqual | Remove-VaultSubtree -MaxDelete 2 -Destroy
            $results.Action | Should -Be Destroyed, Destroyed
            (Get-VaultSecret "vault://$kv/destroy/a" -ErrorAction Ignore).State | Should -Be Destroyed
            { $results | Remove-VaultSubtree -Destroy -AllVersions } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*'
        }

        It 'removes from a mount without versions only with -AllVersions' {
            Initialize-Pair plain $v1
            $rows = Compare-SecretTree "vault://$v1/plain" "vault://$other/plain" -IncludeEqual
            ($rows | Remove-VaultSubtree -MaxDelete 2 -ErrorVariable problem -ErrorAction SilentlyContinue).Action | Should -Be Failed, Failed
            $problem[0].FullyQualifiedErrorId | Should -Be 'SecretBridge.NotSupported,SecretBridge.Commands.RemoveVaultSubtree'
            Set-VaultSecret "vault://$v1/plain/a" @{ k = 2 } | Out-Null
            ($rows | Remove-VaultSubtree -MaxDelete 2 -AllVersions -ErrorAction SilentlyContinue).Action | Should -Be Skipped, Removed
            (Get-VaultSecret "vault://$v1/plain/a" -AsPlainText).k | Should -Be 2
        }

        It 'removes by force what nothing was compared with, and warns' {
            foreach ($leaf in 'a', 'b', 'keep/c') { Set-VaultSecret "vault://$kv/force/$leaf" @{ k = 1 } | Out-Null }
            { Remove-VaultSubtree "vault://$kv/force" -MaxDelete 9 } | Should -Throw
            $results = Remove-VaultSubtree "vault://$kv/force" -Force -Exclude 'keep/**' -MaxDelete 9 -WarningVariable warned -WarningAction SilentlyContinue
            $results | ForEach-Object { "$($_.Action) $($_.RelativePath)" } | Should -Be 'Deleted a', 'Deleted b'
            "$warned" | Should -Match 'nothing is compared'
            $results = Get-VaultSubtree "vault://$kv/force" -Include c | Remove-VaultSubtree -Force -MaxDelete 1 -WarningAction Ignore
            $results.RelativePath | Should -Be keep/c
            $results.Root | Should -Be "vault://default@$kv/force"
            $results = Remove-VaultSubtree "vault://$kv/force" -Force -MaxDelete 0 -WarningAction Ignore
            $results.Action | Should -Be Skipped, Skipped, Skipped
        }
    }
}
