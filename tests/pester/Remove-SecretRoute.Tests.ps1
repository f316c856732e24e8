[Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseDeclaredVarsMoreThanAssignments', '', Justification = 'The blocks of Pester share them.')]
param()

BeforeAll {
    Import-Module $PSScriptRoot/TestServer.psm1
    Import-TestModule
    $file = Join-Path $TestDrive 'routes.json'
}

Describe 'Remove-SecretRoute' {
    BeforeEach {
        Set-Content $file @'
{
  "routes": [
    // one
    { "pattern": "a/**", "target": "vault://kv/**" },
    { "pattern": "b/**", "target": "vault://kv/**" },
    { "pattern": "c/**", "target": "vault://kv/**" }
  ]
}
'@
    }

    It 'takes routes out and leaves comments' {
        Get-SecretRoute $file | Where-Object Pattern -ne 'b/**' | Remove-SecretRoute -Path $file
        (Get-SecretRoute $file).Pattern | Should -Be 'b/**'
        Get-Content $file -Raw | Should -Match '// one'
    }

    It 'leaves the file as it is with -WhatIf' {
        $before = Get-Content $file -Raw
        Remove-SecretRoute 'a/**' -Path $file -WhatIf
        Get-Content $file -Raw | Should -Be $before
    }

    It 'refuses a route that is not there, and then removes none' {
        { Remove-SecretRoute 'a/**', 'nothing/**' -Path $file } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,SecretBridge.Commands.RemoveSecretRoute'
        @(Get-SecretRoute $file).Count | Should -Be 3
    }
}
