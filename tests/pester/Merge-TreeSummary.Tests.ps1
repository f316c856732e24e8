BeforeDiscovery {
    Import-Module $PSScriptRoot/TestServer.psm1
}

Describe 'Merge-TreeSummary' {
    Context 'on <Name>' -ForEach (Get-TestServer) {
        BeforeAll {
            $session = Open-TestSession $_
            $kv, $other = $session.Kv, $session.Other
            $script:copies = foreach ($number in 1..4) { Copy-VaultSubtree "vault://$kv/apps" "vault://$other" -Shard "$number/4" -Exclude gone -Summary }
            $script:comparisons = foreach ($number in 1..4) { Compare-SecretTree "vault://$kv/apps" "vault://$other" -Shard "$number/4" -Exclude gone -Summary }
        }

        AfterAll { Close-TestSession $session }

        It 'adds up all shards of a copy and of a comparison' {
            $sum = $copies | Merge-TreeSummary
            $sum.Created | Should -Be 3
            $sum.Shard | Should -BeNullOrEmpty
            $sum.Succeeded | Should -BeTrue
            (Merge-TreeSummary $comparisons).IsClean | Should -BeTrue
            (Merge-TreeSummary $comparisons).Equal | Should -Be 3
        }

        It 'takes summaries that other jobs kept as JSON or CLIXML' {
            $file = Join-Path $TestDrive part
            ($copies | ConvertTo-Json | ConvertFrom-Json | Merge-TreeSummary).Created | Should -Be 3
            $comparisons | Export-Clixml $file
            $sum = Import-Clixml $file | Merge-TreeSummary
            $sum.IsClean | Should -BeTrue
            $sum.Duration | Should -Be ($comparisons.Duration | Measure-Object -Maximum).Maximum
        }

        It 'says nothing of a whole of which a shard is missing, is there twice, or is something else' {
            { $comparisons | Select-Object -Skip 1 | Merge-TreeSummary } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*'
            { $comparisons + $comparisons[0] | Merge-TreeSummary } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*'
            { $copies + $comparisons | Merge-TreeSummary } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*'
            { [pscustomobject]@{ Created = 1 } | Merge-TreeSummary } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*'
        }
    }
}
