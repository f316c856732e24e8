BeforeDiscovery {
    Import-Module $PSScriptRoot/TestServer.psm1
}

Describe 'Get-SealedProfile' {
    Context 'on <Name>' -ForEach (Get-TestServer) {
        BeforeAll {
            $session = Open-TestSession $_
            $kv, $other, $v1, $canary = $session.Kv, $session.Other, $session.V1, $session.Canary
            $profileData = [ordered]@{
                name = 'billing-nightly'; description = 'Nightly run'; owner = 'team'; tags = @('prod', 'billing')
                env = [ordered]@{ REGION = 'eu'; RETRIES = 3 }; secrets = [ordered]@{ DB_USER = 'app'; DB_PASSWORD = $canary }; allowed_workflows = @('nightly.yml')
            }
            Set-VaultSecret "vault://$kv/profiles/billing" $profileData | Out-Null
            Set-VaultSecret "vault://$kv/profiles/build" @{ secrets = @{ KEY = "$canary-2" } } | Out-Null
            Connect-SealedStore -Path (Join-Path $TestDrive "$kv.sealed") -Passphrase (ConvertTo-TestSecureString 'a passphrase of tests') -Create | Out-Null
            Set-SealedProfile local -Owner me -Tag a, b -Secret @{ username = (ConvertTo-TestSecureString u); PASSWORD = (ConvertTo-TestSecureString $canary) } | Out-Null
        }

        AfterAll { Close-TestSession $session }

        It 'says how to name a folder where a reference names one' {
            Get-SealedProfile "vault://$kv/apps" -ErrorVariable problem -ErrorAction SilentlyContinue | Out-Null
            $problem[0].TargetObject | Should -Be "vault://default@$kv/apps"
            "vault://$kv/apps" | Get-SealedProfile -ErrorVariable problem -ErrorAction SilentlyContinue | Out-Null
            $problem[0].ErrorDetails.RecommendedAction | Should -Match 'end the Uri with / or give -Name'
        }

        It 'reads a profile whose secrets are sealed' {
            $profile_ = Get-SealedProfile "vault://$kv/profiles/billing"
            $profile_.Name | Should -Be billing-nightly
            $profile_.Owner | Should -Be team
            $profile_.Tags | Should -Be prod, billing
            $profile_.Environment['RETRIES'] | Should -Be '3'
            $profile_.AllowedWorkflows | Should -Be nightly.yml
            "$($profile_.Secrets['DB_PASSWORD'])" | Should -Be '(sealed)'
            $profile_ | Format-List * -Force | Out-String | Should -Not -Match $canary
        }

        It 'reads by name and pattern, in the default store, in a folder and at the end of a reference' {
            (Get-SealedProfile local).Uri | Should -Be builtin://local
            (Get-SealedProfile).Uri | Should -Be builtin://local
            (Get-SealedProfile 'l?c*').Uri | Should -Be builtin://local
            (Get-SealedProfile 'builtin://l*').Uri | Should -Be builtin://local
            (Get-SealedProfile "vault://$kv/profiles/").Name | Should -Be billing-nightly, build
            (Get-SealedProfile "vault://$kv/profiles/bui*").Name | Should -Be build
            (Get-SealedProfile 'bui*', billing -Uri "vault://$kv/profiles").Name | Should -Be build, billing-nightly
            ('local', "vault://$kv/profiles/build" | Get-SealedProfile).Name | Should -Be local, build
            Get-SealedProfile 'nothing*' -Uri "vault://$kv/profiles" | Should -BeNullOrEmpty
            { Get-SealedProfile nothing -Uri "vault://$kv/profiles" -ErrorAction Stop } | Should -Throw -ErrorId 'SecretBridge.SecretNotFound,*'
        }

        It 'completes names in the open file, in a folder and in references, and never asks' {
            function Complete([string] $Line) { (TabExpansion2 $Line $Line.Length).CompletionMatches.CompletionText }
            Complete 'Get-SealedProfile lo' | Should -Be local
            Complete 'Set-SealedProfile l' | Should -Be local
            Complete 'Invoke-SealedProfile -Name l' | Should -Be local
            Complete "Get-SealedProfile -Uri vault://$kv/profiles -Name bu" | Should -Be build
            Complete "Get-SealedProfile vault://$kv/profiles/bi" | Should -Be "vault://$kv/profiles/billing"
            Complete 'Get-SealedProfile -Path elsewhere.sealed -Name lo' | Should -Not -Contain local
        }

        It 'shows progress where it takes more than a second' {
            $shell = [powershell]::Create().AddScript({
                    param($module, $address, $token, $uri)
                    Import-Module $module
                    $null = Connect-VaultBackend $address -Token $token
                    1..4 | ForEach-Object { Start-Sleep -Milliseconds 400; $uri } | Get-SealedProfile
                }.ToString())
            foreach ($argument in (Get-TestModulePath), $session.Server.Address, (ConvertTo-TestSecureString $session.Server.Token), "vault://$kv/profiles/build") { $null = $shell.AddArgument($argument) }
            $shell.Invoke().Count | Should -Be 4
            $shell.Streams.Progress.Activity | Should -Contain 'Reading profiles'
            $shell.Streams.Progress[-1].RecordType | Should -Be Completed
            $shell.Dispose()
        }

        It 'names the pattern that was given where the sealed file is not open' {
            $shell = [powershell]::Create().AddScript("Import-Module '$(Get-TestModulePath)'; Get-SealedProfile 'b*'")
            $null = $shell.Invoke()
            $shell.Streams.Error[0].FullyQualifiedErrorId | Should -BeLike 'SecretBridge.SealedStoreLocked,*'
            "$($shell.Streams.Error[0])" | Should -BeLike "*'b``*'*vault://mount/b``**"
            $shell.Dispose()
        }

        It 'filters by tag, owner and workflow' {
            (Get-SealedProfile "vault://$kv/profiles/*" -Tag 'PRO*').RelativePath | Should -Be billing
            (Get-SealedProfile "vault://$kv/profiles/*" -Owner team).RelativePath | Should -Be billing
            (Get-SealedProfile "vault://$kv/profiles/*" -Workflow other.yml).RelativePath | Should -Be build
            (Get-SealedProfile "vault://$kv/profiles/*" -Workflow other.yml -Verbose 4>&1) -match 'billing.* does not allow' | Should -Not -BeNullOrEmpty
            (Get-SealedProfile "vault://$kv/profiles/billing" -Workflow nightly.yml).RelativePath | Should -Be billing
            $row = Get-SealedProfile "vault://$kv/profiles/billing" -Workflow other.yml -ErrorVariable problem -ErrorAction SilentlyContinue
            $problem.FullyQualifiedErrorId | Should -Be 'SecretBridge.WorkflowNotAllowed,SecretBridge.Commands.GetSealedProfile'
            $row.Secrets.Count | Should -Be 0
        }

        It 'reads no secret with -MetadataOnly' {
            if ($session.Server.Name -eq 'DevVault') { $null = Invoke-RestMethod "$($session.Server.Address)/devvault/reset" -Method Post }
            $rows = Get-SealedProfile "vault://$kv/profiles/*" -MetadataOnly
            $rows.Name | Should -Be billing, build
            $rows.IsMetadataOnly | Should -Be $true, $true
            if ($session.Server.Name -eq 'DevVault') {
                $paths = (Invoke-RestMethod "$($session.Server.Address)/devvault/requests").path
                $paths -match "$kv/metadata/" | Should -Not -BeNullOrEmpty
                $paths -match "$kv/data/" | Should -BeNullOrEmpty
            }
            $row = Get-SealedProfile * -MetadataOnly -Tag b -Owner me
            $row.Uri | Should -Be builtin://local
            $row.Secrets.Count | Should -Be 0
        }

        It 'does not stay silent where metadata cannot decide' {
            $rows = Get-SealedProfile "vault://$kv/profiles/*" -MetadataOnly -Tag prod -ErrorVariable problem -ErrorAction SilentlyContinue
            @($rows).Count | Should -Be 2
            $problem.FullyQualifiedErrorId | Should -Be (@('SecretBridge.NotSupported,SecretBridge.Commands.GetSealedProfile') * 2)
        }

        It 'opens what was asked for, and nothing else' {
            (Get-SealedProfile "vault://$kv/profiles/billing" -AsPlainText).Secrets.DB_PASSWORD | Should -Be $canary
            $secure = (Get-SealedProfile "vault://$kv/profiles/billing" -AsSecureString).Secrets.DB_PASSWORD
            $secure | Should -BeOfType securestring
            [Net.NetworkCredential]::new('', $secure).Password | Should -Be $canary
            $table = Get-SealedProfile "vault://$kv/profiles/billing" -AsHashtable
            $table.Keys | Should -Be REGION, RETRIES, DB_PASSWORD, DB_USER
            "$($table['DB_PASSWORD'])" | Should -Be '(sealed)'
            $table['DB_PASSWORD'].Reveal() | Should -Be $canary
        }

        It 'makes a credential' {
            $credential = Get-SealedProfile local -AsCredential
            $credential.UserName | Should -Be u
            $credential.GetNetworkCredential().Password | Should -Be $canary
            (Get-SealedProfile "vault://$kv/profiles/billing" -AsCredential -UserNameKey DB_USER -PasswordKey DB_PASSWORD).UserName | Should -Be app
            Get-SealedProfile "vault://$kv/profiles/billing" -AsCredential -ErrorVariable problem -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            $problem.FullyQualifiedErrorId | Should -Be 'SecretBridge.InvalidProfile,SecretBridge.Commands.GetSealedProfile'
            "$problem" | Should -Match 'UserNameKey.*DB_PASSWORD, DB_USER'
        }

        It 'tells the variables that a child process would get, and sets none' {
            $rows = Get-SealedProfile "vault://$kv/profiles/billing" -AsEnvironmentVariable
            $rows.Name | Should -Be REGION, RETRIES, DB_PASSWORD, DB_USER
            $rows.IsSecret | Should -Be $false, $false, $true, $true
            $rows[0].Value.Reveal() | Should -Be eu
            $rows | Out-String | Should -Not -Match $canary
            $env:DB_PASSWORD | Should -BeNullOrEmpty
        }

        It 'tells what is no profile by its key, never by its value' {
            Set-VaultSecret "vault://$kv/profiles/broken" @{ secrets = "$canary-3" } | Out-Null
            $row = Get-SealedProfile "vault://$kv/profiles/broken" -ErrorVariable problem -ErrorAction SilentlyContinue
            $problem.FullyQualifiedErrorId | Should -Be 'SecretBridge.InvalidProfile,SecretBridge.Commands.GetSealedProfile'
            $row.Reason | Should -BeLike "*'secrets'*"
            "$row $($problem | Get-Error | Out-String)" | Should -Not -Match $canary
            Remove-VaultSecret "vault://$kv/profiles/broken" -AllVersions -Confirm:$false | Out-Null
        }

        It 'takes rows of a walk' {
            (Get-VaultSubtree "vault://$kv/profiles" | Get-SealedProfile).Name | Should -Be billing-nightly, build
        }

        It 'takes the sealed file that parameters name, whatever is connected' {
            $passphrase = ConvertTo-TestSecureString 'a passphrase of tests'
            (Get-SealedProfile local -Path (Join-Path $TestDrive "$kv.sealed") -Passphrase $passphrase).Uri | Should -Be builtin://local
            { Get-SealedProfile local -Path (Join-Path $TestDrive 'none.sealed') -Passphrase $passphrase -ErrorAction Stop } | Should -Throw
        }
    }
}
