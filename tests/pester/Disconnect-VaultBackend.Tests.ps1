BeforeDiscovery {
    Import-Module $PSScriptRoot/TestServer.psm1
}

Describe 'Disconnect-VaultBackend' {
    BeforeAll {
        # How many tokens are alive, or where the server does not list them, minus how many revoked themselves.
        function Measure-Token($Server) {
            if ($Server.Name -eq 'DevVault') {
                -@((Invoke-RestMethod "$($Server.Address)/devvault/requests") | Where-Object rawTarget -like '*/auth/token/revoke-self').Count
            }
            else {
                (Invoke-TestRequest $Server LIST auth/token/accessors).data.keys.Count
            }
        }
    }

    Context 'on <Name>' -ForEach (Get-TestServer) {
        BeforeAll {
            $session = Open-TestSession $_
            $kv, $other, $v1, $canary = $session.Kv, $session.Other, $session.V1, $session.Canary
        }

        AfterAll { Close-TestSession $session }

        It 'revokes a token that it obtained, and leaves one that was given' {
            Invoke-TestRequest $_ POST "sys/auth/$kv" @{ type = 'userpass' }
            try {
                Invoke-TestRequest $_ POST "auth/$kv/users/me" @{ password = $canary; token_ttl = '10m' }
                $credential = [pscredential]::new('me', (ConvertTo-TestSecureString $canary))
                Connect-VaultBackend $_.Address -Credential $credential -AuthMount $kv -Name me | Out-Null
                $before = Measure-Token $_
                Disconnect-VaultBackend me -WhatIf
                Measure-Token $_ | Should -Be $before
                Get-VaultBackend me | Disconnect-VaultBackend
                Measure-Token $_ | Should -Be ($before - 1)
            }
            finally {
                Invoke-TestRequest $_ DELETE "sys/auth/$kv"
            }
            Connect-TestBackend $_ -Name given | Out-Null
            Disconnect-VaultBackend given
            (Invoke-TestRequest $_ GET auth/token/lookup-self).data | Should -Not -BeNullOrEmpty
        }

        It 'ends the others where one is not connected' {
            Connect-TestBackend $_ -Name b | Out-Null
            Connect-TestBackend $_ -Name c | Out-Null
            'b', 'unknown', 'c' | Disconnect-VaultBackend -ErrorVariable problem -ErrorAction SilentlyContinue
            $problem.FullyQualifiedErrorId | Should -Be 'SecretBridge.NotConnected,SecretBridge.Commands.DisconnectVaultBackend'
            (Get-VaultBackend).Name | Should -Be default
            { Disconnect-VaultBackend unknown } | Should -Throw -ErrorId 'SecretBridge.NotConnected,*'
            Connect-TestBackend $_ | Out-Null
        }

        It 'lets no other connection take the place of the current one' {
            Connect-TestBackend $_ -Name b | Out-Null
            Disconnect-VaultBackend
            { Get-VaultSubtree "vault://$kv" } | Should -Throw -ErrorId 'SecretBridge.NotConnected,*'
            Connect-TestBackend $_ | Out-Null
        }
    }
}
