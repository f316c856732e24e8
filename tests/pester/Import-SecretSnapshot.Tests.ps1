BeforeDiscovery {
    Import-Module $PSScriptRoot/TestServer.psm1
}

Describe 'Import-SecretSnapshot' {
    Context 'on <Name>' -ForEach (Get-TestServer) {
        BeforeAll {
            $session = Open-TestSession $_
            $kv, $other, $v1, $canary = $session.Kv, $session.Other, $session.V1, $session.Canary
            foreach ($version in 2..3) {
                $null = Invoke-TestRequest $session.Server POST "$kv/data/apps/web" @{ data = @{ key = "$canary-web-$version" } }
            }
            $file = Join-Path $TestDrive "$kv.snapshot"
            $open = @{ Passphrase = ConvertTo-TestSecureString 'canary-passphrase' }
            $null = Export-SecretSnapshot "vault://$kv/apps" $file @open
        }

        AfterAll { Close-TestSession $session }

        It 'plans without writing' {
            $rows = Import-SecretSnapshot $file "vault://$other/plan" @open -WhatIf
            $rows.Planned | Should -Be $true, $true, $true, $true
            $rows.Uri | Should -Be snapshot://billing/api, snapshot://billing/db, snapshot://gone, snapshot://web
            Get-VaultSubtree "vault://$other/plan" -ErrorAction Ignore | Where-Object { -not $_.Reason } | Should -BeNullOrEmpty
        }

        It 'brings everything back, proves it, and a second time writes nothing' {
            $rows = Import-SecretSnapshot $file "vault://$other/all" @open -Verify
            $rows | Select-Object RelativePath, Action, Verified, VersionsCopied | ConvertTo-Csv | Select-Object -Skip 1 |
                Should -Be '"billing/api","Created","True","1"', '"billing/db","Created","True","1"', '"gone","Created","True","0"', '"web","Created","True","3"'
            Compare-SecretTree "vault://$kv/apps" "vault://$other/all" -IncludeMetadata -IncludeVersion -Quiet | Should -BeTrue
            (Import-SecretSnapshot $file "vault://$other/all" @open).Action | Should -Be Unchanged, Unchanged, Unchanged, Unchanged
            (Import-SecretSnapshot $file "vault://$other/all" @open -Summary).Unchanged | Should -Be 4
        }

        It 'takes the options of a copy' {
            $null = Invoke-TestRequest $session.Server POST "$other/data/part/www" @{ data = @{ key = 'other' } }
            $map = @{ web = 'www' }
            $row = Import-SecretSnapshot $file "vault://$other/part" @open -Include web -Map $map -Version Latest -ErrorAction SilentlyContinue -ErrorVariable fault
            $row.Action | Should -Be Conflict
            $fault.FullyQualifiedErrorId | Should -BeLike 'SecretBridge.DestinationExists,*'
            $row = Import-SecretSnapshot $file "vault://$other/part" @open -Include web -Map $map -Version Latest -Conflict Overwrite -SkipMetadata
            $row.Action, $row.DestinationVersion | Should -Be Updated, 2
            (Import-SecretSnapshot $file "vault://$v1" @open -Exclude gone -WarningAction SilentlyContinue).Action | Should -Be Created, Created, Created
        }

        It 'refuses another passphrase, a damaged file and no file at all, and writes nothing' {
            { Import-SecretSnapshot $file "vault://$other/no" -Passphrase (ConvertTo-TestSecureString 'wrong') } | Should -Throw -ErrorId 'SecretBridge.WrongPassphrase,*'
            $cut = Join-Path $TestDrive cut.snapshot
            [IO.File]::WriteAllBytes($cut, [IO.File]::ReadAllBytes($file)[0..700])
            if (-not $IsWindows) { chmod 600 $cut }
            { Import-SecretSnapshot $cut "vault://$other/no" @open } | Should -Throw -ErrorId 'SecretBridge.SealedFileTruncated,*'
            { Import-SecretSnapshot "$file.none" "vault://$other/no" @open } | Should -Throw -ErrorId 'SecretBridge.SealedFileFailed,*'
            if (-not $IsWindows) {
                chmod 644 $cut
                { Import-SecretSnapshot $cut "vault://$other/no" @open } | Should -Throw -ErrorId 'SecretBridge.SealedFileExposed,*'
            }
            Get-VaultSubtree "vault://$other/no" -ErrorAction Ignore | Where-Object { -not $_.Reason } | Should -BeNullOrEmpty
        }

        It 'is where a snapshot is read, and no other cmdlet knows it without its file' {
            { Get-VaultSecret snapshot://web -ErrorAction Stop } | Should -Throw -ErrorId 'SecretBridge.SealedStoreLocked,*'
            { Import-SecretSnapshot $file snapshot://x @open } | Should -Throw -ErrorId 'SecretBridge.*'
        }
    }
}
