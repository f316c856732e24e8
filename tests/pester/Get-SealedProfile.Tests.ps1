BeforeDiscovery {
    Import-Module $PSScriptRoot/TestServer.psm1
}

Describe 'Get-SealedProfile' {
    Context 'on <Name>' -ForEach (Get-TestServer) {
        BeforeAll {
            $session = Open-TestSession $_
            $kv, $other, $v1, $canary = $session.Kv, $session.Other, $session.V1, $session.Canary
            $profileData = [ordered]@{
                name = 'billing-nightly'; description = 'Nightly run'; owner = 'team'; tags = @('prod', 'billing')
                env = [ordered]@{ REGION = 'eu'; RETRIES = 3 }; secrets = @{ DB_PASSWORD = $canary }; allowed_workflows = @('nightly.yml')
            }
            Set-VaultSecret "vault://$kv/profiles/billing" $profileData | Out-Null
            Set-VaultSecret "vault://$kv/profiles/build" @{ secrets = @{ KEY = "$canary-2" } } | Out-Null
        }

        AfterAll { Close-TestSession $session }

        It 'says how to name a folder where a reference names one' {
            Get-SealedProfile "vault://$kv/apps" -ErrorVariable problem -ErrorAction SilentlyContinue | Out-Null
            $problem[0].ErrorDetails.RecommendedAction | Should -Match 'end the Uri with / or give -Name'
        }

        It 'reads a profile whose secrets are sealed' {
            $profile_ = Get-SealedProfile "vault://$kv/profiles/billing"
            $profile_.Name | Should -Be billing-nightly
            $profile_.Owner | Should -Be team
            $profile_.Tags | Should -Be prod, billing
            $profile_.Environment['RETRIES'] | Should -Be '3'
            $profile_.AllowedWorkflows | Should -Be nightly.yml
            "$($profile_.Secrets['DB_PASSWORD'])" | Should -Be '(sealed)'
            $profile_ | Format-List * -Force | Out-String | Should -Not -Match $canary
            (Get-SealedProfile "vault://$kv/profiles/billing" -AsPlainText).Secrets.DB_PASSWORD | Should -Be $canary
        }

        It 'reads a folder, by name or wildcard' {
            (Get-SealedProfile "vault://$kv/profiles/").Name | Should -Be billing-nightly, build
            (Get-SealedProfile "vault://$kv/profiles" 'bui*').Name | Should -Be build
            Get-SealedProfile "vault://$kv/profiles" 'nothing*' | Should -BeNullOrEmpty
            { Get-SealedProfile "vault://$kv/profiles" nothing -ErrorAction Stop } | Should -Throw -ErrorId 'SecretBridge.SecretNotFound,*'
        }

        It 'tells what is no profile by its key, never by its value' {
            Set-VaultSecret "vault://$kv/profiles/broken" @{ secrets = "$canary-3" } | Out-Null
            $row = Get-SealedProfile "vault://$kv/profiles/broken" -ErrorVariable problem -ErrorAction SilentlyContinue
            $problem.FullyQualifiedErrorId | Should -Be 'SecretBridge.InvalidProfile,SecretBridge.Commands.GetSealedProfile'
            $row.Reason | Should -BeLike "*'secrets'*"
            "$row $($problem | Get-Error | Out-String)" | Should -Not -Match $canary
            Remove-VaultSecret "vault://$kv/profiles/broken" -AllVersions -Confirm:$false | Out-Null
        }

        It 'takes rows of a walk' {
            (Get-VaultSubtree "vault://$kv/profiles" | Get-SealedProfile).Name | Should -Be billing-nightly, build
        }
    }
}
