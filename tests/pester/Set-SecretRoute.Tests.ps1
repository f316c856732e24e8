[Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseDeclaredVarsMoreThanAssignments', '', Justification = 'The blocks of Pester share them.')]
param()

BeforeDiscovery {
    Import-Module $PSScriptRoot/TestServer.psm1
    $servers = Get-TestServer
    $absent = @(Get-AbsentTestServer)
}

Describe 'Set-SecretRoute on <Name>' -ForEach $absent {
    It 'moves a consumer and moves it back' -Skip { }
}

Describe 'Set-SecretRoute on <Name>' -ForEach $servers {
    BeforeAll {
        Import-Module $PSScriptRoot/TestServer.psm1
        $session = Open-TestSession $_
        ($kv, $other, $canary) = $session.Kv, $session.Other, $session.Canary
        $null = Copy-VaultSubtree "vault://$kv/apps/billing" "vault://$other/apps/billing"
        $file = Join-Path $TestDrive "routes-$kv.json"
        $audit = Join-Path $TestDrive "audit-$kv.jsonl"
        $env:SECRETBRIDGE_AUDIT = $audit
    }

    AfterAll {
        Remove-Item Env:SECRETBRIDGE_AUDIT -ErrorAction Ignore
        Close-TestSession $session
    }

    BeforeEach {
        Set-Content $file @"
{
  // Ann watches these.
  "routes": [
    { "pattern": "external/**", "target": "vault://$kv/**", "new_target": "vault://$other/**", "mode": "proxy" }, // first
    { "pattern": "rest/**", "target": "vault://$kv/**" }
  ]
}
"@
    }

    It 'moves a consumer by one command, and moves it back to the same file' {
        $before = Get-Content $file -Raw
        $asked = 'external/apps/billing/db#password'
        (Resolve-SecretReference $asked -RoutePath $file).Uri | Should -Be "vault://default@$kv/apps/billing/db#password"
        $row = Set-SecretRoute 'external/**' Cutover -Path $file
        "$($row.Pattern) $($row.Mode)" | Should -Be 'external/** Cutover'
        $moved = Resolve-SecretReference $asked -RoutePath $file
        $moved.Uri | Should -Be "vault://default@$other/apps/billing/db#password"
        $moved.Value.Reveal() | Should -Be $canary
        $moved.Route | Should -Be 'external/**'
        $null = Get-SecretRoute $file | Where-Object Mode -eq Cutover | Set-SecretRoute -Mode Proxy -Path $file
        (Resolve-SecretReference $asked -RoutePath $file).Uri | Should -Be "vault://default@$kv/apps/billing/db#password"
        Get-Content $file -Raw | Should -Be $before
    }

    It 'completes the patterns of the file that is meant' {
        function Complete([string] $Line) { (TabExpansion2 $Line $Line.Length).CompletionMatches.CompletionText }
        Complete "Set-SecretRoute -Path '$file' -Pattern e" | Should -Be 'external/**'
        Complete 'Set-SecretRoute -Path $file -Pattern ' | Should -Be 'external/**', 'rest/**'
        Push-Location $TestDrive
        try { Complete "Remove-SecretRoute -Path routes-$kv.json -Pattern r" | Should -Be 'rest/**' } finally { Pop-Location }
        Complete "New-SecretRoute a b -Path '$file' -Before r" | Should -Be 'rest/**'
        Complete "Set-SecretRoute -Path '$file.none' -Pattern e" | Should -Not -Contain 'external/**'
        $env:SECRETBRIDGE_ROUTES = $file
        try { Complete 'Set-SecretRoute -Pattern e' | Should -Be 'external/**' } finally { Remove-Item Env:SECRETBRIDGE_ROUTES }
    }

    It 'tells drift in Shadow by key, on the row, as a warning and on the audit trail' {
        $null = Set-SecretRoute 'external/**' Shadow -Path $file
        (Resolve-SecretReference external/apps/billing/db -RoutePath $file -WarningVariable warned).Drift | Should -Be None
        $warned | Should -BeNullOrEmpty
        $null = Invoke-TestRequest $session.Server POST "$other/data/apps/billing/db" @{ data = [ordered]@{ user = 'app'; password = "$canary-2"; port = 5432; options = @{ tls = $true } } }
        $row = Resolve-SecretReference external/apps/billing/db#password -RoutePath $file -NoCache -WarningVariable warned -WarningAction SilentlyContinue
        $row.Value.Reveal() | Should -Be $canary
        $row.Drift | Should -Be Different
        $warned | Should -Match 'differ in password'
        (Resolve-SecretReference external/apps/web -RoutePath $file -WarningAction SilentlyContinue).Drift | Should -Be Missing
        $told = @(Get-BridgeAuditEvent $audit | Where-Object Action -eq secret.drift)
        $told.Count | Should -Be 2
        $told[0].Details['changed_keys'] | Should -Be password
        $told[0].Uri | Should -Be "vault://default@$kv/apps/billing/db"
        "$(Get-Content $audit -Raw) $warned $($row | Format-List * | Out-String)" | Should -Not -Match $canary
    }

    It 'makes a fallback an error, and lets it be for a time, marked and told' {
        $null = Set-SecretRoute 'external/**' Cutover -Path $file
        $row = Resolve-SecretReference external/apps/web -RoutePath $file -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem.FullyQualifiedErrorId | Should -Be 'SecretBridge.SecretNotFound,SecretBridge.Commands.ResolveSecretReference'
        "$problem" | Should -Match 'Set-SecretRoute with -AllowFallback'
        $row.Values | Should -BeNullOrEmpty
        $null = Set-SecretRoute 'external/**' -AllowFallback (Get-Date).AddHours(1) -Path $file
        $row = Resolve-SecretReference external/apps/web#key -RoutePath $file -WarningVariable warned -WarningAction SilentlyContinue
        "$($row.Fallback) $($row.Uri) $($row.Value.Reveal())" | Should -Be "True vault://default@$kv/apps/web#key $canary-web"
        $warned | Should -Match 'is a fallback from'
        (Get-BridgeAuditEvent $audit | Where-Object Action -eq secret.fallback).Uri | Should -Be "vault://default@$kv/apps/web"
        (Set-SecretRoute 'external/**' -NoFallback -Path $file).AllowFallbackUntil | Should -BeNullOrEmpty
        Resolve-SecretReference external/apps/web -RoutePath $file -ErrorAction SilentlyContinue | ForEach-Object Value | Should -BeNullOrEmpty
    }

    It 'leads profiles by the same routes, also those that are run' {
        Set-SealedProfile -Uri "vault://$kv/profiles/job" -Secret @{ PW = (ConvertTo-TestSecureString "$canary-old") } | Out-Null
        Set-SealedProfile -Uri "vault://$other/profiles/job" -Secret @{ PW = (ConvertTo-TestSecureString "$canary-new") } | Out-Null
        foreach ($step in @{ Mode = 'Proxy'; Value = "$canary-old"; Mount = $kv }, @{ Mode = 'Cutover'; Value = "$canary-new"; Mount = $other }) {
            $null = Set-SecretRoute 'external/**' $step.Mode -Path $file
            $env:SECRETBRIDGE_ROUTES = $file
            try {
                $row = Get-SealedProfile external/profiles/job
                $row.Uri | Should -Be "vault://default@$($step.Mount)/profiles/job"
                $row.Secrets['PW'].Reveal() | Should -Be $step.Value
                Invoke-SealedProfile external/profiles/job -ScriptBlock { $env:PW } -AllowSecretOutput | Should -Be $step.Value
                Test-SealedProfile external/profiles/* -Quiet | Should -BeTrue
            }
            finally {
                Remove-Item Env:SECRETBRIDGE_ROUTES
            }
        }
    }

    It 'changes several routes at once or none' {
        { Set-SecretRoute 'external/**', 'rest/**' Cutover -Path $file } | Should -Throw '*needs a new target*'
        (Get-SecretRoute $file).Mode | Should -Be Proxy, Proxy
        $rows = 'external/**', 'rest/**' | Set-SecretRoute -Mode Shadow -NewTarget "vault://$other/**" -Description both -Path $file
        $rows.Mode | Should -Be Shadow, Shadow
        Get-Content $file -Raw | Should -Match '"mode": "shadow" }, // first'
    }

    It 'leaves the file as it is with -WhatIf, and refuses what changes nothing' {
        $before = Get-Content $file -Raw
        Set-SecretRoute 'external/**' Cutover -Path $file -WhatIf | Should -BeNullOrEmpty
        Get-Content $file -Raw | Should -Be $before
        { Set-SecretRoute 'external/**' -Path $file } | Should -Throw '*Nothing is to be changed*'
        { Set-SecretRoute 'external/**' -Mode Cutover -NoFallback -AllowFallback (Get-Date).AddDays(1) -Path $file } | Should -Throw '*not both*'
    }

    It 'never reads without routes because the file is not there' {
        { Resolve-SecretReference external/apps/web -RoutePath (Join-Path $TestDrive none.json) } | Should -Throw -ErrorId 'SecretBridge.InvalidConfiguration,SecretBridge.Commands.ResolveSecretReference'
    }
}
