BeforeDiscovery {
    Import-Module $PSScriptRoot/TestServer.psm1
}

Describe 'Export-SecretSnapshot' {
    Context 'on <Name>' -ForEach (Get-TestServer) {
        BeforeAll {
            Import-Module $PSScriptRoot/Leak.psm1
            $session = Open-TestSession $_
            $kv, $canary = $session.Kv, $session.Canary
            $null = Invoke-TestRequest $session.Server POST "$kv/data/apps/web" @{ data = @{ key = "$canary-web-2" } }
            $script:passphrase = ConvertTo-TestSecureString 'canary-passphrase'
            $script:source = "vault://$kv/apps"
        }

        BeforeEach {
            $script:file = Join-Path $TestDrive "$([guid]::NewGuid()).snapshot"
        }

        AfterAll { Close-TestSession $session }

        It 'makes one file of a tree, in which nothing can be read, and proves it' {
            $made = Export-SecretSnapshot $source $file -Passphrase $passphrase
            $made | Select-Object Secrets, Versions, Unreadable, IsPartial, HasHistory | ConvertTo-Csv | Select-Object -Skip 1 | Should -Be '"4","4","0","False","True"'
            $made.Uri | Should -Be "vault://default@$kv/apps"
            $made.Length | Should -Be (Get-Item $file).Length
            Find-Leak -Secret $canary -Path $file | Should -BeNullOrEmpty
            Find-Leak -Secret 'canary-passphrase' -Path $file -Text ($made | Format-List * | Out-String) | Should -BeNullOrEmpty
            if (-not $IsWindows) { (Get-Item $file).UnixFileMode | Should -Be 'UserWrite, UserRead' }
            Compare-SecretTree $source snapshot:// -SnapshotPath $file -SnapshotPassphrase $passphrase -IncludeMetadata -IncludeVersion -Quiet | Should -BeTrue
            (Compare-SecretTree snapshot://billing "$source/billing" -SnapshotPath $file -SnapshotPassphrase $passphrase -Summary).Equal | Should -Be 2
        }

        It 'shows what changed since' {
            $env:SECRETBRIDGE_TEST_PASSPHRASE = 'canary-passphrase'
            try {
                $null = Export-SecretSnapshot $source $file -PassphraseEnv SECRETBRIDGE_TEST_PASSPHRASE -Version Latest
                $null = Invoke-TestRequest $session.Server POST "$kv/data/apps/billing/api" @{ data = @{ key = "$canary-changed" } }
                $row = Compare-SecretTree snapshot:// $source -SnapshotPath $file -SnapshotPassphraseEnv SECRETBRIDGE_TEST_PASSPHRASE
                $row.SideIndicator, $row.Uri, $row.ChangedKey | Should -Be '<>', 'snapshot://billing/api', 'key'
            }
            finally { Remove-Item Env:SECRETBRIDGE_TEST_PASSPHRASE }
        }

        It 'writes nothing with -WhatIf, and replaces a file only with -Force' {
            Export-SecretSnapshot $source $file -Passphrase $passphrase -WhatIf | Should -BeNullOrEmpty
            Test-Path $file | Should -BeFalse
            $null = Export-SecretSnapshot $source $file -Passphrase $passphrase
            $hash = (Get-FileHash $file).Hash
            { Export-SecretSnapshot $source $file -Passphrase $passphrase } | Should -Throw -ErrorId 'SecretBridge.DestinationExists,*'
            (Get-FileHash $file).Hash | Should -Be $hash
            (Export-SecretSnapshot "$source/web" $file -Passphrase $passphrase -Force).Secrets | Should -Be 1
        }

        It 'refuses what cannot be, before anybody is asked' {
            { Export-SecretSnapshot $source $file -Passphrase $passphrase -KeyFile x } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*'
            { Export-SecretSnapshot $source $file -Passphrase $passphrase -Version 3 } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*'
            { Export-SecretSnapshot "$source/none" $file -Passphrase $passphrase } | Should -Throw -ErrorId 'SecretBridge.SecretNotFound,*'
            { Export-SecretSnapshot $source (Join-Path $TestDrive none/x) -Passphrase $passphrase } | Should -Throw -ErrorId 'SecretBridge.SealedFileFailed,*'
            if ([Console]::IsInputRedirected) {
                { Export-SecretSnapshot $source $file } | Should -Throw -ErrorId 'SecretBridge.SealedStoreLocked,*'
            }
            Test-Path $file | Should -BeFalse
        }

        It 'writes plain text only where that is meant' {
            $clear = Join-Path $TestDrive "$([guid]::NewGuid()).json"
            $json = Export-SecretSnapshot $source $clear -AsPlainText -Format Json -Confirm:$false -WarningVariable warning -WarningAction SilentlyContinue
            $json.Secrets, $json.Id | Should -Be 3, $null
            $warning | Should -BeLike '1 secrets have no value*'
            (Get-Content $clear -Raw | ConvertFrom-Json -AsHashtable)['billing/db'].password | Should -BeExactly $canary
            if (-not $IsWindows) { (Get-Item $clear).UnixFileMode | Should -Be 'UserWrite, UserRead' }
            $null = Export-SecretSnapshot "$source/web" $clear -AsPlainText -Format DotEnv -Confirm:$false -Force
            Get-Content $clear | Should -Be '# web', "WEB_KEY='$canary-web-2'"
            $null = Export-SecretSnapshot "$source/web" $clear -AsPlainText -Format Yaml -Confirm:$false -Force
            (Get-Content $clear -Raw).Trim() | Should -Be "`"web`":`n  `"key`": `"$canary-web-2`""
        }

        It 'asks about plain text whatever the preferences say, and fails where nobody can be asked' {
            $clear = Join-Path $TestDrive "$([guid]::NewGuid()).json"
            $script = "Import-Module '$(Get-TestModulePath)'; `$ConfirmPreference = 'None'; Connect-VaultBackend '$($session.Server.Address)' -Token (ConvertTo-SecureString '$($session.Server.Token)' -AsPlainText -Force) | Out-Null; try { Export-SecretSnapshot '$source' '$clear' -AsPlainText -Format Json } catch { `$_.FullyQualifiedErrorId }"
            pwsh -NoProfile -NonInteractive -Command $script | Should -BeLike 'SecretBridge.InvalidArgument,*'
            Test-Path $clear | Should -BeFalse
        }
    }
}
