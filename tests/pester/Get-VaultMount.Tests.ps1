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
            Get-VaultMount "$kv-no*" | Should -BeNullOrEmpty
        }

        It 'says of a name that leads to no mount that there is none, and gives the others' {
            $rows = Get-VaultMount -LiteralMount "$kv*", $kv -ErrorVariable problem -ErrorAction SilentlyContinue
            $rows.Mount | Should -Be $kv
            $problem.Count | Should -Be 1
            $problem[0].FullyQualifiedErrorId | Should -Be 'SecretBridge.MountNotFound,SecretBridge.Commands.GetVaultMount'
            $problem[0].TargetObject | Should -Be "$kv*"
        }

        It 'tells how what each engine holds comes to another place' {
            $mounts = Get-VaultMount
            ($mounts | Where-Object Mount -eq $kv).MigrationPath | Should -Be Copy
            ($mounts | Where-Object Type -eq cubbyhole).MigrationPath | Should -Be None
            $mounts.MigrationNote | Should -Not -BeNullOrEmpty
        }

        It 'tells how a mount is tuned' {
            (Get-VaultMount $kv).Config['max_lease_ttl'] | Should -Be '0'
            (Get-VaultMount $kv).IsLocal | Should -BeFalse
        }

        It 'counts secrets, folders and bytes of names with -Count, and nothing without' {
            $mounts = Get-VaultMount "$kv*" -Count
            $mounts | ForEach-Object Secrets | Should -Be 4, 0, 0
            $mounts | ForEach-Object Folders | Should -Be 2, 0, 0
            $mounts[0].NameBytes | Should -Be 'appsbillingapidbgoneweb'.Length
            $mounts | ForEach-Object Unreadable | Should -Be 0, 0, 0
            (Get-VaultMount $kv).Secrets | Should -BeNullOrEmpty
            { Get-VaultMount -Count -ThrottleLimit 0 } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*'
        }

        It 'shows a token without rights on sys/mounts what it may see, and says what is missing from a count' {
            $policy = "path `"$kv/metadata/`" { capabilities = [`"list`"] }"
            Invoke-TestRequest $_ PUT "sys/policies/acl/$kv" @{ policy = $policy }
            $token = (Invoke-TestRequest $_ POST auth/token/create @{ policies = @($kv) }).auth.client_token
            $backend = Connect-VaultBackend $_.Address -Token (ConvertTo-TestSecureString $token) -Name narrow
            (Get-VaultMount "$kv*" -Backend $backend).Mount | Should -Be $kv
            (Get-VaultMount $kv -Backend $backend).Accessor | Should -Not -BeNullOrEmpty
            $mount = Get-VaultMount $kv -Backend $backend -Count -ErrorVariable problem -ErrorAction SilentlyContinue
            $mount.Secrets | Should -Be 0
            $mount.Unreadable | Should -Be 1
            $mount.Reason | Should -Match 'Not all'
            $problem[0].FullyQualifiedErrorId | Should -Be 'SecretBridge.PermissionDenied,SecretBridge.Commands.GetVaultMount'
            Disconnect-VaultBackend narrow
            Connect-TestBackend $_ | Out-Null
            Invoke-TestRequest $_ DELETE "sys/policies/acl/$kv"
        }

        It 'reads the configuration of KV version 2 mounts with -Detailed' {
            $mounts = Get-VaultMount $kv, $v1 -Detailed
            $mounts[0].MaxVersions | Should -BeOfType int
            $mounts[0].CheckAndSetRequired | Should -BeFalse
            $mounts[0].DeleteVersionAfter | Should -Be ([timespan]::Zero)
            $mounts[1].MaxVersions | Should -BeNullOrEmpty
            (Get-VaultMount $kv).MaxVersions | Should -BeNullOrEmpty
        }

        It 'shows descriptions in 80 columns' {
            Get-VaultMount "$kv" -Count | Out-String -Width 80 | Should -Match 'Kv Migration\s+Secrets Folders Description'
        }

        It 'pipes into a walk' {
            Set-VaultSecret "vault://$v1/one" @{ a = 1 } | Out-Null
            $groups = Get-VaultMount "$kv*" | Where-Object Type -eq kv | Get-VaultSubtree | Group-Object Mount
            $groups.Name | Should -Be $kv, $v1
            $groups | ForEach-Object Count | Should -Be 4, 1
        }
    }
}
