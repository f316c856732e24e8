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

        It 'warns of plain http to another machine before the token goes there, from a parameter or a file: <_>' -ForEach 'Address', 'ConfigPath' {
            $file = Join-Path $TestDrive plain.json
            Set-Content $file '{ "sealed": { "vault": { "enabled": true, "addr": "http://vault.invalid:8200" } } }'
            $where = if ($_ -eq 'Address') { @{ Address = 'http://vault.invalid:8200' } } else { @{ ConfigPath = $file } }
            # The proxy is nobody: nothing leaves this machine.
            { Connect-VaultBackend @where -Name plain -Token (ConvertTo-TestSecureString 'canary-token') -Proxy http://127.0.0.1:1 -MaximumRetryCount 0 -WarningVariable script:said -WarningAction SilentlyContinue } | Should -Throw -ErrorId 'SecretBridge.Unreachable,*'
            @($said -match 'clear text').Count | Should -Be 1
            "$said" | Should -Match 'http://vault\.invalid:8200'
            "$said" | Should -Not -Match 'canary'
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

    Context 'a configuration file on <Name>' -ForEach (Get-TestServer) {
        BeforeAll {
            $session = Open-TestSession $_
            $kv, $canary, $file = $session.Kv, $session.Canary, (Join-Path $TestDrive 'config.json')
            $env:SECRETBRIDGE_PESTER_TOKEN = $_.Token
        }

        AfterAll {
            $env:SECRETBRIDGE_PESTER_TOKEN = $null
            Close-TestSession $session
        }

        AfterEach { Get-VaultBackend fromFile -ErrorAction Ignore | Disconnect-VaultBackend }

        It 'of Sagewai makes the connection, its mount and its login' {
            @{ agents = @(); sealed = @{ default_scheme = 'vault'; vault = @{
                        addr = $_.Address; auth_method = 'token'; auth_config = @{ token_env = 'SECRETBRIDGE_PESTER_TOKEN' }; mount = $kv; path_prefix = 'apps/billing'
                    }
                }
            } | ConvertTo-Json -Depth 9 | Set-Content $file
            $backend = Connect-VaultBackend -ConfigPath $file -Name fromFile -InformationVariable said -WarningVariable warned
            $backend.ConfigurationKind | Should -Be 'Sagewai admin state'
            "$said" | Should -BeLike '*Sagewai admin state*'
            $warned | Should -BeNullOrEmpty
            $backend.DefaultMount | Should -Be "$kv/apps/billing"
            Get-VaultSecret db#password -AsPlainText | Should -Be $canary
        }

        It 'of ScaiVault gives a map that a copy takes as it is' {
            @{ token_env = 'SECRETBRIDGE_PESTER_TOKEN' } | ConvertTo-Json | Set-Content (Join-Path $TestDrive 'auth.json')
            [ordered]@{ type = 'hashicorp-vault'; mode = 'mirror'; config = @{ endpoint = $_.Address; auth_method = 'token'; auth_config_path = 'auth.json' }
                path_mapping = [ordered]@{ 'billing/**' = 'money/**'; web = 'site' }
            } | ConvertTo-Json -Depth 9 | Set-Content $file
            $b = Connect-VaultBackend -ConfigPath $file -Name fromFile
            $b.ConfigurationKind | Should -Be 'ScaiVault federation'
            $rows = Copy-VaultSubtree "vault://fromFile@$kv/apps" "vault://fromFile@$($session.Other)/mapped" -Map $b.PathMap -Verify
            ($rows | Where-Object Action -EQ Created).Destination | Sort-Object |
                Should -Be ('money/api', 'money/db', 'site' | ForEach-Object { "vault://fromFile@$($session.Other)/mapped/$_" })
            { $b.PathMap.Clear() } | Should -Throw
        }

        It 'of Rensei keeps its template, and warns of a token that is written in it, without the token' {
            @{ providerType = 'vault'; config = @{ addr = $_.Address; mount = $kv; authMode = 'token'; token = $_.Token; pathTemplate = '{mount}/data/{orgId}/{kind}' } } |
                ConvertTo-Json | Set-Content $file
            $b = Connect-VaultBackend -ConfigPath $file -Name fromFile -WarningVariable warned -WarningAction SilentlyContinue
            $b.PathTemplate | Should -Be '{mount}/data/{orgId}/{kind}'
            "$warned" | Should -BeLike '*jwtPath*'
            "$warned" | Should -Not -BeLike "*'$($_.Token)'*"
        }

        It 'as environment file wins over the environment, and a parameter over both' {
            "VAULT_ADDR=$($_.Address)", "VAULT_TOKEN=$($_.Token)", 'VAULT_MOUNT=nowhere' | Set-Content $file.Replace('json', 'env')
            $saved = $env:VAULT_ADDR, $env:VAULT_MOUNT, $env:VAULT_TOKEN
            try {
                $env:VAULT_ADDR, $env:VAULT_MOUNT, $env:VAULT_TOKEN = 'http://127.0.0.1:1', 'other', 'wrong'
                $b = Connect-VaultBackend -ConfigPath $file.Replace('json', 'env') -DefaultMount $kv -Name fromFile -WarningAction SilentlyContinue
            }
            finally {
                $env:VAULT_ADDR, $env:VAULT_MOUNT, $env:VAULT_TOKEN = $saved
            }
            $b.Address, $b.DefaultMount | Should -Be $_.Address, $kv
        }
    }

    Context 'without a server' {
        BeforeAll { Import-TestModule }

        It 'connects to nothing where the file says that it is not enabled' {
            $file = Join-Path $TestDrive 'off.json'
            '{"sealed": {"vault": {"enabled": false, "addr": "http://127.0.0.1:1", "auth_config": {"token_env": "NOT_SET_ANYWHERE"}}}}' | Set-Content $file
            $b = Connect-VaultBackend -ConfigPath $file -WarningVariable warned -WarningAction SilentlyContinue
            $b | Should -BeNullOrEmpty
            "$warned" | Should -BeLike '*not enabled*'
        }

        It 'says where a file is broken, and not what stands there' {
            $file = Join-Path $TestDrive 'broken.json'
            "{`n  ""sealed"": {`n    ""vault"": { ""addr"": canary-broken }`n  }`n}" | Set-Content $file
            { Connect-VaultBackend -ConfigPath $file } | Should -Throw -ErrorId 'SecretBridge.InvalidConfiguration,*' -ExpectedMessage '*line 3, column 24*'
            "$($Error[0] | Format-List * -Force | Out-String)" | Should -Not -BeLike '*canary*'
        }

        It 'keeps no audit trail where it cannot be written, and connects to nothing then' {
            { Connect-VaultBackend http://127.0.0.1:1 -Token (ConvertTo-TestSecureString x) -AuditPath (Join-Path $TestDrive 'none/audit.jsonl') } |
                Should -Throw -ErrorId 'SecretBridge.AuditFailed,*'
        }

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
