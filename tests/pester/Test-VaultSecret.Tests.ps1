BeforeDiscovery {
    Import-Module $PSScriptRoot/TestServer.psm1
}

Describe 'Test-VaultSecret' {
    Context 'on <Name>' -ForEach (Get-TestServer) {
        BeforeAll {
            $session = Open-TestSession $_
            $kv, $other, $v1, $canary = $session.Kv, $session.Other, $session.V1, $session.Canary
            $right, $wrong = (ConvertTo-TestSecureString $canary), (ConvertTo-TestSecureString "$canary-not")
        }

        AfterAll { Close-TestSession $session }

        It 'says whether a value is the stored one' {
            Test-VaultSecret "vault://$kv/apps/billing/db#password" $right | Should -BeExactly $true
            Test-VaultSecret "vault://$kv/apps/billing/db" -Key password -Value $wrong | Should -BeExactly $false
            Test-VaultSecret "vault://$kv/apps/billing/db#port" (ConvertTo-TestSecureString '5432') | Should -BeTrue
        }

        It 'takes the primary value where no key is named' {
            Set-VaultSecret "vault://$other/primary" @{ value = $right; user = 'x' } | Out-Null
            Set-VaultSecret "vault://$v1/primary" @{ token = $right } | Out-Null
            "vault://$other/primary", "vault://$v1/primary" | Test-VaultSecret -Value $right | Should -Be $true, $true
        }

        It 'gives an error and no answer for what is not there' {
            $answer = "vault://$other/nothing", "vault://$kv/apps/gone", "vault://$kv/apps/billing/db" | Test-VaultSecret -Value $right -ErrorVariable problem -ErrorAction SilentlyContinue
            $answer | Should -BeNullOrEmpty
            $problem.FullyQualifiedErrorId -replace ',.*' | Should -Be SecretBridge.SecretNotFound, SecretBridge.SecretDeleted, SecretBridge.InvalidArgument
            "$problem" | Should -Not -Match $canary
        }
    }
}
