BeforeDiscovery {
    Import-Module $PSScriptRoot/TestServer.psm1
}

Describe 'The module' {
    BeforeAll {
        Import-TestModule
        $script:module = Get-TestModulePath

        # Runs a script in a process of its own: what an assembly has bound cannot be unbound.
        function Invoke-Fresh([string] $Script) {
            & (Get-Process -Id $PID).Path -NoProfile -NonInteractive -Command "`$ErrorActionPreference = 'Stop'; $Script" 2>&1 | Out-String
        }
    }

    It 'exports what the manifest says, the face of the module first' {
        $manifest = Import-PowerShellDataFile $module
        (Get-Command -Module SecretBridge).Name | Sort-Object | Should -Be ($manifest.CmdletsToExport | Sort-Object)
        $manifest.CmdletsToExport[0..4] | Should -Be Get-SealedProfile, Connect-VaultBackend, Copy-VaultSubtree, Compare-SecretTree, Test-VaultHealth
        Test-ModuleManifest $module | ForEach-Object Name | Should -Be SecretBridge
    }

    It 'has help with a synopsis, a description and an example for <_>' -ForEach @((Import-PowerShellDataFile $PSScriptRoot/../../SecretBridge.psd1).CmdletsToExport) {
        $help = Get-Help $_ -Full
        $help.Synopsis | Should -Not -BeLike "*$_*<*"
        $help.description.Text | Should -Not -BeNullOrEmpty
        @($help.examples.example).Count | Should -BeGreaterThan 0
    }

    It 'describes each parameter of <_> in a sentence, not in code' -ForEach @((Import-PowerShellDataFile $PSScriptRoot/../../SecretBridge.psd1).CmdletsToExport) {
        $parameters = @((Get-Help $_ -Full).parameters.parameter | Where-Object { $_ })
        foreach ($parameter in $parameters) {
            $text = $parameter.description.Text -join ' '
            $text | Should -Not -BeNullOrEmpty -Because "-$($parameter.name) needs a word"
            $text | Should -Not -Match '</?\w+>|\b(public|private) \w+ |\[Cmdlet\(|\{\{' -Because "-$($parameter.name) is read by users"
        }
    }

    It 'survives -Force, and removal and import' {
        Invoke-Fresh "Import-Module '$module'; Import-Module '$module' -Force; Remove-Module SecretBridge; Import-Module '$module'; (Test-VaultHealth http://127.0.0.1:1).Status" |
            Should -BeLike 'Unreachable*'
    }

    It 'serves two runspaces, also after one has removed it' {
        Invoke-Fresh @"
`$one, `$two = 1..2 | ForEach-Object { [powershell]::Create() }
`$null = `$one.AddScript("Import-Module '$module'").Invoke(); `$one.Commands.Clear()
`$null = `$two.AddScript("Import-Module '$module'").Invoke(); `$two.Commands.Clear()
`$null = `$one.AddScript('Remove-Module SecretBridge').Invoke()
`$two.AddScript('(Test-VaultHealth http://127.0.0.1:1).Status; Get-VaultBackend').Invoke()
"@ | Should -BeLike 'Unreachable*'
    }

    It 'is not disturbed by another Polly, and does not show its own' {
        $polly = Join-Path (Split-Path $module) 'deps/Polly.Core.dll'
        $copy = Join-Path $TestDrive 'Polly.Core.dll'
        Copy-Item $polly $copy
        $text = Invoke-Fresh @"
`$null = [System.Runtime.Loader.AssemblyLoadContext]::Default.LoadFromAssemblyPath('$copy')
Import-Module '$module'
(Test-VaultHealth http://127.0.0.1:1).Status
try { Connect-VaultBackend http://127.0.0.1:1 -Token ([securestring]::new()) } catch { }
[AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { `$_.GetName().Name -in 'Polly.Core', 'SecretBridge.Core' } |
    ForEach-Object { '{0}:{1}' -f `$_.GetName().Name, [System.Runtime.Loader.AssemblyLoadContext]::GetLoadContext(`$_).Name }
"@
        $text | Should -Match 'Unreachable'
        $text | Should -Match 'SecretBridge.Core:SecretBridge'
        $text | Should -Match 'Polly.Core:Default'
    }

    It 'never takes a connection that is null by mistake for the current one: -<Parameter> of <Cmdlet>' -ForEach @(
        foreach ($parameter in 'ReferenceBackend', 'DifferenceBackend') { @{ Cmdlet = 'Compare-SecretTree'; Parameter = $parameter; With = @{ ReferenceUri = 'vault://a'; DifferenceUri = 'vault://b' } } }
        foreach ($parameter in 'SourceBackend', 'DestinationBackend') { @{ Cmdlet = 'Copy-VaultSubtree'; Parameter = $parameter; With = @{ SourceUri = 'vault://a'; DestinationUri = 'vault://b' } } }
        foreach ($parameter in 'SourceBackend', 'DestinationBackend') { @{ Cmdlet = 'Copy-SealedProfile'; Parameter = $parameter; With = @{ Uri = 'vault://a/b'; DestinationUri = 'vault://b' } } }
        @{ Cmdlet = 'Set-SealedProfile'; Parameter = 'Backend'; With = @{ Uri = 'vault://a/b'; Owner = 'o' } }
        @{ Cmdlet = 'Invoke-SealedProfile'; Parameter = 'Backend'; With = @{ Uri = 'vault://a/b'; ScriptBlock = { 'ran' } } }
        foreach ($cmdlet in 'Get-SealedProfile', 'Remove-SealedProfile', 'Test-SealedProfile', 'Get-VaultSecret', 'Get-VaultSubtree', 'Remove-VaultSecret', 'Restore-VaultSecret', 'Resolve-SecretReference') { @{ Cmdlet = $cmdlet; Parameter = 'Backend'; With = @{ Uri = 'vault://a/b' } } }
        @{ Cmdlet = 'Test-VaultSecret'; Parameter = 'Backend'; With = @{ Uri = 'vault://a/b'; Value = [securestring]::new() } }
        foreach ($parameter in 'SourceBackend', 'DestinationBackend') { @{ Cmdlet = 'Move-VaultSubtree'; Parameter = $parameter; With = @{ SourceUri = 'vault://a'; DestinationUri = 'vault://b' } } }
        foreach ($parameter in 'Backend', 'ComparedBackend') { @{ Cmdlet = 'Remove-VaultSubtree'; Parameter = $parameter; With = @{ Uri = 'vault://a'; ComparedWith = 'vault://b' } } }
        @{ Cmdlet = 'Set-VaultSecret'; Parameter = 'Backend'; With = @{ Uri = 'vault://a/b'; Data = @{ a = 1 } } }
        foreach ($cmdlet in 'Disconnect-VaultBackend', 'Get-VaultMount', 'Test-VaultHealth', 'Update-VaultBackend') { @{ Cmdlet = $cmdlet; Parameter = 'Backend'; With = @{} } }
    ) {
        $given = $With + @{ $Parameter = $null }
        { & $Cmdlet @given -ErrorAction Stop } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
        $given[$Parameter] = ''
        { & $Cmdlet @given -ErrorAction Stop } | Should -Throw -ErrorId '*NotConnected,*'
    }

    It 'refuses a null list: -<Parameter> of <Cmdlet>' -ForEach @(
        foreach ($parameter in 'Include', 'Exclude') {
            @{ Cmdlet = 'Get-VaultSubtree'; Parameter = $parameter; With = @{ Uri = 'vault://a' } }
            @{ Cmdlet = 'Copy-VaultSubtree'; Parameter = $parameter; With = @{ SourceUri = 'vault://a'; DestinationUri = 'vault://b' } }
            @{ Cmdlet = 'Compare-SecretTree'; Parameter = $parameter; With = @{ ReferenceUri = 'vault://a'; DifferenceUri = 'vault://b' } }
        }
        @{ Cmdlet = 'Get-VaultMount'; Parameter = 'Mount'; With = @{} }
        @{ Cmdlet = 'Get-VaultBackend'; Parameter = 'Name'; With = @{} }
    ) {
        $given = $With + @{ $Parameter = $null }
        { & $Cmdlet @given -ErrorAction Stop } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
    }

    It 'refuses a wildcard that is none' {
        { Get-VaultBackend '[a' } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*'
    }

    It 'knows the type of a sealed value by name' {
        "$([SecretBridge.Stores.SealedValue]::FromText('x'))" | Should -Be '(sealed)'
    }

    It 'stops within a second when the user says so' {
        $shell = [powershell]::Create().AddScript("Import-Module '$module'; Test-VaultHealth http://127.0.0.1:1 -WaitSec 600")
        $running = $shell.BeginInvoke()
        Start-Sleep -Seconds 2
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $shell.Stop()
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 1
        $running.IsCompleted | Should -BeTrue
    }

    It 'is tested on <Name>, which is not here' -ForEach @(Get-AbsentTestServer) -Skip {
    }

    Context 'on <Name>' -ForEach (Get-TestServer) {
        BeforeAll {
            $session = Open-TestSession $_
            $kv, $other, $canary = $session.Kv, $session.Other, $session.Canary
        }

        AfterAll { Close-TestSession $session }

        It 'lets no secret out by any way that was not asked for' {
            $transcript = Join-Path $TestDrive "transcript-$($session.Kv).txt"
            $clixml = Join-Path $TestDrive "export-$($session.Kv).xml"
            $uri = "vault://$kv/apps/billing/db"
            $PSDefaultParameterValues = @{ '*:Verbose' = $true; '*:Debug' = $false }
            Start-Transcript $transcript -UseMinimalHeader | Out-Null
            try {
                $said = & {
                    $secret = Get-VaultSecret $uri
                    $table = Get-VaultSecret $uri -AsHashtable
                    $value = $secret.Data['password']
                    foreach ($thing in $secret, $table, $value) {
                        $thing
                        $thing | Format-List * -Force | Out-String
                        $thing | Format-Custom -Depth 9 | Out-String
                        $thing | ConvertTo-Json -Depth 9 -WarningAction SilentlyContinue
                        $thing | ConvertTo-Csv
                        "$thing"
                        $thing | Export-Clixml $clixml -Depth 9
                        Get-Content $clixml -Raw
                        $thing | Get-Member | Out-String
                    }
                    Set-VaultSecret "vault://$other/leak" @{ a = (ConvertTo-TestSecureString $canary); n = $value }
                    Set-VaultSecret "vault://$other/leak" @{ a = $value } -CheckAndSet 7 -ErrorAction Continue
                    Set-VaultSecret 'vault://nowhere/leak' @{ a = $value } -ErrorAction Continue
                    Set-VaultSecret "vault://$other/leak" @{ a = $value } -WhatIf
                    Copy-VaultSubtree "vault://$kv/apps" "vault://$other/leaks" -Verify
                    Compare-SecretTree "vault://$kv/apps/billing/db" "vault://$other/leaks/web" -IncludeEqual
                    Compare-SecretTree "vault://$kv/apps" "vault://$other/leaks" -IncludeEqual -IncludeMetadata -IncludeVersion
                    Compare-SecretTree "vault://$kv/apps" "vault://$other/leaks" -KeysOnly -IncludeEqual | Remove-VaultSubtree -MaxDelete 9 -Confirm:$false -ErrorAction Continue
                    Move-VaultSubtree "vault://$other/leaks" "vault://$kv/leaks" -MaxDelete 9 -Confirm:$false -ErrorAction Continue
                    Get-VaultBackend | Format-List * -Force | Out-String
                    Get-VaultBackend | ConvertTo-Json -Depth 9 -WarningAction SilentlyContinue
                    $global:Error | ForEach-Object { $_ | Get-Error | Out-String }
                } *>&1 | Out-String -Width 4000
            }
            finally {
                Stop-Transcript | Out-Null
            }

            $encodings = @(
                $canary
                [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($canary)).TrimEnd('=').Substring(0, 16)
                [Convert]::ToHexString([Text.Encoding]::UTF8.GetBytes($canary))
                [Convert]::ToHexString([Text.Encoding]::Unicode.GetBytes($canary))
            )
            foreach ($text in $said, (Get-Content $transcript -Raw)) {
                $text.Length | Should -BeGreaterThan 1000
                foreach ($encoding in $encodings) { $text.Contains($encoding, 'OrdinalIgnoreCase') | Should -BeFalse }
            }
            if ($_.Token -ne 'root') { $said | Should -Not -Match ([regex]::Escape($_.Token)) }
        }

        It 'hands the <Row> of a secret on to <To>' -ForEach @(
            foreach ($row in 'SecretEntry', 'VaultSecret', 'TreeDifference', 'CopyResult', 'RemoveResult', 'SecretChange', 'SealedProfile', 'ResolvedSecret') {
                foreach ($to in 'Get-VaultSubtree', 'Get-VaultSecret', 'Set-VaultSecret', 'Remove-VaultSecret', 'Restore-VaultSecret', 'Copy-VaultSubtree', 'Get-SealedProfile', 'Set-SealedProfile', 'Remove-SealedProfile', 'Copy-SealedProfile', 'Resolve-SecretReference') {
                    if ($to -ne 'Set-VaultSecret' -or $row -eq 'VaultSecret') { @{ Row = $row; To = $to } }
                }
            }
        ) {
            $folder, $uri = "vault://default@$kv/apps", "vault://default@$kv/apps/web"
            $record = switch ($Row) {
                SecretEntry { Get-VaultSubtree $folder -Include web }
                VaultSecret { Get-VaultSecret $uri }
                TreeDifference { Compare-SecretTree $folder "vault://$other/none" -Include web }
                CopyResult { Copy-VaultSubtree $folder "vault://$other/none" -Include web -WhatIf }
                RemoveResult { Remove-VaultSubtree $folder -Force -Include web -WhatIf -WarningAction Ignore }
                SecretChange { Set-VaultSecret $uri @{ a = 1 } -WhatIf }
                SealedProfile { Get-SealedProfile $uri }
                ResolvedSecret { Resolve-SecretReference $uri }
            }
            $record.GetType().Name | Should -Be $Row
            $record | Get-Member Fault | Should -BeNullOrEmpty
            $got = switch ($To) {
                Copy-VaultSubtree { $record | Copy-VaultSubtree -DestinationUri "vault://$other/pairs" -WhatIf }
                Copy-SealedProfile { $record | Copy-SealedProfile -DestinationUri "vault://$other/pairs" -WhatIf -ErrorAction SilentlyContinue }
                { $_ -match '^(Set|Remove|Restore)' } { $record | & $To -WhatIf -ErrorAction SilentlyContinue }
                default { $record | & $To }
            }
            $got.Uri | Should -Be $uri
            if ($To -eq 'Copy-VaultSubtree') { $got.Destination | Should -Be "vault://default@$other/pairs/web" }
        }

        It 'takes no <Row> for the name of a secret in <To>' -ForEach @(
            foreach ($row in 'VaultPolicy', 'VaultBackend', 'SecretRoute', 'Deserialized.VaultPolicy') {
                foreach ($to in 'Get-VaultSecret', 'Get-VaultSubtree', 'Set-VaultSecret', 'Remove-VaultSecret', 'Remove-VaultSubtree', 'Copy-VaultSubtree', 'Move-VaultSubtree', 'Get-SealedProfile', 'Remove-SealedProfile', 'Resolve-SecretReference', 'Test-SecretRoute') {
                    @{ Row = $row; To = $to }
                }
            }
        ) {
            $routes = Join-Path $TestDrive taken.json
            Set-Content $routes "{ `"routes`": [ { `"pattern`": `"apps/web`", `"target`": `"vault://$kv/apps/web`" } ] }"
            $record = switch ($Row) {
                VaultPolicy { New-VaultPolicy Rotate "vault://$kv/apps/web" }
                VaultBackend { Get-VaultBackend -Current }
                SecretRoute { Get-SecretRoute $routes }
                Deserialized.VaultPolicy { [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize((New-VaultPolicy Rotate "vault://$kv/apps/web"))) }
            }
            $more = switch ($To) {
                Set-VaultSecret { @{ Data = @{ a = 1 }; WhatIf = $true } }
                Copy-VaultSubtree { @{ DestinationUri = "vault://$other/taken"; WhatIf = $true } }
                Move-VaultSubtree { @{ DestinationUri = "vault://$other/taken"; MaxDelete = 0; WhatIf = $true } }
                Remove-VaultSubtree { @{ Force = $true; WhatIf = $true } }
                { $_ -in 'Remove-VaultSecret', 'Remove-SealedProfile' } { @{ WhatIf = $true } }
                Test-SecretRoute { @{ Path = $routes } }
                default { @{} }
            }
            $record | & $To @more -ErrorVariable problem -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            $problem.Count | Should -Be 1
            $problem[0].FullyQualifiedErrorId | Should -BeLike 'ParameterArgumentTransformationError,*'
            "$($problem[0])" | Should -BeLike "*$($Row.Split('.')[-1])*Uri*"
        }

        It 'reports on the streams: a summary as information, rows with faults as errors too' {
            $rows = Copy-VaultSubtree "vault://$kv/apps" "vault://$other/streams" -InformationVariable said -InformationAction SilentlyContinue
            $rows.Count | Should -Be 4
            $said.Tags | Should -Contain SecretBridge
            "$said" | Should -Match '3'
        }

        It 'shows in 80 columns what a decision needs' {
            $summary = Copy-VaultSubtree "vault://$kv/apps" "vault://$other/views" -Summary | Out-String -Width 80
            $summary | Should -Match 'Created.*Failed.*Verified.*Succeeded'
            $summary | Should -Match 'True'
            $moved = Copy-VaultSubtree "vault://$kv/apps" "vault://$other/views" -Map ([ordered]@{ 'billing/*' = 'prod/*'; '*' = '*' }) | Out-String -Width 80
            ($moved -split '\r?\n' | ForEach-Object { if ($_.Length -gt 47) { $_.Substring(47, [Math]::Min(16, $_.Length - 47)).Trim() } }) -join '' | Should -Match '/views/prod/api'
            $address = 'https://vault.production.example.com:8200'
            $down = Test-VaultHealth $address -TimeoutSec 1 | Out-String -Width 80
            $down -split '\r?\n' | Where-Object Length -gt 80 | Should -BeNullOrEmpty
            ($down -split '\r?\n' | ForEach-Object { if ($_.Length -gt 24) { $_.Substring(24, [Math]::Min(26, $_.Length - 24)).Trim() } }) -join '' | Should -Match ([regex]::Escape($address))
            Get-VaultBackend | Out-String -Width 80 | Should -Match ([regex]::Escape($session.Server.Address))
        }

        It 'completes connections and references' {
            $line = 'Get-VaultSubtree -Backend def'
            (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Be default
            $line = "Get-VaultSubtree vault://$kv/apps/b"
            (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Be "vault://$kv/apps/billing/"
            $line = "Get-VaultSubtree vault://$kv"
            (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Contain "vault://$other/"
        }

        It 'completes the mounts of a connection' {
            foreach ($line in "Get-VaultMount $kv-", "Get-VaultMount -LiteralMount '$kv-", "Get-VaultMount -Backend default -Mount $kv-", "Get-VaultMount -Backend `$backend -Mount $kv-") {
                Set-Variable backend (Get-VaultBackend -Current)
                (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Be $other, $session.V1
            }

            $line = 'Get-VaultMount -Backend nobody -Mount s'
            (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -BeNullOrEmpty
        }

        It 'completes names as one argument, never as code: <_>' -ForEach 'a;Get-Date', 'c$(x)', "b'x", "e f'g", 'h`n', "i$([char]0x2019)j", 'k"l', 'm&n', 'o|p' {
            $name = $_
            $uri = "vault://$other/names/$name"
            Set-VaultSecret $uri @{ a = 1 } | Out-Null
            $line = "Get-VaultSecret vault://$other/names/$($name[0])"
            $text = (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText
            $ast = [Management.Automation.Language.Parser]::ParseInput("Get-VaultSecret $text", [ref] $null, [ref] $null)
            $elements = $ast.EndBlock.Statements[0].PipelineElements[0].CommandElements
            $elements.Count | Should -Be 2
            $elements[1].Value | Should -BeExactly $uri
            $ast.EndBlock.Statements.Count | Should -Be 1
        }

        It 'reports a failure also to somebody who takes only the first row' {
            Get-VaultSecret "vault://$kv/typo" -ErrorVariable problem -ErrorAction SilentlyContinue | Select-Object -First 1 | ForEach-Object State | Should -Be Absent
            $problem.FullyQualifiedErrorId | Should -Be 'SecretBridge.SecretNotFound,SecretBridge.Commands.GetVaultSecret'
        }

        It 'takes several references as one argument of <_>' -ForEach 'Get-VaultSubtree', 'Get-VaultSecret', 'Remove-VaultSecret', 'Restore-VaultSecret', 'Get-SealedProfile', 'Resolve-SecretReference' {
            $uris = "vault://default@$kv/apps/billing/api", "vault://default@$kv/apps/web"
            $more = if ((Get-Command $_).Parameters['WhatIf']) { @{ WhatIf = $true } } else { @{} }
            (& $_ $uris @more).Uri | Should -Be $uris
            ($uris | & $_ @more).Uri | Should -Be $uris
            ($uris | ForEach-Object { [pscustomobject]@{ Uri = $_ } } | & $_ @more).Uri | Should -Be $uris
            $script = [ordered]@{ Uri = $uris }
            (& $_ @script @more).Uri | Should -Be $uris
        }

        It 'makes no text of an object without a Uri that is piped to <_>, because it may hold a secret' -ForEach @(
            'Get-VaultSubtree', 'Get-VaultSecret', 'Remove-VaultSecret', 'Restore-VaultSecret', 'Get-SealedProfile', 'Resolve-SecretReference', 'Measure-VaultSubtree'
            'Find-VaultSecret', 'Copy-VaultSubtree', 'Move-VaultSubtree', 'Remove-VaultSubtree', 'Test-VaultHealth', 'Remove-AgentCredential') {
            $more = @{}
            if ($_ -in 'Copy-VaultSubtree', 'Move-VaultSubtree') { $more.DestinationUri = "vault://$kv/x" }
            if ($_ -eq 'Remove-VaultSubtree') { $more.Force = $true }
            if ((Get-Command $_).Parameters['WhatIf']) { $more.WhatIf = $true }
            $piped = [pscustomobject]@{ Name = 'x'; Password = 'canary-piped' }
            $said = $piped | & $_ @more *>&1
            $said | Out-String | Should -Not -Match 'canary-piped'
            $said.FullyQualifiedErrorId | Should -Match 'InputObject(NotBound|MissingMandatory)|InvalidArgument'
        }

        It 'takes rows, kept rows and text for references, as an argument and from the pipeline' {
            $row = Get-VaultSubtree "vault://$kv/apps/web"
            $kept = [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($row))
            $csv = $row | ConvertTo-Csv | ConvertFrom-Csv
            foreach ($given in $row, $kept, "vault://$kv/apps/web", [uri] "vault://$kv/apps/web") {
                (Get-VaultSecret $given).Name | Should -Be web
                ($given | Get-VaultSecret).Name | Should -Be web
            }

            ($csv | Get-VaultSecret).Name | Should -Be web
            { Get-VaultSecret $csv } | Should -Throw -ErrorId 'ParameterArgumentTransformationError,*' -ExpectedMessage '*not shown*'
        }

        It 'says that a reference is literal where it holds a wildcard' {
            Get-VaultSecret "vault://$kv/apps/*" -ErrorVariable problem -ErrorAction SilentlyContinue | Out-Null
            $problem[0].ToString() | Should -Match 'literal.*Get-VaultSubtree -Include'
            Get-VaultSubtree "vault://$kv/apps/bill*" -ErrorVariable problem -ErrorAction SilentlyContinue | Out-Null
            $problem[0].ErrorDetails.RecommendedAction | Should -Match 'literal.*Get-VaultSubtree -Include'
        }

        It 'shows the next step of an error, in the message where PowerShell prints no recommended action' {
            Get-VaultSubtree "vault://$kv/apps/bill*" -ErrorVariable problem -ErrorAction SilentlyContinue | Out-Null
            $advice = $problem[0].ErrorDetails.RecommendedAction
            $shown = $PSStyle.OutputRendering
            $PSStyle.OutputRendering = 'PlainText'
            try { ($problem[0] | Out-String -Width 4000) -replace '[\s|]+', ' ' | Should -Match ([regex]::Escape($advice.Split('.')[0])) }
            finally { $PSStyle.OutputRendering = $shown }
        }

        It 'refuses several globs without an order' {
            $map = @{ 'a/**' = 'x/**'; 'b/**' = 'y/**' }
            { Copy-VaultSubtree "vault://$kv/apps" "vault://$other/maps" -Map $map } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*' -ExpectedMessage '*ordered*'
            { Compare-SecretTree "vault://$kv/apps" "vault://$other/maps" -Map $map } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*'
            { Copy-VaultSubtree "vault://$kv/apps" "vault://$other/maps" -Map ([ordered]@{ 'a/**' = 'x/**'; 'b/**' = 'y/**' }) -WhatIf } | Should -Not -Throw
            { Copy-VaultSubtree "vault://$kv/apps" "vault://$other/maps" -Map @{ 'billing/*' = 'x/*'; web = 'y'; gone = 'z' } -WhatIf } | Should -Not -Throw
            { Copy-VaultSubtree "vault://$kv/apps" "vault://$other/maps" -Map $null } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
            { Copy-VaultSubtree "vault://$kv/apps" "vault://$other/maps" -Map @{ web = $null } } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*'
        }
    }
}
