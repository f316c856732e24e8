BeforeDiscovery {
    Import-Module $PSScriptRoot/TestServer.psm1
}

Describe 'Update-SecretReference' {
    BeforeAll { Import-TestModule }

    BeforeEach {
        $folder = New-Item -ItemType Directory (Join-Path $TestDrive ([guid]::NewGuid().ToString('n')))
        $json, $yaml, $map = (Join-Path $folder app.json), (Join-Path $folder app.yaml), @{ 'vault://kv/old' = 'vault://kv/new' }
        [IO.File]::WriteAllText($json, "{`n  // kept`n  `"db`": `"vault://kv/old/db#password`", `"pw`": `"canary-file`"`n}`n")
        [IO.File]::WriteAllText($yaml, "db: vault://kv/old/db`nnot: vault://kv/older`n")
    }

    It 'rewrites what has moved and says where' {
        $rows = Update-SecretReference (Join-Path $folder '*') -Map $map
        $rows | Should -HaveCount 2
        $rows[0].GetType().Name | Should -Be ReferenceChange
        $rows[0].File | Should -Be $json
        $rows[0].Line, $rows[0].Column | Should -Be 3, 10
        $rows[0].OldReference, $rows[0].NewReference | Should -Be 'vault://kv/old/db#password', 'vault://kv/new/db#password'
        [IO.File]::ReadAllText($json) | Should -BeExactly "{`n  // kept`n  `"db`": `"vault://kv/new/db#password`", `"pw`": `"canary-file`"`n}`n"
        [IO.File]::ReadAllText($yaml) | Should -BeExactly "db: vault://kv/new/db`nnot: vault://kv/older`n"
        $rows.Backup | Should -Be "$json.bak", "$yaml.bak"
        [IO.File]::ReadAllText("$yaml.bak") | Should -BeExactly "db: vault://kv/old/db`nnot: vault://kv/older`n"
        $rows | Out-String | Should -Match 'vault://kv/new'
        $rows | Format-List * -Force | Out-String | Should -Not -Match canary
    }

    It 'shows the rows and writes nothing with -WhatIf' {
        $before = [IO.File]::ReadAllText($json)
        $rows = Update-SecretReference $json, $yaml -Map $map -WhatIf
        $rows.Planned | Should -Be $true, $true
        [IO.File]::ReadAllText($json) | Should -BeExactly $before
        (Get-ChildItem $folder).Count | Should -Be 2
    }

    It 'takes files by pipeline, literally, and relative to the location' {
        Get-ChildItem $folder -Filter *.yaml | Update-SecretReference -Map $map -NoBackup | Should -HaveCount 1
        (Get-ChildItem $folder).Count | Should -Be 2
        $odd = Join-Path $folder 'a[1].env'
        [IO.File]::WriteAllText($odd, 'A=vault://kv/old')
        Update-SecretReference -LiteralPath $odd -Map $map | Should -HaveCount 1
        Push-Location $folder
        try { Update-SecretReference app.json -Map $map | Should -HaveCount 1 } finally { Pop-Location }
    }

    It 'goes on after a file that cannot be rewritten' {
        [IO.File]::WriteAllText($json, "{ `"a`": `"vault://kv/old`", canary }")
        $rows = Update-SecretReference $json, $yaml -Map $map -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem.FullyQualifiedErrorId | Should -Be 'SecretBridge.InvalidConfiguration,SecretBridge.Commands.UpdateSecretReference'
        "$problem" | Should -Match 'line 1, column'
        "$problem" | Should -Not -Match canary
        $rows[0].Line | Should -BeNullOrEmpty
        $rows[1].NewReference | Should -Be vault://kv/new/db
    }

    It 'refuses what cannot be right' {
        { Update-SecretReference (Join-Path $folder nothing.json) -Map $map -ErrorAction Stop } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*'
        { Update-SecretReference $json -Map @{} } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*'
        { Update-SecretReference $json -Map @{ 'kv/old' = 'vault://kv/new' } } | Should -Throw -ErrorId 'SecretBridge.InvalidReference,*'
        { Update-SecretReference $json -Map @{ 'vault://kv/old' = $null } } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*'
        { [pscustomobject]@{ Uri = 'vault://kv/a' } | Update-SecretReference $json } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*'
    }

    Context 'on <Name>' -ForEach (Get-TestServer) {
        BeforeAll {
            $session = Open-TestSession $_
            $kv, $other = $session.Kv, $session.Other
        }

        AfterAll { Close-TestSession $session }

        It 'repoints to what was copied, and to nothing else' {
            Set-VaultSecret "vault://$other/moved/web" @{ other = 1 } | Out-Null
            [IO.File]::WriteAllText($yaml, "a: vault://$kv/apps/billing/db#user`nb: vault://$kv/apps/web`nc: vault://$kv/apps/billing/db/x`n")
            $rows = Copy-VaultSubtree "vault://$kv/apps" "vault://$other/moved" -ErrorAction SilentlyContinue |
                Update-SecretReference $yaml -WarningVariable warned -WarningAction SilentlyContinue
            $rows.NewReference | Should -Be "vault://$other/moved/billing/db#user"
            [IO.File]::ReadAllText($yaml) | Should -BeExactly "a: vault://$other/moved/billing/db#user`nb: vault://$kv/apps/web`nc: vault://$kv/apps/billing/db/x`n"
            "$warned" | Should -Match 'apps/web \(Conflict\)'
            Resolve-SecretReference $rows.NewReference -AsPlainText | Should -Be app
        }

        It 'takes no plan for a copy, and takes rows that were kept in a file' {
            [IO.File]::WriteAllText($yaml, "a: vault://$kv/apps/billing/db")
            { Copy-VaultSubtree "vault://$kv/apps" "vault://$other/plan" -WhatIf | Update-SecretReference $yaml -WarningAction SilentlyContinue -ErrorAction Stop } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*'
            $kept = Join-Path $folder rows.xml
            Copy-VaultSubtree "vault://$kv/apps/billing" "vault://$other/kept" | Export-Clixml $kept
            Import-Clixml $kept | Update-SecretReference $yaml | ForEach-Object NewReference | Should -Be "vault://$other/kept/db"
        }
    }
}
