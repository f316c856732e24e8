BeforeDiscovery {
    Import-Module $PSScriptRoot/TestServer.psm1
}

Describe 'Update-VaultBackend' {
    Context 'on <Name>' -ForEach (Get-TestServer) {
        BeforeAll {
            $session = Open-TestSession $_
            $kv, $other, $v1, $canary = $session.Kv, $session.Other, $session.V1, $session.Canary
        }

        AfterAll { Close-TestSession $session }

        It 'renews the token and returns the connection' {
            $token = (Invoke-TestRequest $_ POST auth/token/create @{ ttl = '20m'; policies = @('default') }).auth.client_token
            Connect-VaultBackend $_.Address -Token (ConvertTo-TestSecureString $token) -Name short | Out-Null
            $renewed = Update-VaultBackend short
            $renewed.Renewable | Should -BeTrue
            $renewed.TokenExpires | Should -BeGreaterThan ([datetimeoffset]::UtcNow.AddMinutes(19))
            Get-VaultBackend short | Update-VaultBackend | ForEach-Object Name | Should -Be 'short'
            Update-VaultBackend short -WhatIf 6>&1 | Should -BeNullOrEmpty
            'unknown', 'short' | Update-VaultBackend -ErrorVariable problem -ErrorAction SilentlyContinue | ForEach-Object Name | Should -Be 'short'
            $problem.FullyQualifiedErrorId | Should -Be 'SecretBridge.NotConnected,SecretBridge.Commands.UpdateVaultBackend'
            Disconnect-VaultBackend short
        }
    }
}
