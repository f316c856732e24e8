[Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseDeclaredVarsMoreThanAssignments', '', Justification = 'The blocks of Pester share them.')]
param()

BeforeAll {
    Import-Module $PSScriptRoot/TestServer.psm1
    Import-TestModule
    $file = Join-Path $TestDrive 'routes.json'
}

Describe 'New-SecretRoute' {
    BeforeEach { Remove-Item $file -ErrorAction Ignore }

    It 'makes the file, and puts each route at its place' {
        $row = New-SecretRoute 'external/hashicorp/**' 'vault://kv/**' -Path $file
        "$($row.Position) $($row.Mode) $($row.Pattern) $($row.Target)" | Should -Be '1 Proxy external/hashicorp/** vault://kv/**'
        $row.File | Should -Be $file
        $null = New-SecretRoute 'first/**' 'vault://a/**', 'vault://b/**' 'vault://c/**' -Mode Shadow -Description 'two old ones' -Path $file -First
        $null = New-SecretRoute 'middle/**' 'vault://kv/**' -Path $file -Before 'external/hashicorp/**'
        (Get-SecretRoute $file).Pattern | Should -Be 'first/**', 'middle/**', 'external/hashicorp/**'
        (Get-SecretRoute $file)[0].Target | Should -Be 'vault://a/**', 'vault://b/**'
        (Get-Content $file -Raw | ConvertFrom-Json).routes[0].mode | Should -Be shadow
    }

    It 'takes the file of SECRETBRIDGE_ROUTES, and says that one is needed' {
        { New-SecretRoute 'a/**' 'vault://kv/**' -ErrorAction Stop } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,SecretBridge.Commands.NewSecretRoute'
        $env:SECRETBRIDGE_ROUTES = $file
        try {
            (New-SecretRoute 'a/**' 'vault://kv/**').File | Should -Be $file
        }
        finally {
            Remove-Item Env:SECRETBRIDGE_ROUTES
        }
    }

    It 'keeps until when a fallback is allowed, and refuses a time that is over' {
        $until = [datetimeoffset]::UtcNow.AddDays(7)
        $row = New-SecretRoute 'a/**' 'vault://old@kv/**' 'vault://new@kv/**' -Mode Cutover -AllowFallback (Get-Date).AddDays(7) -Path $file
        [math]::Abs(($row.AllowFallbackUntil - $until).TotalSeconds) | Should -BeLessThan 60
        { New-SecretRoute 'b/**' 'vault://old@kv/**' 'vault://new@kv/**' -Mode Cutover -AllowFallback (Get-Date).AddMinutes(-1) -Path $file } | Should -Throw '*is over*'
        @(Get-SecretRoute $file).Count | Should -Be 1
    }

    It 'writes nothing with -WhatIf' {
        New-SecretRoute 'a/**' 'vault://kv/**' -Path $file -WhatIf | Should -BeNullOrEmpty
        $file | Should -Not -Exist
    }

    It 'warns of a route that is never reached' {
        $null = New-SecretRoute 'apps/**' 'vault://kv/**' -Path $file
        $null = New-SecretRoute 'apps/billing/**' 'vault://other/**' -Path $file -WarningVariable warned -WarningAction SilentlyContinue
        $warned | Should -Match "never reached: 'apps/\*\*' stands before it"
    }

    It 'refuses <flaw>' -ForEach @(
        @{ flaw = 'a login in a target'; target = 'vault://user:canary-5b1f0c7e@kv/**'; id = 'InvalidReference' }
        @{ flaw = 'a target without a scheme'; target = 'kv/**'; id = 'InvalidArgument' }
        @{ flaw = 'wildcards without a counterpart'; target = 'vault://kv/x'; id = 'InvalidArgument' }
    ) {
        $refused = $null
        try { New-SecretRoute 'a/**' $target -Path $file } catch { $refused = $_ }
        $refused.FullyQualifiedErrorId | Should -Be "SecretBridge.$id,SecretBridge.Commands.NewSecretRoute"
        "$refused" | Should -Not -Match 'canary'
        $file | Should -Not -Exist
    }
}
