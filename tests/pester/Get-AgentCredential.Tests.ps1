BeforeDiscovery {
    Import-Module $PSScriptRoot/TestServer.psm1
}

Describe 'Get-AgentCredential' {
    Context 'on <Name>' -ForEach (Get-TestServer) {
        BeforeAll {
            $session = Open-TestSession $_
            $mount = "vault://$($session.Other)"
            foreach ($id in 'a1/c1', 'a1/c2', 'b1/c1') {
                $agent, $credential = $id -split '/'
                Set-AgentCredential $agent $credential (ConvertTo-TestSecureString $session.Canary) -MountUri $mount | Out-Null
            }
            Set-AgentCredential a1 c1 -Generate -MountUri $mount | Out-Null
        }

        AfterAll { Close-TestSession $session }

        It 'lists ids with versions and times, and no secret' {
            $rows = Get-AgentCredential -MountUri $mount
            $rows | ForEach-Object { "$($_.AgentId)/$($_.CredentialId) $($_.Version) $($_.State)" } | Should -Be 'a1/c1 2 Live', 'a1/c2 1 Live', 'b1/c1 1 Live'
            $rows[0].RotatedTime | Should -BeGreaterThan $rows[0].CreatedTime
            $rows | Format-List * | Out-String | Should -Not -Match $session.Canary
            $rows | Format-Table | Out-String | Should -Match 'RotatedTime'
        }

        It 'takes wildcards for both ids' {
            (Get-AgentCredential a* *2 -MountUri $mount).CredentialId | Should -Be c2
            (Get-AgentCredential a1, b1 c1 -NameOnly -MountUri $mount).AgentId | Should -Be a1, b1
        }

        It 'writes nothing where a pattern matches nothing, and an error where a name does' {
            Get-AgentCredential none* -MountUri $mount | Should -BeNullOrEmpty
            Get-AgentCredential a1 none* -MountUri $mount | Should -BeNullOrEmpty
            $row = Get-AgentCredential none -MountUri $mount -ErrorVariable failed -ErrorAction SilentlyContinue
            $row.State | Should -Be Absent
            $failed.FullyQualifiedErrorId | Should -Be 'SecretBridge.SecretNotFound,SecretBridge.Commands.GetAgentCredential'
            (Get-AgentCredential a1 c1, none -MountUri $mount -ErrorAction SilentlyContinue).State | Should -Be Live, Absent
        }

        It 'wants a mount' {
            { Get-AgentCredential } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,SecretBridge.Commands.GetAgentCredential'
            { Get-AgentCredential -MountUri 'vault://' } | Should -Throw -ErrorId 'SecretBridge.InvalidReference,SecretBridge.Commands.GetAgentCredential'
        }
    }
}
