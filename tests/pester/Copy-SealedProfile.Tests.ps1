BeforeDiscovery {
    Import-Module $PSScriptRoot/TestServer.psm1
}

Describe 'Copy-SealedProfile' {
    Context 'on <Name>' -ForEach (Get-TestServer) {
        BeforeAll {
            $session = Open-TestSession $_
            $kv, $canary = $session.Kv, $session.Canary
            Connect-SealedStore -Path (Join-Path $TestDrive "$kv.sealed") -Passphrase (ConvertTo-TestSecureString 'a passphrase of tests') -Create | Out-Null
            'one', 'two' | ForEach-Object { Set-SealedProfile $_ -Owner $_ -Env @{ N = 1.5 } -Secret @{ KEY = (ConvertTo-TestSecureString $canary) } | Out-Null }
        }

        AfterAll { Close-TestSession $session }

        It 'moves profiles from the sealed file into Vault, verified, and writes nothing the second time' {
            $rows = Get-SealedProfile * | Copy-SealedProfile -DestinationUri "vault://$kv/sagewai"
            $rows.Action | Should -Be Created, Created
            $rows.Verified | Should -Be $true, $true
            $rows.Destination | Should -Be "vault://default@$kv/sagewai/one", "vault://default@$kv/sagewai/two"
            (Get-SealedProfile "vault://$kv/sagewai/one" -AsPlainText).Secrets.KEY | Should -Be $canary
            (Copy-SealedProfile * "vault://$kv/sagewai").Action | Should -Be Unchanged, Unchanged
            (Get-VaultSecret "vault://$kv/sagewai/one").Version | Should -Be 1
        }

        It 'copies back into the sealed file' {
            Set-SealedProfile "vault://$kv/team/three" -Owner three | Out-Null
            $row = Copy-SealedProfile "vault://$kv/team/three" builtin://
            $row.Action, $row.Verified, $row.Destination | Should -Be Created, $true, builtin://three
            (Get-SealedProfile three).Owner | Should -Be three
        }

        It 'leaves other content unless it may overwrite it' {
            Set-SealedProfile "vault://$kv/busy/one" -Owner theirs | Out-Null
            (Copy-SealedProfile one "vault://$kv/busy" -ErrorVariable problem -ErrorAction SilentlyContinue).Action | Should -Be Conflict
            $problem.FullyQualifiedErrorId | Should -Be 'SecretBridge.DestinationExists,SecretBridge.Commands.CopySealedProfile'
            (Copy-SealedProfile one "vault://$kv/busy" -Conflict Skip).Action | Should -Be Skipped
            (Copy-SealedProfile one "vault://$kv/busy" -Conflict Overwrite -WhatIf).Planned | Should -BeTrue
            (Get-SealedProfile "vault://$kv/busy/one").Owner | Should -Be theirs
            (Copy-SealedProfile one "vault://$kv/busy" -Conflict Overwrite).Action | Should -Be Updated
            (Get-SealedProfile "vault://$kv/busy/one").Owner | Should -Be one
        }

        It 'tells what could not be copied, and copies the rest' {
            $rows = Copy-SealedProfile none, two "vault://$kv/rest" -ErrorVariable problem -ErrorAction SilentlyContinue
            $rows.Action | Should -Be Failed, Created
            $problem.FullyQualifiedErrorId | Should -Be 'SecretBridge.SecretNotFound,SecretBridge.Commands.CopySealedProfile'
            { Copy-SealedProfile two 'vault://nowhere-at-all/x' -ErrorAction Stop } | Should -Throw -ErrorId 'SecretBridge.*'
        }
    }
}
