BeforeDiscovery {
    Import-Module $PSScriptRoot/TestServer.psm1
}

Describe 'Get-VaultBackend' {
    Context 'on <Name>' -ForEach (Get-TestServer) {
        BeforeAll {
            $session = Open-TestSession $_
            $kv, $other, $v1, $canary = $session.Kv, $session.Other, $session.V1, $session.Canary
        }

        AfterAll { Close-TestSession $session }

        It 'lists connections by wildcard, and tells a name that is not connected' {
            Connect-TestBackend $_ -Name extra | Out-Null
            (Get-VaultBackend).Name | Should -Be 'default', 'extra'
            (Get-VaultBackend ex*).Name | Should -Be 'extra'
            Get-VaultBackend nothing* | Should -BeNullOrEmpty
            Get-VaultBackend nothing -ErrorVariable problem -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            $problem.FullyQualifiedErrorId | Should -Be 'SecretBridge.NotConnected,SecretBridge.Commands.GetVaultBackend'
            Disconnect-VaultBackend extra
        }

        It 'belongs to its runspace; another one gets it as an object' {
            Connect-TestBackend $_ | Out-Null
            $backend = Get-VaultBackend -Current
            $module = Get-TestModulePath
            $counts = 1..3 | ForEach-Object -Parallel {
                Import-Module $using:module
                (Get-VaultBackend).Count
                (Get-VaultSubtree "vault://$($using:kv)/apps" -Backend $using:backend).Count
            }
            $counts | Sort-Object | Should -Be 0, 0, 0, 4, 4, 4
        }

    }
}
