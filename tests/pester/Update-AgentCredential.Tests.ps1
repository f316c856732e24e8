BeforeDiscovery {
    Import-Module $PSScriptRoot/TestServer.psm1
}

Describe 'Update-AgentCredential' {
    Context 'on <Name>' -ForEach (Get-TestServer) {
        BeforeAll {
            $session = Open-TestSession $_
            $mount, $canary = "vault://$($session.Other)", $session.Canary
            $old = ConvertTo-TestSecureString $canary
            1..8 | ForEach-Object { "vault://$($session.Other)/agentidp/agents/bulk/credentials/c$_" } | Set-AgentCredential -ClientSecret $old | Out-Null
        }

        AfterAll { Close-TestSession $session }

        It 'rotates from the pipeline, one row each, the new secret sealed and the old one in the history' {
            $rows = Get-AgentCredential bulk -MountUri $mount | Update-AgentCredential
            $rows.Action | Should -Be (@('Updated') * 8)
            $rows.Version | Should -Be (@(2) * 8)
            $rows | ForEach-Object { $_.NewSecret.Reveal() } | Sort-Object -Unique | Should -HaveCount 8
            Test-AgentCredential bulk c3 $rows[2].NewSecret.ToSecureString() -MountUri $mount | Should -BeTrue
            (Get-VaultSecret "$($rows[2].Uri)?version=1").Data['clientSecret'].Reveal() | Should -Be $canary
            $rows | Format-List * | Out-String | Should -Not -Match $rows[0].NewSecret.Reveal()
        }

        It 'goes on with a journal and rotates nothing twice' {
            $journal = Join-Path $TestDrive 'rotation.jsonl'
            Set-AgentCredential j c1 $old -MountUri $mount | Out-Null
            Set-AgentCredential j c2 $old -MountUri $mount | Out-Null
            $first = Update-AgentCredential j c1 -MountUri $mount -JournalPath $journal
            $rows = Update-AgentCredential j c1, c2 -MountUri $mount -JournalPath $journal -Resume
            $rows.Version | Should -Be 2, 2
            $rows[0].NewSecret.Reveal() | Should -Be $first.NewSecret.Reveal()
            $rows[0].Reason | Should -Match 'journal'
            Get-Content $journal -Raw | Should -Not -Match $first.NewSecret.Reveal()
            { Update-AgentCredential j c1 -MountUri $mount -JournalPath $journal } | Should -Throw -ErrorId 'SecretBridge.JournalInvalid,*'
        }

        It 'reports one that is not there and goes on with the others' {
            $rows = Update-AgentCredential bulk none, c1 -MountUri $mount -ErrorVariable problem -ErrorAction SilentlyContinue
            $rows.Action | Should -Be Failed, Updated
            $problem.FullyQualifiedErrorId | Should -Be 'SecretBridge.SecretNotFound,SecretBridge.Commands.UpdateAgentCredential'
        }

        It 'writes neither a secret nor a journal with -WhatIf' {
            $rows = Update-AgentCredential bulk c1 -MountUri $mount -JournalPath "$TestDrive/w.jsonl" -WhatIf
            $rows.Planned | Should -BeTrue
            $rows.NewSecret | Should -BeNullOrEmpty
            "$TestDrive/w.jsonl" | Should -Not -Exist
        }
    }
}
