BeforeDiscovery {
    Import-Module $PSScriptRoot/TestServer.psm1
}

Describe 'Test-AgentCredential' {
    Context 'on <Name>' -ForEach (Get-TestServer) {
        BeforeAll {
            $session = Open-TestSession $_
            $mount = "vault://$($session.Other)"
            $right, $wrong = (ConvertTo-TestSecureString $session.Canary), (ConvertTo-TestSecureString "$($session.Canary)x")
            Set-AgentCredential t1 c1 $right -MountUri $mount | Out-Null
        }

        AfterAll { Close-TestSession $session }

        It 'tells the right secret from a wrong one' {
            Test-AgentCredential t1 c1 $right -MountUri $mount | Should -BeTrue
            Test-AgentCredential t1 c1 $wrong -MountUri $mount | Should -BeFalse
            Get-AgentCredential t1 -MountUri $mount | Test-AgentCredential -ClientSecret $right | Should -BeTrue
        }

        It 'gives an error and no answer for what is not there' {
            Test-AgentCredential t1 none $right -MountUri $mount -ErrorVariable problem -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            $problem.FullyQualifiedErrorId | Should -Be 'SecretBridge.SecretNotFound,SecretBridge.Commands.TestAgentCredential'
        }

        It 'names what the token may not read as the runbook does' {
            $name = "lister-$(Get-Random)"
            Invoke-TestRequest $_ PUT "sys/policies/acl/$name" @{ policy = "path `"$($session.Other)/metadata/*`" { capabilities = [`"list`"] }" } | Out-Null
            $token = (Invoke-TestRequest $_ POST 'auth/token/create' @{ policies = @($name) }).auth.client_token
            Connect-VaultBackend -Name $name -Address $_.Address -Token (ConvertTo-TestSecureString $token) | Out-Null
            try {
                Test-AgentCredential -Uri "vault://$name@$($session.Other)/agentidp/agents/t1/credentials/c1" -ClientSecret $right -ErrorVariable problem -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
                $problem[0].FullyQualifiedErrorId | Should -Be 'SecretBridge.VaultReadError,SecretBridge.Commands.TestAgentCredential'
                $problem[0].ErrorDetails.RecommendedAction | Should -Match 'Test-VaultHealth.*audit list'
                "$problem" | Should -Not -Match $session.Canary
            }
            finally { Disconnect-VaultBackend $name }
        }
    }
}
