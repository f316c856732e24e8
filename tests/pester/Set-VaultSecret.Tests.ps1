BeforeDiscovery {
    Import-Module $PSScriptRoot/TestServer.psm1
}

Describe 'Set-VaultSecret' {
    Context 'on <Name>' -ForEach (Get-TestServer) {
        BeforeAll {
            $session = Open-TestSession $_
            $kv, $other, $v1, $canary = $session.Kv, $session.Other, $session.V1, $session.Canary
        }

        AfterAll { Close-TestSession $session }

        It 'writes secure, sealed and plain values, nested ones too' {
            $row = Set-VaultSecret "vault://$other/set/a" ([ordered]@{
                    secure = ConvertTo-TestSecureString $canary
                    sealed = (Get-VaultSecret "vault://$kv/apps/web").Data['key']
                    number = 12345678901234567890
                    list   = 1, 'two', $null, @{ three = $true }
                    custom = [pscustomobject]@{ a = 1 }
                })
            $row.Action | Should -Be Created
            $row.Version | Should -Be 1
            $stored = (Invoke-TestRequest $_ GET "$other/data/set/a").data.data
            $stored.secure | Should -Be $canary
            $stored.sealed | Should -Be "$canary-web"
            $stored.list[3].three | Should -BeTrue
            $stored.custom.a | Should -Be 1
        }

        It 'does not write the same content again' {
            (Set-VaultSecret "vault://$other/set/same" @{ a = 1 }).Action | Should -Be Created
            (Set-VaultSecret "vault://$other/set/same" @{ a = 1 }).Action | Should -Be Unchanged
            (Set-VaultSecret "vault://$other/set/same" @{ a = 2 }).Action | Should -Be Updated
            (Get-VaultSecret "vault://$other/set/same").Version | Should -Be 2
        }

        It 'merges on request and replaces otherwise' {
            Set-VaultSecret "vault://$other/set/merge" @{ a = 1; b = 2 } | Out-Null
            Set-VaultSecret "vault://$other/set/merge" @{ b = 3; c = 4 } -Merge | Out-Null
            (Get-VaultSecret "vault://$other/set/merge").Keys | Sort-Object | Should -Be a, b, c
            Set-VaultSecret "vault://$other/set/merge" @{ d = 5 } | Out-Null
            (Get-VaultSecret "vault://$other/set/merge").Keys | Should -Be d
        }

        It 'refuses a merge that would write back rounded numbers' {
            Set-VaultSecret "vault://$other/set/big" @{ id = 9007199254740993; a = 1 } | Out-Null
            Set-VaultSecret "vault://$other/set/big" @{ a = 2 } -Merge -ErrorVariable problem -ErrorAction SilentlyContinue | ForEach-Object Action | Should -Be Failed
            $problem.FullyQualifiedErrorId | Should -Be 'SecretBridge.PrecisionLoss,SecretBridge.Commands.SetVaultSecret'
            (Set-VaultSecret "vault://$other/set/big" @{ a = 2 } -Merge -AllowPrecisionLoss).Action | Should -Be Updated
        }

        It 'writes only over the version that is named' {
            Set-VaultSecret "vault://$other/set/cas" @{ a = 1 } -CheckAndSet 0 | ForEach-Object Action | Should -Be Created
            $row = Set-VaultSecret "vault://$other/set/cas" @{ a = 2 } -CheckAndSet 0 -ErrorVariable problem -ErrorAction SilentlyContinue
            $row.Action | Should -Be Failed
            $problem.FullyQualifiedErrorId | Should -Be 'SecretBridge.CheckAndSetMismatch,SecretBridge.Commands.SetVaultSecret'
        }

        It 'takes JSON from a file, and text only where that is allowed' {
            $file = Join-Path $TestDrive 'secret.json'
            [IO.File]::WriteAllText($file, '{"z":1.50,"a":{"n":1e2}}')
            Set-VaultSecret "vault://$other/set/json" -JsonPath $file | Out-Null
            (Get-VaultSecret "vault://$other/set/json").Keys | Sort-Object | Should -Be a, z
            Set-VaultSecret "vault://$other/set/text" -Json '{"a":1}' -AllowPlainTextInput | ForEach-Object Action | Should -Be Created
            { Set-VaultSecret "vault://$other/set/text" -Json '{"a":1}' } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*'
            { Set-VaultSecret "vault://$other/set/text" -Json '{"a":1}' -AllowPlainTextInput:$false } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*'
            { Set-VaultSecret "vault://$other/set/text" -Json '{"a":1,"a":2}' -AllowPlainTextInput } | Should -Throw -ErrorId 'SecretBridge.InvalidPayload,*'
        }

        It 'takes another secret by pipeline, to its place or a new one' {
            Get-VaultSecret "vault://$kv/apps/web" | Set-VaultSecret "vault://$other/set/copied" | ForEach-Object Action | Should -Be Created
            (Get-VaultSecret "vault://$other/set/copied" -AsPlainText).key | Should -Be "$canary-web"
            Get-VaultSecret "vault://$kv/apps/web" | Set-VaultSecret | ForEach-Object Action | Should -Be Unchanged
        }

        It 'takes a hashtable by pipeline' {
            @{ a = 1 } | Set-VaultSecret "vault://$other/set/piped" | ForEach-Object Action | Should -Be Created
            Get-VaultSecret "vault://$kv/apps/web" -AsHashtable | Set-VaultSecret "vault://$other/set/piped" | ForEach-Object Action | Should -Be Updated
            (Get-VaultSecret "vault://$other/set/piped" -AsPlainText).key | Should -Be "$canary-web"
        }

        It 'goes on after a record that cannot be written, and tells what became of each' {
            $rows = @(
                [pscustomobject]@{ Uri = "vault://$other/set/one"; Data = @{ a = 1 } }
                [pscustomobject]@{ Uri = "vault://$other/set/bad"; Data = @{ a = [pscredential]::new('me', (ConvertTo-TestSecureString $canary)) } }
                [pscustomobject]@{ Uri = "vault://$other/set/none" }
                [pscustomobject]@{ Uri = "vault://$other/set/two"; Data = @{ a = 1 } }
            ) | Set-VaultSecret -ErrorVariable problem -ErrorAction SilentlyContinue
            ($rows | Where-Object Action -eq Created).RelativePath | Should -Be one, two
            ($rows | Where-Object Action -eq Failed).Uri | Should -HaveCount 2
            $problem.FullyQualifiedErrorId | Should -Be (@('SecretBridge.InvalidPayload,SecretBridge.Commands.SetVaultSecret') * 2)
            (Get-VaultSecret "vault://$other/set/two").State | Should -Be Live
        }

        It 'repeats nothing of a secret that was given in the wrong place' {
            $json = "{`"password`":`"$canary`",`"url`":`"https://x/y`"}"
            $said = & {
                try { Set-VaultSecret "vault://$other/set/echo" $json } catch { $_ | Get-Error | Out-String }
                try { Set-VaultSecret "vault://$other/set/echo" -Data $json, $json } catch { $_ | Get-Error | Out-String }
                try { Set-VaultSecret $json @{ a = 1 } } catch { $_ | Get-Error | Out-String }
                $json, "pw=$canary", "-----BEGIN`n$canary" | Set-VaultSecret -Data @{ a = 1 } -ErrorAction Continue
                $json | Set-VaultSecret "vault://$other/set/echo" -ErrorAction Continue
                $global:Error[0..9] | ForEach-Object { $_ | Get-Error | Out-String }
            } *>&1 | ForEach-Object { $_ | Out-String; $_ | Format-List * -Force | Out-String } | Out-String -Width 4000
            $said | Should -Match 'not shown'
            $said | Should -Match 'hashtable'
            $said | Should -Not -Match $canary
        }

        It 'rotates one value, keeps the others, and keeps the old one in the history' {
            $uri = "vault://$other/set/rotate"
            Set-VaultSecret $uri ([ordered]@{ user = 'app'; value = (ConvertTo-TestSecureString $canary) }) | Out-Null
            $planned = Set-VaultSecret $uri -Rotate -WhatIf
            $planned.Planned, $planned.NewValue | Should -Be $true, $null
            $row = Set-VaultSecret $uri -Rotate
            "$($row.Action) $($row.Key) $($row.PreviousVersion) $($row.Version)" | Should -Be 'Updated value 1 2'
            "$($row.NewValue)" | Should -Be '(sealed)'
            $row.NewValue.Reveal() | Should -MatchExactly '^[A-Za-z0-9]{32}$'
            Get-VaultSecret "$uri#value" -AsPlainText | Should -BeExactly $row.NewValue.Reveal()
            Get-VaultSecret "$uri#user" -AsPlainText | Should -Be app
            Get-VaultSecret "${uri}?version=1#value" -AsPlainText | Should -Be $canary
            $row | Format-List * -Force | Out-String | Should -Not -Match ([regex]::Escape($row.NewValue.Reveal()))
            (Get-VaultSecret $uri | Set-VaultSecret -Rotate -Key user -Length 8 -CharacterSet '0123456789').NewValue.Reveal() | Should -Match '^[0-9]{8}$'
        }

        It 'refuses to rotate what has no such value, and where the old one would be lost' {
            "vault://$kv/apps/billing/db", "vault://$other/set/none" | Set-VaultSecret -Rotate -ErrorVariable problem -ErrorAction SilentlyContinue | ForEach-Object Action | Should -Be Failed, Failed
            $problem.FullyQualifiedErrorId | Should -Be 'SecretBridge.InvalidArgument,SecretBridge.Commands.SetVaultSecret', 'SecretBridge.SecretNotFound,SecretBridge.Commands.SetVaultSecret'
            Set-VaultSecret "vault://$v1/rotate" @{ value = 'x' } | Out-Null
            Set-VaultSecret "vault://$v1/rotate" -Rotate -ErrorVariable problem -ErrorAction SilentlyContinue | ForEach-Object Action | Should -Be Failed
            $problem.FullyQualifiedErrorId | Should -Be 'SecretBridge.NotSupported,SecretBridge.Commands.SetVaultSecret'
            Get-VaultSecret "vault://$v1/rotate#value" -AsPlainText | Should -Be x
            (Set-VaultSecret "vault://$v1/rotate" -Rotate -Force).Reason | Should -Match 'lost'
            Get-VaultSecret "vault://$v1/rotate#value" -AsPlainText | Should -Match '^[A-Za-z0-9]{32}$'
            { Set-VaultSecret "vault://$other/set/rotate" -Rotate -Length 4 } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*'
            { Set-VaultSecret "vault://$other/set/rotate" -Rotate -CharacterSet aab } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*'
        }

        It 'writes nothing with -WhatIf' {
            $row = Set-VaultSecret "vault://$other/set/whatif" @{ a = 1 } -WhatIf
            $row.Action | Should -Be Created
            $row.Planned | Should -BeTrue
            (Get-VaultSecret "vault://$other/set/whatif" -ErrorAction Ignore).State | Should -Be Absent
        }
    }
}
