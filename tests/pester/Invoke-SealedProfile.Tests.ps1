BeforeDiscovery {
    Import-Module $PSScriptRoot/TestServer.psm1
}

Describe 'Invoke-SealedProfile' {
    Context 'on <Name>' -ForEach (Get-TestServer) {
        BeforeAll {
            $session = Open-TestSession $_
            $kv, $canary = $session.Kv, $session.Canary
            Connect-SealedStore -Path (Join-Path $TestDrive "$kv.sealed") -Passphrase (ConvertTo-TestSecureString 'a passphrase of tests') -Create | Out-Null
            Set-SealedProfile job -Env @{ REGION = 'eu' } -Secret @{ SB_KEY = (ConvertTo-TestSecureString $canary) } -AllowedWorkflow nightly.yml | Out-Null
            Set-SealedProfile linked -Env @{ A = "vault://$kv/apps/web#key"; B = "vault://$kv/apps/web" } -Secret @{ C = (ConvertTo-TestSecureString "vault://$kv/apps/billing/db#port") } | Out-Null
            Set-SealedProfile broken -Env @{ A = "vault://$kv/apps/none#key" } | Out-Null
            $pwsh, $marker = (Get-Process -Id $PID).Path, (Join-Path $TestDrive 'marker')
        }

        AfterAll { Close-TestSession $session }

        It 'runs a command with the variables, and sets none here' {
            $script = "if (`$env:SB_KEY -ceq '$($canary.Substring(0, 6))' + '$($canary.Substring(6))') { 'right' }; `$env:REGION; exit 7"
            Invoke-SealedProfile job -Command $pwsh -ArgumentList '-NoProfile', '-Command', $script | Should -Be right, eu
            $LASTEXITCODE | Should -Be 7
            $env:SB_KEY | Should -BeNullOrEmpty
            [Environment]::GetEnvironmentVariable('SB_KEY') | Should -BeNullOrEmpty
            Invoke-SealedProfile job -Command $pwsh -ArgumentList '-NoProfile', '-Command', 'exit 0'
            $LASTEXITCODE | Should -Be 0
        }

        It 'finds a program by its name' -Skip:$IsWindows {
            Invoke-SealedProfile job printenv -ArgumentList REGION | Should -Be eu
            $row = Invoke-SealedProfile job sh '-c', 'exit 3' -PassThru
            $row.ExitCode, $row.Name | Should -Be 3, job
            $row.Variable | Should -Be REGION, SB_KEY
            { Invoke-SealedProfile job no-such-program-here } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*' -ExpectedMessage '*ScriptBlock*'
        }

        It 'runs a script block in a PowerShell of its own, with its arguments' {
            $here = 'not there'
            $got = Invoke-SealedProfile job { param($Name, $List) "$PID"; $env:REGION; "$Name $($List -join '+') $here $env:SECRETBRIDGE_ARGUMENTS" } -ArgumentList 'a "b" $c', @(1, 2)
            $got[0] | Should -Not -Be $PID
            $got[1] | Should -Be eu
            $got[2] | Should -Be 'a "b" $c 1+2  '
            Invoke-SealedProfile job { exit 9 }
            $LASTEXITCODE | Should -Be 9
            Invoke-SealedProfile job { throw 'x' } 6>$null
            $LASTEXITCODE | Should -Be 1
            Invoke-SealedProfile job { 'fine' } | Should -Be fine
            $LASTEXITCODE | Should -Be 0
        }

        It 'shows no secret in output unless that is allowed' {
            Invoke-SealedProfile job { "key=$env:SB_KEY" } | Should -Be 'key=(sealed)'
            Invoke-SealedProfile job { [Console]::Error.WriteLine("key=$env:SB_KEY") } -InformationVariable said 6>$null
            "$said" | Should -Be 'key=(sealed)'
            Invoke-SealedProfile job { "key=$env:SB_KEY" } -AllowSecretOutput | Should -Be "key=$canary"
        }

        It 'refuses a workflow that is not allowed, and runs nothing' {
            Invoke-SealedProfile job { 'ran' } -Workflow nightly.yml | Should -Be ran
            Invoke-SealedProfile job { 'ran' } -Workflow other.yml -ErrorVariable problem -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            $problem.FullyQualifiedErrorId | Should -Be 'SecretBridge.WorkflowNotAllowed,SecretBridge.Commands.InvokeSealedProfile'
            $LASTEXITCODE | Should -Be 126
        }

        It 'opens values that are references, and runs nothing where one leads nowhere' {
            $parts = $canary -split '-'
            Invoke-SealedProfile linked { param($One, $Two) $env:A -eq "$One-$Two-web"; $env:B -eq $env:A; $env:C } -ArgumentList $parts | Should -Be True, True, 5432
            Invoke-SealedProfile broken { 'ran' } -ErrorVariable problem -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            "$problem" | Should -Match "vault://$kv/apps/none#key' in 'env.A'"
        }

        It 'keeps what opens stores to itself, and with -CleanEnvironment all else' {
            $env:VAULT_TOKEN, $env:SECRETBRIDGE_X, $env:SB_OTHER, $env:SB_PASS = 'x', 'x', 'other', 'a passphrase of tests'
            try {
                Invoke-SealedProfile job { "$env:VAULT_TOKEN|$env:SECRETBRIDGE_X|$env:SB_OTHER" } | Should -Be '||other'
                Invoke-SealedProfile job { "$env:SB_OTHER|$([bool] $env:PATH)" } -CleanEnvironment | Should -Be '|True'
                Invoke-SealedProfile job { "$env:SB_PASS|$env:REGION" } -Path (Join-Path $TestDrive "$kv.sealed") -PassphraseEnv SB_PASS | Should -Be '|eu'
            }
            finally {
                Remove-Item Env:VAULT_TOKEN, Env:SECRETBRIDGE_X, Env:SB_OTHER, Env:SB_PASS
            }
        }

        It 'keeps to itself what opened the session''s store or logged in before' {
            $names = 'SB_OPENED', 'SB_NEXT', 'SB_CONFIGURED', 'VAULT_SECRET_ID', 'BAO_SECRET_ID'
            $env:SB_OPENED, $env:SB_NEXT, $env:SB_CONFIGURED = 'canary-opened', 'canary-opened', $session.Server.Token
            $env:VAULT_SECRET_ID, $env:BAO_SECRET_ID = 'canary-id', 'canary-id'
            $file, $state = (Join-Path $TestDrive "$kv-named.sealed"), (Join-Path $TestDrive "$kv-state.json")
            @{ sealed = @{ vault = @{ addr = $session.Server.Address; auth_method = 'token'; auth_config = @{ token_env = 'SB_CONFIGURED' }; mount = $kv } } } |
                ConvertTo-Json -Depth 9 | Set-Content $state
            # A session of its own: this one has its file open for the other tests.
            $shell = [powershell]::Create()
            try {
                $null = $shell.AddScript("
                    Import-Module '$(Get-TestModulePath)'
                    `$null = Connect-SealedStore -Path '$file' -PassphraseEnv SB_OPENED -Create
                    `$null = Update-SealedProfileKey -NewPassphraseEnv SB_NEXT
                    `$null = Connect-VaultBackend -ConfigPath '$state'
                    `$null = Set-SealedProfile builtin://any -Env @{ REGION = 'eu' }
                    Invoke-SealedProfile builtin://any -Command $([Environment]::ProcessPath) -ArgumentList '-NoProfile', '-Command', 'Get-ChildItem Env: | ForEach-Object Name'")
                $inherited = $shell.Invoke()
                $shell.Streams.Error | Should -BeNullOrEmpty
                $inherited | Should -Contain REGION
                $inherited | Where-Object { $_ -in $names } | Should -BeNullOrEmpty
            }
            finally {
                $shell.Dispose()
                $names | ForEach-Object { Remove-Item "Env:$_" }
            }
        }

        It 'runs where the session is, with the input it was given' {
            Push-Location $TestDrive
            try { Invoke-SealedProfile job { (Get-Location).Path; @([Console]::In.ReadToEnd() -split '\r?\n')[0] } -StandardInput 'line one', 'two' | Should -Be (Get-Location).Path, 'line one' }
            finally { Pop-Location }
        }

        It 'takes profiles by pipeline, and remembers a failure' {
            (Get-SealedProfile job, linked | Invoke-SealedProfile -ScriptBlock { "r=$env:REGION" }) | Should -Be 'r=eu', 'r='
            Get-SealedProfile job, linked | Invoke-SealedProfile -ScriptBlock { if ($env:REGION) { exit 4 } }
            $LASTEXITCODE | Should -Be 4
        }

        It 'refuses secrets as arguments, and runs nothing with -WhatIf' {
            { Invoke-SealedProfile job { 'ran' } -ArgumentList (ConvertTo-TestSecureString x) } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*'
            $row = Invoke-SealedProfile job { New-Item $args[0] } -ArgumentList $marker -WhatIf
            $row.Planned, $row.ExitCode | Should -Be $true, $null
            Test-Path $marker | Should -BeFalse
        }

        It 'kills what it started when it is stopped' -Skip:$IsWindows {
            $file = Join-Path $TestDrive "$kv.sealed"
            $shell = [powershell]::Create().AddScript({
                    param($Module, $File, [securestring] $Passphrase)
                    Import-Module $Module
                    Invoke-SealedProfile job sh '-c', 'sleep 600 & echo $!; wait' -Path $File -Passphrase $Passphrase
                }).AddArgument((Get-TestModulePath)).AddArgument($file).AddArgument((ConvertTo-TestSecureString 'a passphrase of tests'))
            $output = [Management.Automation.PSDataCollection[psobject]]::new()
            $running = $shell.BeginInvoke([Management.Automation.PSDataCollection[psobject]]::new(), $output)
            $patience = [Diagnostics.Stopwatch]::StartNew()
            while ($output.Count -eq 0 -and $patience.Elapsed.TotalSeconds -lt 30) { Start-Sleep -Milliseconds 50 }
            $child = [int] "$($output[0])"
            $watch = [Diagnostics.Stopwatch]::StartNew()
            $shell.Stop()
            $watch.Elapsed.TotalSeconds | Should -BeLessThan 3
            $running.IsCompleted | Should -BeTrue
            while ((Get-Process -Id $child -ErrorAction Ignore) -and $patience.Elapsed.TotalSeconds -lt 40) { Start-Sleep -Milliseconds 50 }
            Get-Process -Id $child -ErrorAction Ignore | Should -BeNullOrEmpty
        }
    }
}
