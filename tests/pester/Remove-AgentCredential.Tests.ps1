BeforeDiscovery {
    Import-Module $PSScriptRoot/TestServer.psm1
}

Describe 'Remove-AgentCredential' {
    Context 'on <Name>' -ForEach (Get-TestServer) {
        BeforeAll {
            $session = Open-TestSession $_
            $mount = "vault://$($session.Other)"
            Set-AgentCredential r1 c1 -Generate -MountUri $mount | Out-Null
            Set-AgentCredential r1 c1 -Generate -MountUri $mount | Out-Null
            Set-AgentCredential r1 c2 -Generate -MountUri $mount | Out-Null
        }

        AfterAll { Close-TestSession $session }

        It 'removes nothing with -WhatIf' {
            (Get-AgentCredential r1 -MountUri $mount | Remove-AgentCredential -WhatIf).Planned | Should -Be $true, $true
            Get-AgentCredential r1 -MountUri $mount | Should -HaveCount 2
        }

        It 'removes all versions and the metadata' {
            (Remove-AgentCredential r1 c1 -MountUri $mount -Confirm:$false).Action | Should -Be Removed
            (Get-AgentCredential r1 -MountUri $mount).CredentialId | Should -Be c2
        }

        It 'says that what is not there was not removed' {
            (Remove-AgentCredential r1 none -MountUri $mount -Confirm:$false -ErrorVariable problem -ErrorAction SilentlyContinue).Action | Should -Be Failed
            $problem.FullyQualifiedErrorId | Should -Be 'SecretBridge.SecretNotFound,SecretBridge.Commands.RemoveAgentCredential'
        }

        It 'removes nothing but credentials' {
            (Remove-AgentCredential -Uri "vault://$($session.Kv)/apps/web" -Confirm:$false -ErrorAction SilentlyContinue).Action | Should -Be Failed
            Get-VaultSecret "vault://$($session.Kv)/apps/web" | Should -Not -BeNullOrEmpty
        }
    }
}
