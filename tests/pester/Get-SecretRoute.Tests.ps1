[Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseDeclaredVarsMoreThanAssignments', '', Justification = 'The blocks of Pester share them.')]
param()

BeforeAll {
    Import-Module $PSScriptRoot/TestServer.psm1
    Import-TestModule
    $file = Join-Path $TestDrive 'routes.json'
}

Describe 'Get-SecretRoute' {
    It 'lists what people wrote, with comments and in its order' {
        Set-Content $file @'
{
  // The way of billing.
  "routes": [
    { "pattern": "billing/**", "target": "vault://old@kv/**", "new_target": "vault://new@kv/**", "mode": "cutover",
      "allow_fallback_until": "2026-12-01T18:00:00+01:00" },
    { "pattern": "**", "target": "vault://old@kv/**", },
    { "pattern": "late/**", "target": "vault://old@kv/**" },
  ]
}
'@
        $rows = Get-SecretRoute $file -WarningVariable warned -WarningAction SilentlyContinue
        $rows.Pattern | Should -Be 'billing/**', '**', 'late/**'
        $rows.Mode | Should -Be Cutover, Proxy, Proxy
        $rows[0].AllowFallbackUntil | Should -Be ([datetimeoffset] '2026-12-01T17:00:00Z')
        $warned | Should -Match "The route 'late/\*\*' is never reached"
        ($rows | Format-Table | Out-String) | Should -Match 'Cutover billing/\*\*'
    }

    It 'says where a file is broken' {
        Set-Content $file "{`n  `"routes`": [ { `"patern`": `"x`" } ]`n}"
        $refused = { Get-SecretRoute $file } | Should -Throw -PassThru
        $refused.FullyQualifiedErrorId | Should -Be 'SecretBridge.InvalidConfiguration,SecretBridge.Commands.GetSecretRoute'
        "$refused" | Should -Match "line 2, column 17: 'patern' is no field here"
    }

    It 'says that there is no file' {
        { Get-SecretRoute (Join-Path $TestDrive 'none.json') } | Should -Throw -ErrorId 'SecretBridge.InvalidConfiguration,SecretBridge.Commands.GetSecretRoute'
    }
}
