BeforeDiscovery {
    Import-Module $PSScriptRoot/TestServer.psm1
}

Describe 'Samples for pipelines' {
    BeforeAll {
        $script:samples = Join-Path $PSScriptRoot '../../samples/pipelines'
        $script:module = Split-Path (Split-Path (Get-TestModulePath))
        $null = [Reflection.Assembly]::LoadFrom((Join-Path (Split-Path (Get-TestModulePath)) 'deps/YamlDotNet.dll'))

        # Every text below one of these keys, at any depth.
        function Get-Script($Node) {
            foreach ($pair in $Node.Children) {
                if ($pair -isnot [YamlDotNet.RepresentationModel.YamlNode]) {
                    if ($pair.Key.Value -in 'run', 'pwsh') { $pair.Value.Value } else { Get-Script $pair.Value }
                }
                else { Get-Script $pair }
            }
        }
    }

    It '<_> is YAML, and its scripts are PowerShell that gives the samples parameters they have' -ForEach 'github-actions.yml', 'azure-pipelines.yml' {
        $yaml = [YamlDotNet.RepresentationModel.YamlStream]::new()
        $yaml.Load([IO.StringReader]::new((Get-Content (Join-Path $samples $_) -Raw)))
        $scripts = @(Get-Script $yaml.Documents[0].RootNode)
        $scripts.Count | Should -Be 4
        foreach ($text in $scripts) {
            $errors = $null
            $ast = [Management.Automation.Language.Parser]::ParseInput(($text -replace '\$\{\{.*?\}\}|\$\([\w.]+\)', '1'), [ref] $null, [ref] $errors)
            $errors | Should -BeNullOrEmpty
            foreach ($command in $ast.FindAll({ $args[0] -is [Management.Automation.Language.CommandAst] -and $args[0].GetCommandName() -like '*.ps1' }, $true)) {
                $known = (Get-Command (Join-Path $samples (Split-Path $command.GetCommandName() -Leaf))).Parameters.Keys
                $command.CommandElements.ParameterName | Where-Object { $_ } | Should -BeIn $known
            }
        }
    }

    Context 'on <Name>' -ForEach (Get-TestServer | Select-Object -First 1) {
        BeforeAll {
            $script:session = Open-TestSession $_
            $script:output = Join-Path $TestDrive ([guid]::NewGuid())

            # As a job does it: a process of its own, with tokens in its environment.
            function Invoke-Sample($Name, [hashtable] $Parameter) {
                $variables = @{ SOURCE_VAULT_TOKEN = $session.Server.Token; DESTINATION_VAULT_TOKEN = $session.Server.Token; PSModulePath = $module + [IO.Path]::PathSeparator + $env:PSModulePath }
                $before = @{}
                foreach ($variable in $variables.Keys) {
                    $before[$variable] = [Environment]::GetEnvironmentVariable($variable)
                    [Environment]::SetEnvironmentVariable($variable, $variables[$variable])
                }

                try {
                    $arguments = $Parameter.GetEnumerator() | ForEach-Object { "-$($_.Key)", $_.Value }
                    & (Get-Process -Id $PID).Path -NoProfile -File (Join-Path $samples $Name) @arguments *> (Join-Path $TestDrive said.txt)
                    $LASTEXITCODE
                }
                finally {
                    foreach ($variable in $before.Keys) { [Environment]::SetEnvironmentVariable($variable, $before[$variable]) }
                }
            }

            $script:copy = @{ SourceAddress = $session.Server.Address; DestinationAddress = $session.Server.Address; Source = "$($session.Kv)/apps"; Destination = "$($session.Other)/shared"; OutputPath = $output }
        }

        AfterAll { Close-TestSession $session }

        It 'migrates in two jobs, and proves the whole only when both are done' {
            Invoke-Sample Copy-Shard.ps1 ($copy + @{ Shard = '1/2' }) | Should -Be 0
            Invoke-Sample Confirm-Migration.ps1 @{ Path = $output } | Should -Be 1
            Invoke-Sample Copy-Shard.ps1 ($copy + @{ Shard = '2/2' }) | Should -Be 0
            Invoke-Sample Confirm-Migration.ps1 @{ Path = $output } | Should -Be 0
            Compare-SecretTree "vault://$($session.Kv)/apps" "vault://$($session.Other)/shared" -Quiet | Should -BeTrue

            # Once more, as a job that is run again: its journal says that all is done.
            Invoke-Sample Copy-Shard.ps1 ($copy + @{ Shard = '1/2' }) | Should -Be 0
            $again = Get-Content (Join-Path $output 1-of-2.copied.json) -Raw | ConvertFrom-Json
            $again.Resumed | Should -Be $again.Total
            Get-ChildItem $output -File | Get-Content -Raw | Should -Not -Match $session.Canary
        }

        It 'migrates in runspaces of one process' {
            $backend = Get-VaultBackend -Current
            $kv, $other, $module = $session.Kv, $session.Other, (Get-TestModulePath)
            $whole = 1..3 | ForEach-Object -Parallel {
                Import-Module $using:module
                Copy-VaultSubtree "vault://$using:kv/apps" "vault://$using:other/runspaces" -SourceBackend $using:backend -DestinationBackend $using:backend -Shard "$_/3" -Verify -Summary
            } | Merge-TreeSummary
            $whole.Created | Should -Be 3
            $whole.Verified | Should -Be 3
            Compare-SecretTree "vault://$kv/apps" "vault://$other/runspaces" -Quiet | Should -BeTrue
        }
    }
}
