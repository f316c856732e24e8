BeforeDiscovery {
    Import-Module $PSScriptRoot/TestServer.psm1
}

Describe 'Find-VaultSecret' {
    Context 'on <Name>' -ForEach (Get-TestServer) {
        BeforeAll {
            $session = Open-TestSession $_
            $kv, $other, $v1, $canary = $session.Kv, $session.Other, $session.V1, $session.Canary
            $null = Invoke-TestRequest $_ POST "$kv/data/copies/one" @{ data = @{ pw = "$canary-shared"; own = "$canary-1" } }
            $null = Invoke-TestRequest $_ POST "$kv/data/copies/two" @{ data = @{ nested = @{ pw = "$canary-shared" } } }
            $null = Invoke-TestRequest $_ POST "$kv/data/copies/two-again" @{ data = @{ nested = @{ pw = "$canary-shared" } } }
        }

        AfterAll { Close-TestSession $session }

        It 'finds by glob and by regular expression' {
            (Find-VaultSecret "vault://$kv" -Include 'apps/**').RelativePath | Should -Be apps/billing/api, apps/billing/db, apps/gone, apps/web
            { Find-VaultSecret "vault://$kv" -Match '^apps/(?!x)' } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*' -ExpectedMessage '*look-around*'
            (Find-VaultSecret "vault://$kv" -Match '(?i)BILLING/a').Uri | Should -Be "vault://default@$kv/apps/billing/api"
        }

        It 'finds by the names of keys, nested ones too' {
            $row = Find-VaultSecret "vault://$kv" -KeyName TLS, pass*
            $row.RelativePath | Should -Be apps/billing/db
            $row.MatchedKey | Sort-Object | Should -Be options.tls, password
        }

        It 'finds by age and by what was never changed' {
            (Find-VaultSecret "vault://$kv/apps" -NewerThan 01:00:00).RelativePath.Count | Should -Be 4
            Find-VaultSecret "vault://$kv/apps" -OlderThan 01:00:00 | Should -BeNullOrEmpty
            (Find-VaultSecret "vault://$kv/apps" -NeverUpdated).State | Should -Be Live, Live, Deleted, Live
            { Find-VaultSecret "vault://$kv" -OlderThan 90 } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*' -ExpectedMessage '*New-TimeSpan*'
        }

        It 'finds by custom metadata where the server keeps it' {
            $null = Invoke-TestRequest $_ POST "$kv/metadata/apps/web" @{ custom_metadata = @{ team = 'search' } }
            $keeps = (Invoke-TestRequest $_ GET "$kv/metadata/apps/web").data.PSObject.Properties.Name -contains 'custom_metadata'
            $rows = Find-VaultSecret "vault://$kv" -CustomMetadata @{ team = 'se*' }
            @($rows).Count | Should -Be ([int]$keeps)
            Find-VaultSecret "vault://$kv" -CustomMetadata @{ team = 'other' } | Should -BeNullOrEmpty
        }

        It 'finds a value without showing it, and pipes the secret on by its reference' {
            $rows = Find-VaultSecret "vault://$kv" -Value (ConvertTo-TestSecureString "$canary-web") -Force -InformationVariable summary -Verbose 4>&1
            $found = $rows | Where-Object { $_ -isnot [Management.Automation.VerboseRecord] }
            $found.Uri | Should -Be "vault://default@$kv/apps/web"
            $found.MatchedKey | Should -Be key
            ($found | Get-VaultSecret -AsPlainText).key | Should -Be "$canary-web"
            ($rows | Format-List * | Out-String) + ($found | ConvertTo-Json -Depth 5) + "$summary" | Should -Not -Match $canary
        }

        It 'finds a pattern of values' {
            (Find-VaultSecret "vault://$kv" -ValuePattern '-(web|api)$' -Force).RelativePath | Should -Be apps/billing/api, apps/web
            (Find-VaultSecret "vault://$kv" -ValuePattern '-(web|api)$' -KeyName nosuch -Force) | Should -BeNullOrEmpty
            $problem = { Find-VaultSecret "vault://$kv" -ValuePattern "($canary" -Force } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*' -PassThru
            ($problem | Format-List * -Force | Out-String) -replace '(?m)^.*(InvocationInfo|ScriptStackTrace|PositionMessage|Line\s+:).*$' | Should -Not -Match "$canary.*at character"
        }

        It 'searches a snapshot, and compares its values with those of a server' {
            $open = @{ SnapshotPath = Join-Path $TestDrive "$kv.snapshot"; SnapshotPassphrase = ConvertTo-TestSecureString 'canary-snapshot-pass' }
            $null = Export-SecretSnapshot "vault://$kv/copies" $open.SnapshotPath -Passphrase $open.SnapshotPassphrase
            (Find-VaultSecret snapshot:// @open -Match '-again$').Uri | Should -Be snapshot://two-again
            (Find-VaultSecret snapshot:// @open -KeyName own).MatchedKey | Should -Be own
            $found = Find-VaultSecret snapshot:// @open -Value (ConvertTo-TestSecureString "$canary-1") -Force
            $found.Uri, $found.MatchedKey | Should -Be snapshot://one, own
            $groups = @(Find-VaultSecret snapshot://one, "vault://$kv/copies/one" @open -Duplicate -WholeSecret -Force)
            $groups.Members.Uri | Should -Be snapshot://one, "vault://default@$kv/copies/one"
            ($found | Format-List * | Out-String) + ($groups | ConvertTo-Json -Depth 6) | Should -Not -Match $canary
            { Find-VaultSecret snapshot:// -ErrorAction Stop } | Should -Throw -ErrorId 'SecretBridge.SealedStoreLocked,*' -ExpectedMessage '*Find-VaultSecret with -SnapshotPath*'
        }

        It 'groups the secrets that share a value, or are the same as a whole' {
            $groups = @(Find-VaultSecret "vault://$kv" -Duplicate -Force)
            $groups.Count | Should -Be 1
            $groups[0].Count | Should -Be 3
            $groups[0].Key | Should -Be pw, nested.pw
            $groups[0].Members.RelativePath | Should -Be copies/one, copies/two, copies/two-again
            $groups[0].IsComplete | Should -BeTrue
            ($groups | Format-List * | Out-String) + ($groups | ConvertTo-Json -Depth 6) | Should -Not -Match $canary
            (Find-VaultSecret "vault://$kv" -Duplicate -WholeSecret -Force).Members.Name | Should -Be two, two-again
            ($groups.Members | Get-VaultSubtree).Uri | Should -Be $groups.Members.Uri
        }

        It 'reads no value unless somebody agrees' {
            $script = "Import-Module '$(Get-TestModulePath)'; try { Find-VaultSecret 'vault://$kv' -Duplicate } catch { `$_.FullyQualifiedErrorId; `$_.Exception.Message }"
            $said = pwsh -NoProfile -NonInteractive -Command $script
            $said[0] | Should -BeLike 'SecretBridge.InvalidArgument,*'
            $said[1] | Should -BeLike '*-Force*'
            ($script | pwsh -NoProfile -Command -) -join ' ' | Should -BeLike '*SecretBridge.InvalidArgument,*'
        }

        It 'writes what could not be read as an error and not as a finding' {
            $policy = "path `"$kv/metadata/*`" { capabilities = [`"list`"] }`npath `"$kv/data/copies/one`" { capabilities = [`"read`"] }"
            Invoke-TestRequest $_ PUT "sys/policies/acl/$kv" @{ policy = $policy }
            $token = (Invoke-TestRequest $_ POST auth/token/create @{ policies = @($kv) }).auth.client_token
            $backend = Connect-VaultBackend $_.Address -Token (ConvertTo-TestSecureString $token) -Name narrow
            $rows = Find-VaultSecret "vault://$kv/copies" -Value (ConvertTo-TestSecureString "$canary-shared") -Force -Backend $backend -ErrorVariable problem -ErrorAction SilentlyContinue
            $rows.Name | Should -Be one
            $problem.Count | Should -Be 2
            $problem[0].FullyQualifiedErrorId | Should -Be 'SecretBridge.PermissionDenied,SecretBridge.Commands.FindVaultSecret'
            Disconnect-VaultBackend narrow
            Connect-TestBackend $_ | Out-Null
            Invoke-TestRequest $_ DELETE "sys/policies/acl/$kv"
        }

        It 'says that KV version 1 keeps no times' {
            Set-VaultSecret "vault://$v1/one" @{ a = 1 } | Out-Null
            { Find-VaultSecret "vault://$v1" -NeverUpdated -ErrorAction Stop } | Should -Throw -ErrorId 'SecretBridge.NotSupported,*'
            (Find-VaultSecret "vault://$v1" -KeyName a).Name | Should -Be one
        }
    }

    Context 'on a sealed file' {
        It 'searches it as any other store' {
            Import-TestModule
            $file = Join-Path $TestDrive 'profiles.sealed'
            Connect-SealedStore -Path $file -Passphrase (ConvertTo-TestSecureString 'canary-passphrase') -Create | Out-Null
            Set-VaultSecret builtin://a/one @{ token = 'canary-same-value' } | Out-Null
            Set-VaultSecret builtin://two @{ token = 'canary-same-value' } | Out-Null
            (Find-VaultSecret builtin:// -Duplicate -Force).Members.Uri | Should -Be builtin://a/one, builtin://two
            (Measure-VaultSubtree builtin:// -IncludeSize).Secrets | Should -Be 2
            Disconnect-SealedStore
        }
    }
}
