BeforeDiscovery {
    Import-Module $PSScriptRoot/TestServer.psm1
}

Describe 'Test-SealedProfile' {
    Context 'on <Name>' -ForEach (Get-TestServer) {
        BeforeAll {
            $session = Open-TestSession $_
            $kv, $canary = $session.Kv, $session.Canary
            Connect-SealedStore -Path (Join-Path $TestDrive "$kv.sealed") -Passphrase (ConvertTo-TestSecureString 'a passphrase of tests') -Create | Out-Null
            Set-SealedProfile good -Owner o -Env @{ URL = 'x' } -Secret @{ KEY = (ConvertTo-TestSecureString $canary) } | Out-Null
        }

        AfterAll { Close-TestSession $session }

        It 'finds nothing in a good profile, and says so' {
            Test-SealedProfile good | Should -BeNullOrEmpty
            Test-SealedProfile good -Quiet | Should -BeTrue
            Test-SealedProfile 'nothing*' -Quiet | Should -BeFalse
            Test-SealedProfile nothing -Quiet -ErrorAction SilentlyContinue | Should -BeFalse
        }

        It 'tells shape, names and tokens that have ended by key, never by value' {
            $claims = [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes('{"exp":1000000000}')).TrimEnd('=')
            Set-VaultSecret "vault://$kv/odd/a" @{ secrets = @{ JWT = "eyJhbGciOiJub25lIn0.$claims.x"; 'A-B' = $canary } } | Out-Null
            Set-VaultSecret "vault://$kv/odd/b" @{ secrets = $canary; tags = $canary } | Out-Null
            $rows = Test-SealedProfile "vault://$kv/odd/*"
            ($rows | Where-Object Name -eq a | Sort-Object Rule).Rule | Should -Be ExpiredToken, VariableName
            ($rows | Where-Object Name -eq b).Rule | Should -Be Schema, Schema
            $rows | Format-List * | Out-String | Should -Not -Match $canary
            Test-SealedProfile "vault://$kv/odd/a" -Quiet | Should -BeFalse
        }

        It 'follows references unless it shall not' {
            Set-SealedProfile linked -Env @{ A = "vault://$kv/apps/web#key"; B = "vault://$kv/apps/web#typo"; C = "vault://$kv/apps/billing/db" } | Out-Null
            $rows = Test-SealedProfile linked
            $rows.Rule | Should -Be UnresolvedReference, UnresolvedReference
            $rows.Key | Sort-Object | Should -Be env.B, env.C
            Test-SealedProfile linked -SkipReference | Should -BeNullOrEmpty
        }

        It 'asks the server about Vault tokens only where it is told to' {
            $dead = 's.' + 'deadtoken' * 3
            Set-SealedProfile tokens -Secret @{ T = (ConvertTo-TestSecureString $dead) } | Out-Null
            Test-SealedProfile tokens | Should -BeNullOrEmpty
            $row = Test-SealedProfile tokens -CheckToken
            $row.Rule, $row.Key | Should -Be ExpiredToken, secrets.T
            $alive = (Invoke-TestRequest $session.Server POST auth/token/create @{ ttl = '1h' }).auth.client_token
            Set-SealedProfile tokens -Secret @{ T = (ConvertTo-TestSecureString $alive) } | Out-Null
            $rows = @(Test-SealedProfile tokens -CheckToken)
            if ($alive -match '^(hvs|s)\.') { $rows.Rule | Should -Be ExpiringToken } else { $rows | Should -BeNullOrEmpty }
        }
    }
}
