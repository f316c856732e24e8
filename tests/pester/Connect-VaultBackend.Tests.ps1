BeforeDiscovery {
    Import-Module $PSScriptRoot/TestServer.psm1
}

Describe 'Connect-VaultBackend' {
    Context 'on <Name>' -ForEach (Get-TestServer) {
        BeforeAll {
            $session = Open-TestSession $_
            $kv, $other, $v1, $canary = $session.Kv, $session.Other, $session.V1, $session.Canary
        }

        AfterAll { Close-TestSession $session }

        It 'makes the current connection and shows no token' {
            $backend = Connect-TestBackend $_ -Name second
            $backend.Name | Should -Be 'second'
            $backend.AuthMethod | Should -Be 'token'
            (Get-VaultBackend -Current).Name | Should -Be 'second'
            Disconnect-VaultBackend second
            Connect-TestBackend $_ | Out-Null
        }

        It 'does not let a name that was not given come to mean another place' {
            $token = @{ Token = ConvertTo-TestSecureString $_.Token }
            { Connect-VaultBackend http://127.0.0.1:1 @token } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*' -ExpectedMessage '*-Name*'
            { Connect-VaultBackend $_.Address -Namespace other @token } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*' -ExpectedMessage '*other*'
            (Get-VaultBackend -Current).Address | Should -Be $_.Address
            Connect-VaultBackend "$($_.Address)/" @token -WarningVariable said | Out-Null
            $said | Should -BeNullOrEmpty
            Connect-VaultBackend $_.Address.Replace('127.0.0.1', 'localhost') -Name default @token -NoVerify -WarningVariable said -WarningAction SilentlyContinue | Out-Null
            "$said" | Should -Match ([regex]::Escape($_.Address))
            "$said" | Should -Match localhost
            Disconnect-VaultBackend
            Connect-TestBackend $_ | Out-Null
        }

        It 'refuses a wrong token with a stable id' {
            { Connect-VaultBackend $_.Address -Token (ConvertTo-TestSecureString 'not-a-token') } | Should -Throw -ErrorId 'SecretBridge.TokenInvalid,*'
        }

        It 'logs in with an AppRole, and with a wrapped secret_id' {
            Invoke-TestRequest $_ POST "sys/auth/$kv" @{ type = 'approle' }
            try {
                Invoke-TestRequest $_ POST "auth/$kv/role/job" @{ token_ttl = '10m' }
                $roleId = (Invoke-TestRequest $_ GET "auth/$kv/role/job/role-id").data.role_id
                $secretId = (Invoke-TestRequest $_ POST "auth/$kv/role/job/secret-id" @{}).data.secret_id
                $credential = [pscredential]::new($roleId, (ConvertTo-TestSecureString $secretId))
                $backend = Connect-VaultBackend $_.Address -AppRole $credential -AuthMount $kv -Name job
                $backend.AuthMethod | Should -Be 'approle'
                $backend.TokenExpires | Should -BeGreaterThan ([datetimeoffset]::UtcNow)

                $headers = @{ 'X-Vault-Token' = $_.Token; 'X-Vault-Wrap-TTL' = '60s' }
                $wrapped = (Invoke-RestMethod -Method Post "$($_.Address)/v1/auth/$kv/role/job/secret-id" -Headers $headers -Body '{}').wrap_info.token
                $wrap = @{ RoleId = $roleId; WrappedSecretId = (ConvertTo-TestSecureString $wrapped); AuthMount = $kv; Name = 'wrapped' }
                { Connect-VaultBackend $_.Address @wrap -RoleName other } | Should -Throw -ErrorId 'SecretBridge.WrappingMismatch,*'
                (Connect-VaultBackend $_.Address @wrap -RoleName job).Name | Should -Be 'wrapped'
            }
            finally {
                Get-VaultBackend job, wrapped -ErrorAction Ignore | Disconnect-VaultBackend
                Invoke-TestRequest $_ DELETE "sys/auth/$kv"
                Connect-TestBackend $_ | Out-Null
            }
        }

        It 'takes what is not given from the environment, BAO_ before VAULT_' {
            $saved = $env:VAULT_ADDR, $env:VAULT_TOKEN, $env:BAO_ADDR
            try {
                $env:VAULT_ADDR, $env:VAULT_TOKEN, $env:BAO_ADDR = 'http://127.0.0.1:1', $_.Token, $_.Address
                (Connect-VaultBackend -Name fromEnvironment).Address | Should -Be $_.Address
            }
            finally {
                $env:VAULT_ADDR, $env:VAULT_TOKEN, $env:BAO_ADDR = $saved
                Disconnect-VaultBackend fromEnvironment
                Connect-TestBackend $_ | Out-Null
            }
        }
    }

    Context 'without a server' {
        BeforeAll { Import-TestModule }

        It 'refuses a time that nothing could take: <_>' -ForEach 1e300, -1, 0 {
            { Connect-VaultBackend http://127.0.0.1:1 -Token (ConvertTo-TestSecureString x) -TimeoutSec $_ } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*'
        }

        It 'guesses no address' {
            $saved = $env:VAULT_ADDR, $env:BAO_ADDR
            try {
                $env:VAULT_ADDR = $env:BAO_ADDR = $null
                { Connect-VaultBackend -Token (ConvertTo-TestSecureString x) } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*'
            }
            finally {
                $env:VAULT_ADDR, $env:BAO_ADDR = $saved
            }
        }
    }
}
