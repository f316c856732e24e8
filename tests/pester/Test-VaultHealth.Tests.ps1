BeforeDiscovery {
    Import-Module $PSScriptRoot/TestServer.psm1
}

Describe 'Test-VaultHealth' {
    Context 'on <Name>' -ForEach (Get-TestServer) {
        BeforeAll {
            $session = Open-TestSession $_
            $kv, $other, $v1, $canary = $session.Kv, $session.Other, $session.V1, $session.Canary
        }

        AfterAll { Close-TestSession $session }

        It 'asks an address without a token' {
            $health = Test-VaultHealth $_.Address
            $health.Status | Should -Be 'Active'
            $health.Healthy | Should -BeTrue
            $health.Backend | Should -BeNullOrEmpty
            $health.LatencyMs | Should -BeGreaterThan 0
            Test-VaultHealth $_.Address -Quiet | Should -BeTrue
        }

        It 'checks token, mount and capabilities of a connection' {
            $health = Test-VaultHealth -Detailed -Path "vault://$kv/apps"
            $health.Backend | Should -Be 'default'
            $health.Checks.Name | Should -Be reachable, sealed, token, mount, list, read, write
            $health.Checks.Passed | Should -Not -Contain $false
            $wrong = Test-VaultHealth -Path 'vault://no-such-mount/apps'
            $wrong.Healthy | Should -BeFalse
            ($wrong.Checks | Where-Object -not Passed).Hint | Should -Not -BeNullOrEmpty
        }

        It 'tells which lines of a policy the token lacks' {
            $policy = New-VaultPolicy Rotate "vault://$kv/apps/web"
            $null = Invoke-TestRequest $_ PUT "sys/policies/acl/$kv" @{ policy = "path ""$kv/data/apps/web"" { capabilities = [""read""] }" }
            $token = (Invoke-TestRequest $_ POST auth/token/create @{ policies = @($kv) }).auth.client_token
            Connect-VaultBackend $_.Address -Token (ConvertTo-TestSecureString $token) -Name lesser | Out-Null
            $health = Test-VaultHealth -Backend lesser -Policy $policy
            $health.Healthy | Should -BeFalse
            $health.Status | Should -Be LacksCapability
            $health.MissingCapability.Path | Should -Be "$kv/data/apps/web"
            $health.MissingCapability.Missing | Should -Be update
            $health.MissingCapability.Held | Should -Be read
            $health.MissingCapability | Out-String | Should -Match 'update'
            (Test-VaultHealth -Backend lesser -Policy $policy.Hcl, @($policy, $policy)).Status | Should -Be LacksCapability

            Set-Content (Join-Path $TestDrive rotate.hcl) $policy.Hcl
            (Test-VaultHealth -Backend lesser -Policy (Join-Path $TestDrive rotate.hcl)).MissingCapability.Missing | Should -Be update
            (Test-VaultHealth -Backend lesser -Policy $policy.Hcl).MissingCapability.Missing | Should -Be update
            (Test-VaultHealth -Backend lesser -Policy (Get-Item (Join-Path $TestDrive rotate.hcl))).Healthy | Should -BeFalse
            Test-VaultHealth -Backend default -Policy $policy, $policy.Hcl -Quiet | Should -BeTrue
            { Test-VaultHealth -Backend lesser -Policy 'path {' } | Should -Throw -ErrorId 'SecretBridge.InvalidConfiguration,*'
            { Test-VaultHealth -Backend lesser -Policy (Join-Path $TestDrive none.hcl) } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*'
            Disconnect-VaultBackend lesser
            $null = Invoke-TestRequest $_ DELETE "sys/policies/acl/$kv"
            Connect-TestBackend $_ | Out-Null
        }

        It 'holds the connection against a policy that is piped, and asks no server of its name' {
            $policy = New-VaultPolicy Rotate "vault://$kv/apps/web"
            $null = Invoke-TestRequest $_ PUT "sys/policies/acl/$kv" @{ policy = "path ""$kv/data/apps/web"" { capabilities = [""read""] }" }
            $token = (Invoke-TestRequest $_ POST auth/token/create @{ policies = @($kv) }).auth.client_token
            $lesser = Connect-VaultBackend $_.Address -Token (ConvertTo-TestSecureString $token) -Name lesser
            foreach ($health in @(
                    $policy | Test-VaultHealth
                    New-VaultPolicy Rotate "vault://default@$kv/apps/web" | Test-VaultHealth -Backend lesser
                    [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($policy)) | Test-VaultHealth -Backend $lesser
                    $policy.Hcl | Test-VaultHealth
                    , @($policy) | Test-VaultHealth)) {
                $health.Backend | Should -Be lesser
                $health.Status | Should -Be LacksCapability
                $health.MissingCapability.Missing | Should -Be update
            }
            ($policy, $policy | Test-VaultHealth -Backend default, lesser).Healthy | Should -Be $true, $false, $true, $false
            ($policy.Hcl -replace 'data/apps/web', 'data/apps/other' | Test-VaultHealth -Policy $policy).MissingCapability.Count | Should -Be 2
            'default' | Test-VaultHealth -Policy $policy -Quiet | Should -BeTrue
            Disconnect-VaultBackend lesser
            $null = Invoke-TestRequest $_ DELETE "sys/policies/acl/$kv"
            Connect-TestBackend $_ | Out-Null
        }

        It 'says of anything else from the pipeline what it takes: <_>' -ForEach 'Get-VaultMount', 'Get-VaultSubtree' {
            $row = if ($_ -eq 'Get-VaultMount') { Get-VaultMount $kv } else { Get-VaultSubtree "vault://$kv/apps" | Select-Object -First 1 }
            $health = $row | Test-VaultHealth -ErrorVariable problem -ErrorAction SilentlyContinue
            $health | Should -BeNullOrEmpty
            $problem.FullyQualifiedErrorId | Should -Be 'SecretBridge.InvalidArgument,SecretBridge.Commands.TestVaultHealth'
            $problem[0].Exception.Message | Should -BeLike "A $($row.GetType().Name) was piped*addresses, connections*policies*"
        }

        It 'takes many connections from the pipeline' {
            Connect-TestBackend $_ -Name two | Out-Null
            (Get-VaultBackend | Test-VaultHealth).Backend | Should -Be default, two
            Disconnect-VaultBackend two
            Connect-TestBackend $_ | Out-Null
        }
    }

    Context 'without a server' {
        BeforeAll { Import-TestModule }

        It 'makes an unreachable server a result' {
            $down = 'a', 'b' | ForEach-Object { Test-VaultHealth -Address "https://$_.invalid:8200" } | Where-Object -not Healthy
            $down.Status | Should -Be Unreachable, Unreachable
            $down | ForEach-Object Address | Should -Be https://a.invalid:8200, https://b.invalid:8200
            'http://127.0.0.1:1', 'http://127.0.0.1:2' | Test-VaultHealth -Quiet | Should -Be $false, $false
        }

        It 'takes an address once: as -Address or from the pipeline' {
            (, @('http://127.0.0.1:1', 'http://127.0.0.1:2') | Test-VaultHealth).Count | Should -Be 2
            'http://127.0.0.1:1' | Test-VaultHealth -SkipCertificateCheck -Quiet -WarningAction SilentlyContinue | Should -BeFalse
            'http://127.0.0.1:1' | Test-VaultHealth -Address http://127.0.0.1:2 -ErrorVariable problem -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            $problem.FullyQualifiedErrorId | Should -Be 'SecretBridge.InvalidArgument,SecretBridge.Commands.TestVaultHealth'
            ([uri] 'http://127.0.0.1:1' | Test-VaultHealth).Status | Should -Be Unreachable
            { $null | Test-VaultHealth -ErrorAction Stop } | Should -Throw -ErrorId 'ParameterArgumentValidationError*'
            { Test-VaultHealth -SkipCertificateCheck } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*' -ExpectedMessage '*-Address*'
        }

        It 'waits no longer than it was told' {
            $watch = [Diagnostics.Stopwatch]::StartNew()
            Test-VaultHealth http://127.0.0.1:1 -WaitSec 1 -Quiet | Should -BeFalse
            $watch.Elapsed.TotalSeconds | Should -BeGreaterThan 0.9
            $watch.Elapsed.TotalSeconds | Should -BeLessThan 10
        }

        It 'makes what is no address a result beside the others' {
            $down = Test-VaultHealth 'not an address', 'http://127.0.0.1:1'
            $down.Status | Should -Be Unreachable, Unreachable
            $down[0].Message | Should -BeLike 'The address must look like*'
        }

        It 'asks the others of a pipeline where one is no address' {
            $rows = 'http://127.0.0.1:1', 'not an address', 'http://127.0.0.1:2' | Test-VaultHealth
            $rows | ForEach-Object Address | Should -Be 'http://127.0.0.1:1', 'not an address', 'http://127.0.0.1:2'
            $rows.Status | Should -Be Unreachable, Unreachable, Unreachable
        }

        It 'takes no empty policy for a path' {
            { Test-VaultHealth -Policy ' ' } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*' -ExpectedMessage 'The policy is empty*'
        }

        It 'refuses a time that nothing could take: <_>' -ForEach @{ TimeoutSec = 1e300 }, @{ TimeoutSec = -1 }, @{ TimeoutSec = 0 }, @{ WaitSec = -5 }, @{ WaitSec = [double]::NaN } {
            $times = $_
            { Test-VaultHealth http://127.0.0.1:1 @times } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*'
        }
    }
}
