[Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseDeclaredVarsMoreThanAssignments', '', Justification = 'The blocks of Pester share them.')]
param()

BeforeAll {
    Import-Module $PSScriptRoot/TestServer.psm1
    Import-Module $PSScriptRoot/Leak.psm1
    Import-TestModule
    $server = Get-TestScaiVault
    $token = ConvertTo-TestSecureString $server.Token
}

AfterAll {
    Get-ScaiVaultBackend | Disconnect-ScaiVaultBackend
    (Invoke-ScaiVaultControl $server).undocumented | Should -BeNullOrEmpty
}

Describe 'Get-ScaiVaultAuditEvent' {
    It 'reads what an identity did since a time' {
        foreach ($entry in @(
                @{ identity_id = 'svc'; timestamp = '2026-01-01T00:00:00Z'; action = 'read'; path = 'a' }
                @{ identity_id = 'svc'; timestamp = '2026-02-01T00:00:00Z'; action = 'write'; path = 'b'; count = 2 }
                @{ identity_id = 'else'; timestamp = '2026-02-01T00:00:00Z'; action = 'read'; path = 'c' })) {
            $null = Invoke-ScaiVaultControl $server log @{ entry = $entry }
        }
        $null = Connect-ScaiVaultBackend $server.Address -Token $token
        (Get-ScaiVaultAuditEvent svc).Path | Should -Be a, b
        $one = Get-ScaiVaultAuditEvent svc -From ([datetimeoffset] '2026-01-15T00:00:00Z').UtcDateTime
        $one.Action, $one.Path, $one.Fields['count'] | Should -Be write, b, '2'
        $one | Out-String -Width 80 | Should -Match 'write\s+b'
        Get-ScaiVaultAuditEvent nobody | Should -BeNullOrEmpty
        (Invoke-ScaiVaultControl $server).requests[1] | Should -BeLike 'GET /v1/audit/logs?identity_id=svc&from=2026-01-15T00*'
    }
}
