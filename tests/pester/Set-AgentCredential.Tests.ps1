BeforeDiscovery {
    Import-Module $PSScriptRoot/TestServer.psm1
}

Describe 'Set-AgentCredential' {
    Context 'on <Name>' -ForEach (Get-TestServer) {
        BeforeAll {
            $session = Open-TestSession $_
            $mount, $canary = "vault://$($session.Other)", $session.Canary
        }

        AfterAll { Close-TestSession $session }

        It 'writes a given secret under clientSecret' {
            $row = Set-AgentCredential s1 c1 (ConvertTo-TestSecureString $canary) -MountUri $mount
            $row.Action | Should -Be Created
            $row.NewSecret | Should -BeNullOrEmpty
            (Invoke-TestRequest $_ GET "$($session.Other)/data/agentidp/agents/s1/credentials/c1").data.data.clientSecret | Should -Be $canary
            (Set-AgentCredential s1 c1 (ConvertTo-TestSecureString $canary) -MountUri $mount).Action | Should -Be Unchanged
        }

        It 'delivers a generated secret sealed' {
            $row = Set-AgentCredential s1 c2 -Generate -Length 40 -MountUri $mount
            $row.NewSecret.Reveal().Length | Should -Be 40
            "$($row.NewSecret)" | Should -Be '(sealed)'
            $row | ConvertTo-Json | Should -Not -Match $row.NewSecret.Reveal()
            (Invoke-TestRequest $_ GET "$($session.Other)/data/agentidp/agents/s1/credentials/c2").data.data.clientSecret | Should -Be $row.NewSecret.Reveal()
        }

        It 'replaces none where a new one was meant' {
            $row = Set-AgentCredential s1 c1 -Generate -CheckAndSet 0 -MountUri $mount -ErrorVariable problem -ErrorAction SilentlyContinue
            $row.Action | Should -Be Failed
            $problem.FullyQualifiedErrorId | Should -Be 'SecretBridge.VaultWriteError,SecretBridge.Commands.SetAgentCredential'
            $problem.ErrorDetails.RecommendedAction | Should -Match 'Test-VaultHealth.*audit list'
        }

        It 'wants a secret or to make one, not both' {
            { Set-AgentCredential s1 c3 -MountUri $mount } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,SecretBridge.Commands.SetAgentCredential'
            { Set-AgentCredential s1 c3 (ConvertTo-TestSecureString $canary) -Generate -MountUri $mount } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*'
        }

        It 'refuses ids that are no single name' {
            { Set-AgentCredential '../x' c -Generate -MountUri $mount } | Should -Throw -ErrorId 'SecretBridge.InvalidPath,*'
        }

        It 'writes nothing with -WhatIf' {
            (Set-AgentCredential s1 c9 -Generate -MountUri $mount -WhatIf).Planned | Should -BeTrue
            Get-AgentCredential s1 c9* -MountUri $mount | Should -BeNullOrEmpty
        }
    }
}
