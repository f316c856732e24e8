BeforeDiscovery {
    Import-Module $PSScriptRoot/TestServer.psm1
}

Describe 'Update-SealedProfileKey' {
    BeforeAll {
        Import-TestModule
        $path = Join-Path $TestDrive 'new/team.sealed'
        $old = ConvertTo-TestSecureString 'canary-old'
        $env:SB_TEST_NEW = 'canary-new'
        Connect-SealedStore -Path $path -Passphrase $old -Create | Out-Null
        Set-VaultSecret builtin://a @{ k = (ConvertTo-TestSecureString 'canary-value') } | Out-Null
    }

    AfterAll {
        Disconnect-SealedStore -ErrorAction Ignore
        Remove-Item env:SB_TEST_NEW
    }

    It 'changes nothing with -WhatIf' {
        $before = Get-FileHash $path
        Update-SealedProfileKey -NewPassphraseEnv SB_TEST_NEW -WhatIf | Should -BeNullOrEmpty
        (Get-FileHash $path).Hash | Should -Be $before.Hash
    }

    It 'gives the open file another passphrase, and it stays open' {
        $row = Update-SealedProfileKey -NewPassphraseEnv SB_TEST_NEW
        ($row.Generation, $row.Count) | Should -Be (3, 1)
        (Get-VaultSecret builtin://a -AsPlainText).k | Should -Be 'canary-value'
        { Connect-SealedStore -Path $path -Passphrase $old } | Should -Throw -ErrorId 'SecretBridge.WrongPassphrase,*'
        (Connect-SealedStore -Path $path -PassphraseEnv SB_TEST_NEW).Id | Should -Be $row.Id
    }

    It 'goes over to a key file, and who has it open by the passphrase is told' {
        $key = Join-Path (Split-Path $path) 'key'
        [IO.File]::WriteAllBytes($key, [byte[]](1..32))
        if (-not $IsWindows) { chmod 600 $key }
        "$((Update-SealedProfileKey -Path $path -PassphraseEnv SB_TEST_NEW -NewKeyFile $key).KeyKind)" | Should -Be 'KeyFile'
        { Get-VaultSubtree builtin:// -ErrorAction Stop } | Should -Throw -ErrorId 'SecretBridge.WrongPassphrase,*' -ExpectedMessage '*was changed*'
        Connect-SealedStore -Path $path -KeyFile $key | Out-Null
        (Get-VaultSecret builtin://a -AsPlainText).k | Should -Be 'canary-value'
        Get-ChildItem (Split-Path $path) -Force | ForEach-Object Name | Sort-Object | Should -Be 'key', 'team.sealed', 'team.sealed.lock'
    }

    It 'takes one new key, and says that it needs one' {
        { Update-SealedProfileKey -NewPassphrase $old -NewPassphraseEnv SB_TEST_NEW } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*' -ExpectedMessage '*-NewPassphraseEnv*'
    }
}
