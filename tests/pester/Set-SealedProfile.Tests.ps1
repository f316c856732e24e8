BeforeDiscovery {
    Import-Module $PSScriptRoot/TestServer.psm1
}

Describe 'Set-SealedProfile' {
    Context 'on <Name>' -ForEach (Get-TestServer) {
        BeforeAll {
            $session = Open-TestSession $_
            $kv, $canary, $secret = $session.Kv, $session.Canary, (ConvertTo-TestSecureString $session.Canary)
            Connect-SealedStore -Path (Join-Path $TestDrive "$kv.sealed") -Passphrase (ConvertTo-TestSecureString 'a passphrase of tests') -Create | Out-Null
        }

        AfterAll { Close-TestSession $session }

        It 'makes a profile in <_>, changes a part and leaves the rest' -ForEach 'builtin://', 'vault' {
            $folder = if ($_ -eq 'vault') { "vault://$kv/made" } else { $_ }
            $row = Set-SealedProfile job -Uri $folder -Description d -Owner o -Tag a, b -Env @{ N = 3 } -Secret @{ KEY = $secret } -AllowedWorkflow w.yml
            $row.Action | Should -Be Created
            $row.Version | Should -Be 1
            $row.ChangedKey | Should -Contain secrets.KEY
            $row = Set-SealedProfile job -Uri $folder -Owner new -Env @{ M = $true } -RemoveKey N
            $row.Action | Should -Be Updated
            $row.ChangedKey | Should -Be env.M, env.N, owner
            $read = Get-SealedProfile job -Uri $folder -AsPlainText
            $read.Owner | Should -Be new
            $read.Tags | Should -Be a, b
            $read.Environment.Keys | Should -Be M
            $read.Secrets.KEY | Should -Be $canary
            (Set-SealedProfile job -Uri $folder -Owner new -Secret @{ KEY = $secret }).Action | Should -Be Unchanged
        }

        It 'stands in the default store by name' {
            (Set-SealedProfile named -Owner o).Uri | Should -Be builtin://named
            (Set-SealedProfile "vault://$kv/made/named" -Owner o).Uri | Should -Be "vault://default@$kv/made/named"
        }

        It 'reads a JSON file, where a stored secret need not be given again' {
            $file = Join-Path $TestDrive 'profile.json'
            Set-Content $file '{"name":"fromjson","owner":"x","secrets":{"A":"one"}}'
            (Set-SealedProfile -JsonPath $file).Uri | Should -Be builtin://fromjson
            (Set-SealedProfile -Uri builtin://folder/ -JsonPath $file).Uri | Should -Be builtin://folder/fromjson
            Set-SealedProfile -Uri builtin:// -JsonPath $file | ForEach-Object Action | Should -Be Unchanged
            Remove-SealedProfile builtin://folder/fromjson -Confirm:$false | Out-Null
            Set-Content $file '{"owner":"y","secrets":{"A":null,"B":"two"}}'
            (Set-SealedProfile fromjson -JsonPath $file).ChangedKey | Should -Be owner, secrets.B
            Set-Content $file '{"secrets":{"A":"(sealed)"}}'
            (Set-SealedProfile fromjson -JsonPath $file -Replace).ChangedKey | Should -Be owner, secrets.B
            (Get-SealedProfile fromjson -AsPlainText).Secrets.A | Should -Be one
            Set-Content $file "{`"owner`":`"y`",`n`"secret`":{`"A`":`"$canary`"}}"
            { Set-SealedProfile fromjson -JsonPath $file } | Should -Throw -ErrorId 'SecretBridge.InvalidProfile,*' -ExpectedMessage '*does not know: secret.*'
            $global:Error[0] | Get-Error | Out-String | Should -Not -Match $canary
        }

        It 'says of a value that no setting can be that the change is wrong, not the profile' {
            foreach ($wrong in $null, @(1, 2)) {
                $row = Set-SealedProfile refused -Env @{ LIST = $wrong } -ErrorVariable problem -ErrorAction SilentlyContinue
                $row.Reason | Should -BeLike "The profile 'builtin://refused' cannot be written: its key 'env.LIST' must be *"
                $problem.FullyQualifiedErrorId | Should -BeLike 'SecretBridge.InvalidProfile,*'
            }
        }

        It 'reads a dotenv file: secrets, except what -AsEnv names' {
            $file = Join-Path $TestDrive '.env'
            Set-Content $file "# x`nexport REGION=eu`nKEY='$canary'`nPEM=`"a`nb`""
            Set-SealedProfile fromdotenv -DotEnvPath $file -AsEnv 'reg*' | Out-Null
            $read = Get-SealedProfile fromdotenv -AsPlainText
            $read.Environment.Keys | Should -Be REGION
            $read.Secrets.KEY | Should -Be $canary
            $read.Secrets.PEM | Should -Be "a`nb"
            Set-Content $file "A=1`n$canary"
            { Set-SealedProfile fromdotenv -DotEnvPath $file } | Should -Throw -ErrorId 'SecretBridge.InvalidProfile,*' -ExpectedMessage '*line 2*'
            $global:Error[0] | Get-Error | Out-String | Should -Not -Match $canary
        }

        It 'takes another profile by pipeline: back to its place, or whole to another' {
            Set-SealedProfile "vault://$kv/made/source" -Owner o -Secret @{ KEY = $secret } | Out-Null
            $row = Get-SealedProfile "vault://$kv/made/source" | Set-SealedProfile -Owner p
            $row.Uri | Should -Be "vault://default@$kv/made/source"
            $row.ChangedKey | Should -Be owner
            (Get-SealedProfile "vault://$kv/made/source" | Set-SealedProfile twin -Tag t).Uri | Should -Be builtin://twin
            $twin = Get-SealedProfile twin -AsPlainText
            $twin.Owner, $twin.Tags, $twin.Secrets.KEY | Should -Be p, t, $canary
            (Get-SealedProfile "vault://$kv/made/source" | Set-SealedProfile -Uri builtin://again/).Uri | Should -Be builtin://again/source
            ("vault://$kv/made/source" | Set-SealedProfile -Owner q).ChangedKey | Should -Be owner
        }

        It 'writes only over the version that was pinned' {
            Set-SealedProfile pinned -Owner o | Out-Null
            Set-SealedProfile pinned -Owner p -CheckAndSet 7 -ErrorVariable problem -ErrorAction SilentlyContinue | ForEach-Object Action | Should -Be Failed
            $problem.FullyQualifiedErrorId | Should -Be 'SecretBridge.CheckAndSetMismatch,SecretBridge.Commands.SetSealedProfile'
            (Set-SealedProfile pinned -Owner p -CheckAndSet 1).Version | Should -Be 2
            (Set-SealedProfile pinned -Owner q -CheckAndSet 0 -ErrorAction SilentlyContinue).Action | Should -Be Failed
        }

        It 'takes plain text for a secret only where that is allowed, and does not repeat it' {
            { Set-SealedProfile plain -Secret @{ KEY = $canary } } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*' -ExpectedMessage "*'KEY' is given as plain text*"
            $global:Error[0] | Get-Error | Out-String | Should -Not -Match $canary
            (Set-SealedProfile plain -Secret @{ KEY = $canary } -AllowPlainTextInput).Action | Should -Be Created
        }

        It 'does not repeat what came in place of a name' {
            { Set-SealedProfile "{`"secrets`":{`"A`":`"$canary`"}}" -Owner o } | Should -Throw -ErrorId 'SecretBridge.InvalidReference,*' -ExpectedMessage '*not shown*'
            $row = "{`"A`":`"$canary`"}", 'piped' | Set-SealedProfile -Owner o -ErrorVariable problem -ErrorAction SilentlyContinue
            $row.Action | Should -Be Failed, Created
            "$($row[0] | Format-List * | Out-String) $($problem | Get-Error | Out-String)" | Should -Not -Match $canary
        }

        It 'writes nothing with -WhatIf' {
            $row = Set-SealedProfile notyet -Owner o -WhatIf
            $row.Action, $row.Planned | Should -Be Created, $true
            Get-SealedProfile 'notyet*' | Should -BeNullOrEmpty
        }
    }
}
