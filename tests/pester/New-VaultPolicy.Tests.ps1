BeforeDiscovery {
    Import-Module $PSScriptRoot/TestServer.psm1
}

Describe 'New-VaultPolicy' {
    Context 'on <Name>' -ForEach (Get-TestServer) {
        BeforeAll {
            $session = Open-TestSession $_
            $kv, $other, $v1, $canary = $session.Kv, $session.Other, $session.V1, $session.Canary
            $ConfirmPreference = 'None'
            $names = [Collections.Generic.List[string]]::new()

            # Gives a new token these policies and nothing else, and connects with it.
            function Connect-WithPolicy([object[]] $Policy, [string] $Name) {
                foreach ($one in $Policy) {
                    $names.Add("$kv-$($one.Name)")
                    $null = Invoke-TestRequest $session.Server PUT "sys/policies/acl/$($names[-1])" @{ policy = $one.Hcl }
                }
                $made = Invoke-TestRequest $session.Server POST auth/token/create @{ policies = @($names[ - $Policy.Count..-1]); no_default_policy = $true; ttl = '10m' }
                $null = Connect-VaultBackend $session.Server.Address -Token (ConvertTo-TestSecureString $made.auth.client_token) -Name $Name
            }
        }

        AfterAll {
            foreach ($name in $names) { $null = Invoke-TestRequest $session.Server DELETE "sys/policies/acl/$name" }
            Close-TestSession $session
        }

        BeforeEach { Connect-TestBackend $session.Server | Out-Null }

        It 'gives a copy just what it needs, by two connections, and no more' {
            $copy = @{ SourceUri = "vault://default@$kv/apps"; DestinationUri = "vault://two@$other/copied" }
            Connect-TestBackend $_ -Name two | Out-Null
            $policies = New-VaultPolicy -For Copy @copy -Verify
            $policies.Side | Should -Be Source, Destination
            $policies.Backend | Should -Be default, two
            ($policies[1].Rules | Where-Object Path -eq "$other/data/copied/*").Capabilities | Should -Be create, read
            $policies[0].PSTypeNames | Should -Contain SecretBridge.Policies.VaultPolicy

            Connect-WithPolicy $policies[0] default
            Connect-WithPolicy $policies[1] two
            $summary = Copy-VaultSubtree @copy -Verify -Summary
            $summary.Created | Should -Be 3
            $summary.Failed | Should -Be 0
            { Get-VaultSecret "vault://two@$kv/apps/web" -ErrorAction Stop } | Should -Throw -ErrorId 'SecretBridge.*'
            { Set-VaultSecret "vault://default@$kv/apps/web" @{ a = 1 } -ErrorAction Stop } | Should -Throw -ErrorId 'SecretBridge.PermissionDenied,*'
            Disconnect-VaultBackend two
        }

        It 'takes a plan from the pipeline, from an option, and from its JSON' {
            $plan = Copy-VaultSubtree "vault://$kv/apps" "vault://$other/planned" -AsPlan -WarningAction Ignore
            $policies = $plan | New-VaultPolicy
            $policies[0].Rules.Path | Should -Contain "$kv/data/apps/billing/db"
            $policies.Rules.Path -match '\*$' | Should -BeNullOrEmpty
            (New-VaultPolicy -Plan $plan).Hcl | Should -Be $policies.Hcl
            $plan | ConvertTo-Json -Depth 5 | Set-Content (Join-Path $TestDrive plan.json)
            (New-VaultPolicy -Plan (Join-Path $TestDrive plan.json)).Hcl | Should -Be $policies.Hcl
            (ConvertFrom-Json (Get-Content (Join-Path $TestDrive plan.json) -Raw) | ForEach-Object { New-VaultPolicy -Plan $_ }).Hcl | Should -Be $policies.Hcl

            Connect-WithPolicy $policies default
            $rows = Copy-VaultSubtree -Plan $plan
            $rows.Action | Select-Object -Unique | Should -Be Created
            (Get-VaultSecret "vault://$kv/apps/gone" -ErrorAction Ignore).State | Should -Be Unreadable
        }

        It 'takes a comparison and the health of a connection from the pipeline' {
            $policies = Compare-SecretTree "vault://$kv/apps" "vault://$other/apps" -Summary | New-VaultPolicy
            $policies.For | Should -Be Compare, Compare
            $health = Test-VaultHealth -Path "vault://$kv/apps/web" | New-VaultPolicy
            $health.For | Should -Be Health
            $health.Rules.Path | Should -Be sys/capabilities-self, "$kv/metadata/apps/web/", "$kv/data/apps/web", auth/token/lookup-self
            (Test-VaultHealth | New-VaultPolicy).Rules.Path | Should -Be sys/capabilities-self, auth/token/lookup-self
            (Get-VaultSubtree "vault://$kv/apps/billing" | New-VaultPolicy -For Rotate).Rules.Path | Should -Be "$kv/data/apps/billing/api", "$kv/data/apps/billing/db", auth/token/lookup-self
        }

        It 'takes a profile with what its references lead to' {
            Set-SealedProfile "vault://$other/profiles/app" -Env @{ MODE = 'x' } -Secret @{ KEY = (ConvertTo-TestSecureString "vault://$kv/apps/web#key"); PLAIN = (ConvertTo-TestSecureString $canary) } | Out-Null
            $found = Get-SealedProfile "vault://$other/profiles/app"
            $policy = $found | New-VaultPolicy
            $policy.Rules.Path | Should -Be "$other/data/profiles/app", "$kv/data/apps/web", auth/token/lookup-self
            ($policy | Out-String) + $policy.Hcl | Should -Not -Match $canary
            Connect-WithPolicy $policy profile
            (Get-SealedProfile "vault://profile@$other/profiles/app").Secrets.Keys | Sort-Object | Should -Be KEY, PLAIN
            (Resolve-SecretReference "vault://profile@$kv/apps/web#key").Value.Reveal() | Should -Be "$canary-web"
            Disconnect-VaultBackend profile
        }

        It 'shows the policy itself, and a table and a list where they are asked for' {
            $policy = New-VaultPolicy Read "vault://$v1/a"
            $policy | Out-String | Should -Match ([regex]::Escape("path ""$v1/a"" { capabilities = [""read""] }"))
            $policy | Format-Table | Out-String | Should -Match 'secretbridge-read'
            $policy.Rules | Out-String -Width 200 | Should -Match 'read: values'
            "$policy" | Should -Be secretbridge-read
        }

        It 'is taken by the vault command as it is' -Skip:($_.Name -ne 'vault') {
            $policy = New-VaultPolicy Read "vault://$kv/apps/" -Name "$kv-cli"
            $names.Add($policy.Name)
            $env:VAULT_ADDR, $env:VAULT_TOKEN = $_.Address, $_.Token
            try {
                $policy.Hcl | vault policy write $policy.Name - | Should -Match 'Success'
                New-VaultPolicy Read "vault://$kv/apps/" | Select-Object -ExpandProperty Hcl | vault policy write $policy.Name - | Should -Match 'Success'
                (vault policy read $policy.Name) -join "`n" | Should -Match ([regex]::Escape("$kv/data/apps/*"))
            }
            finally { $env:VAULT_ADDR = $env:VAULT_TOKEN = $null }
        }

        It 'refuses what no policy can be for' {
            { New-VaultPolicy -SourceUri "vault://$kv/apps" } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*'
            { New-VaultPolicy Read "vault://$kv/a*" } | Should -Throw -ErrorId 'SecretBridge.NotSupported,*'
            { New-VaultPolicy Read 'builtin://x' } | Should -Throw
            { 1 | New-VaultPolicy -For Read -ErrorAction Stop } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*'
            { New-VaultPolicy Restore "vault://$v1/a" } | Should -Throw -ErrorId 'SecretBridge.NotSupported,*'
            New-VaultPolicy Read "vault://$kv/a*" -AllowWider -WarningVariable warned -WarningAction SilentlyContinue | Should -Not -BeNullOrEmpty
            $warned | Should -Match 'allows more than that one name'
        }
    }
}
