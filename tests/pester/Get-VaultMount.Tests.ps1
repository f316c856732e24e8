BeforeDiscovery {
    Import-Module $PSScriptRoot/TestServer.psm1
}

Describe 'Get-VaultMount' {
    Context 'on <Name>' -ForEach (Get-TestServer) {
        BeforeAll {
            $session = Open-TestSession $_
            $kv, $other, $v1, $canary = $session.Kv, $session.Other, $session.V1, $session.Canary
        }

        AfterAll { Close-TestSession $session }

        It 'tells type and KV version of each mount' {
            $mounts = Get-VaultMount "$kv*"
            $mounts.Mount | Should -Be $kv, $other, $v1
            $mounts.KvVersion | Should -Be 2, 2, 1
            $mounts.Uri | Should -Be "vault://default@$kv", "vault://default@$other", "vault://default@$v1"
        }

        It 'takes a name as it is written with -LiteralMount' {
            (Get-VaultMount -LiteralMount $kv).Mount | Should -Be $kv
            Get-VaultMount -LiteralMount "$kv*" | Should -BeNullOrEmpty
        }

        It 'reads the configuration of KV version 2 mounts with -Detailed' {
            $mounts = Get-VaultMount $kv, $v1 -Detailed
            $mounts[0].MaxVersions | Should -BeOfType int
            $mounts[0].CheckAndSetRequired | Should -BeFalse
            $mounts[0].DeleteVersionAfter | Should -Be ([timespan]::Zero)
            $mounts[1].MaxVersions | Should -BeNullOrEmpty
            (Get-VaultMount $kv).MaxVersions | Should -BeNullOrEmpty
        }

        It 'pipes into a walk' {
            Set-VaultSecret "vault://$v1/one" @{ a = 1 } | Out-Null
            $groups = Get-VaultMount "$kv*" | Where-Object Type -eq kv | Get-VaultSubtree | Group-Object Mount
            $groups.Name | Should -Be $kv, $v1
            $groups | ForEach-Object Count | Should -Be 4, 1
        }
    }
}
