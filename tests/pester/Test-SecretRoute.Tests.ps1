[Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseDeclaredVarsMoreThanAssignments', '', Justification = 'The blocks of Pester share them.')]
param()

BeforeDiscovery {
    Import-Module $PSScriptRoot/TestServer.psm1
    $servers = Get-TestServer
    $absent = @(Get-AbsentTestServer)
}

Describe 'Test-SecretRoute on <Name>' -ForEach $absent {
    It 'goes where the routes say' -Skip { }
}

Describe 'Test-SecretRoute on <Name>' -ForEach $servers {
    BeforeAll {
        Import-Module $PSScriptRoot/TestServer.psm1
        $session = Open-TestSession $_
        ($kv, $other, $v1) = $session.Kv, $session.Other, $session.V1
        $file = Join-Path $TestDrive "routes-$kv.json"
        $null = New-SecretRoute 'external/other/**' 'vault://nowhere/**' -Path $file
        $null = New-SecretRoute 'external/**' "vault://$kv/**" "vault://$other/**" -Mode Shadow -Path $file
        $null = New-SecretRoute 'moved/**' "vault://$kv/**" "vault://$v1/**" -Mode Cutover -AllowFallback (Get-Date).AddDays(1) -Path $file
    }

    AfterAll { Close-TestSession $session }

    It 'says where a reference goes, why, and why not by an earlier route' {
        $row = Test-SecretRoute external/apps/web#key -Path $file
        $row.Uri | Should -Be "vault://$kv/apps/web#key"
        $row.Other | Should -Be "vault://$other/apps/web#key"
        "$($row.Position) $($row.Mode) $($row.Route) $($row.Fallback)" | Should -Be '2 Shadow external/** None'
        $row.Passed | Should -Be "1 external/other/**: name 2 of the path is 'apps', not 'other'."
        $row.State | Should -BeNullOrEmpty
        (Test-SecretRoute moved/x -Path $file).Fallback | Should -Be Allowed
    }

    It 'shows in 80 columns where both sides lie' {
        $lines = (Test-SecretRoute external/apps/web -Path $file -Probe | Out-String -Width 80) -split '\r?\n' | Where-Object { $_ }
        $lines[0] | Should -Match '^Pos Mode +Reference +State +Uri +Other +OtherState$'
        $lines.Count | Should -BeLessThan 8
    }

    It 'says that no route is for a reference' {
        $row = "vault://$kv/apps/web" | Test-SecretRoute -Path $file
        $row.Uri | Should -Be "vault://$kv/apps/web"
        $row.Route | Should -BeNullOrEmpty
        $row.Passed.Count | Should -Be 3
    }

    It 'asks both sides for metadata with -Probe, and hands on the one that answers' {
        $rows = 'external/apps/web', 'external/apps/gone', 'moved/apps/web' | Test-SecretRoute -Path $file -Probe
        $rows.State | Should -Be Live, Deleted, Absent
        $rows.OtherState | Should -Be Absent, Absent, Live
        ($rows[0] | Get-VaultSecret).Uri | Should -Be "vault://default@$kv/apps/web"
        ($rows | Format-Table | Out-String -Width 300) | Should -Not -Match $session.Canary
    }

    It 'is an error beside a row where a side cannot be asked' {
        $row = Test-SecretRoute external/other/x -Path $file -Probe -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem.FullyQualifiedErrorId | Should -Be 'SecretBridge.MountNotFound,SecretBridge.Commands.TestSecretRoute'
        $row.Uri | Should -Be 'vault://nowhere/x'
    }
}
