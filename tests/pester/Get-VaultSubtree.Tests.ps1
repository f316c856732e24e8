BeforeDiscovery {
    Import-Module $PSScriptRoot/TestServer.psm1
}

Describe 'Get-VaultSubtree' {
    Context 'on <Name>' -ForEach (Get-TestServer) {
        BeforeAll {
            $session = Open-TestSession $_
            $kv, $other, $v1, $canary = $session.Kv, $session.Other, $session.V1, $session.Canary
        }

        AfterAll { Close-TestSession $session }

        It 'lists every secret below a folder, in order, with a reference that parses back' {
            $rows = Get-VaultSubtree "vault://$kv/apps"
            $rows.RelativePath | Should -Be billing/api, billing/db, gone, web
            $rows.Uri[0] | Should -Be "vault://default@$kv/apps/billing/api"
            $rows.Root | Select-Object -Unique | Should -Be "vault://default@$kv/apps"
            ($rows | Get-VaultSubtree).Uri | Should -Be $rows.Uri
        }

        It 'takes references from the pipeline and keeps what the globs say' {
            ("vault://$kv/apps/billing", "vault://$kv/apps/billing/" | Get-VaultSubtree).Name | Should -Be api, db, api, db
            (Get-VaultSubtree "vault://$kv" -Include 'apps/**' -Exclude 'db', gone).Name | Should -Be api, web
            (Get-VaultSubtree "vault://$kv/apps" -Depth 1).Name | Should -Be gone, web
        }

        It 'reads version and state with -Detailed, and nothing of them without' {
            (Get-VaultSubtree "vault://$kv/apps").State | Where-Object { $null -ne $_ } | Should -BeNullOrEmpty
            $rows = Get-VaultSubtree "vault://$kv/apps" -Detailed
            $rows.State | Should -Be Live, Live, Deleted, Live
            $rows.Version | Should -Be 1, 1, 1, 1
        }

        It 'stops at once when no more is wanted' {
            $watch = [Diagnostics.Stopwatch]::StartNew()
            @(Get-VaultSubtree "vault://$kv" -Detailed | Select-Object -First 1).Count | Should -Be 1
            $watch.Elapsed.TotalSeconds | Should -BeLessThan 3
        }

        It 'gives a row and an error for what cannot be listed' {
            $policy = "path `"$kv/metadata/apps/`" { capabilities = [`"list`"] }`npath `"sys/internal/ui/mounts/*`" { capabilities = [`"read`"] }"
            Invoke-TestRequest $_ PUT "sys/policies/acl/$kv" @{ policy = $policy }
            $token = (Invoke-TestRequest $_ POST auth/token/create @{ policies = @($kv) }).auth.client_token
            $backend = Connect-VaultBackend $_.Address -Token (ConvertTo-TestSecureString $token) -Name narrow
            $rows = Get-VaultSubtree "vault://$kv/apps" -Backend $backend -ErrorVariable problem -ErrorAction SilentlyContinue
            $rows.RelativePath | Should -Be 'billing/', gone, web
            $rows[0].Reason | Should -Not -BeNullOrEmpty
            $problem.Count | Should -Be 1
            $problem[0].FullyQualifiedErrorId | Should -Be 'SecretBridge.PermissionDenied,SecretBridge.Commands.GetVaultSubtree'
            $problem[0].CategoryInfo.Category | Should -Be PermissionDenied
            $problem[0].TargetObject | Should -BeOfType string
            Disconnect-VaultBackend narrow
            Connect-TestBackend $_ | Out-Null
            Invoke-TestRequest $_ DELETE "sys/policies/acl/$kv"
        }

        It 'refuses what is no reference before any request' {
            { Get-VaultSubtree 'vault://kv/a//b' -ErrorAction Stop } | Should -Throw -ErrorId 'SecretBridge.InvalidPath,*'
            { Get-VaultSubtree "vault://$kv" -ThrottleLimit 0 } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*'
        }

    }
}
