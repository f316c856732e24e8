BeforeDiscovery {
    Import-Module $PSScriptRoot/TestServer.psm1
}

Describe 'Secrets of profiles' {
    BeforeAll {
        Import-Module $PSScriptRoot/Leak.psm1
    }

    It 'are found by this test in any encoding' {
        $secret = 'canary-0042/+'
        $utf8, $utf16 = [Text.Encoding]::UTF8.GetBytes("xy$secret"), [Text.Encoding]::Unicode.GetBytes("x$secret")
        foreach ($text in @(
                "a $secret b", 'canary%2D0042%2F%2B', 'canary\u002D0042/\u002b', [Convert]::ToHexString($utf8), [Convert]::ToHexString($utf16)
                [Convert]::ToBase64String($utf8), [Convert]::ToBase64String($utf16), [Text.Encoding]::Latin1.GetString($utf16)
            )) {
            Find-Leak $secret -Text $text | Should -Not -BeNullOrEmpty
        }
        Find-Leak $secret -Text 'canary-0043/+', '' | Should -BeNullOrEmpty
    }

    It 'get out by no way that was not asked for, on <Name>' -ForEach (Get-TestServer) {
        $session = Open-TestSession $_
        $place = New-Item -ItemType Directory (Join-Path $TestDrive $session.Kv)
        $script = Join-Path $place 'script.ps1'
        $secret = "$($session.Canary)/+$([char] 0xDF)"
        Set-Content $script @'
param($Module, $TestServer, $Kv, $Place)
$env:TMPDIR = $env:TEMP = $env:TMP = $Place
Import-Module $Module, $TestServer
Connect-VaultBackend $env:SB_ADDRESS -Token (ConvertTo-TestSecureString $env:SB_TOKEN) | Out-Null
Connect-SealedStore -Path (Join-Path $Place 'profiles.sealed') -Passphrase (ConvertTo-TestSecureString $env:SB_CANARY) -Create | Out-Null
$PSDefaultParameterValues = @{ '*:Verbose' = $true }
$DebugPreference = 'Continue'
$secure = ConvertTo-TestSecureString $env:SB_CANARY
$json = Join-Path $Place 'given.json'
Start-Transcript (Join-Path $Place 'transcript.txt') | Out-Null
Set-SealedProfile job -Uri builtin:// -Description d -Owner o -Tag t -Env @{ R = 'eu' } -Secret @{ KEY = $secure; 'O=DD' = $secure } -AllowedWorkflow w
Set-SealedProfile job -Uri "vault://$Kv/p" -Owner o -Secret @{ KEY = $secure }
try { Set-SealedProfile job -Secret @{ KEY = "$env:SB_CANARY" } } catch { $_ }
try { Set-SealedProfile job -Secret "$env:SB_CANARY" } catch { $_ }
Set-SealedProfile job -Owner x -CheckAndSet 7 -ErrorAction Continue
Set-SealedProfile job -Secret @{ KEY = $secure } -WhatIf
"{`"secrets`":{`"A`":`"$env:SB_CANARY`"}}" | Set-SealedProfile -Owner x -ErrorAction Continue
try { Set-SealedProfile "{`"A`":`"$env:SB_CANARY`"}" -Owner x } catch { $_ }
foreach ($text in '{"secrets":"X"}', '{"secrets":{"A":"X"', '{"secret":"X"}', '{"env":{"A":{"B":"X"}}}', '["X"]', '{"tags":["X",1]}') {
    Set-Content $json $text.Replace('X', $env:SB_CANARY)
    try { Set-SealedProfile other -JsonPath $json } catch { $_ }
    try { Set-SealedProfile other -DotEnvPath $json } catch { $_ }
}
Remove-Item $json
Set-VaultSecret "vault://$Kv/bad/a" @{ secrets = $secure } | Out-Null
Set-VaultSecret "vault://$Kv/bad/b" @{ password = $secure } | Out-Null
foreach ($thing in @(
        Get-SealedProfile job
        Get-SealedProfile job -Uri "vault://$Kv/p"
        Get-SealedProfile * -MetadataOnly
        Get-SealedProfile "vault://$Kv/bad/*" -ErrorAction Continue
        Get-SealedProfile job -AsHashtable
        Get-SealedProfile job -AsEnvironmentVariable
        (Get-SealedProfile job).Secrets['KEY']
        Get-SealedProfile job -Workflow no -ErrorAction Continue
        Get-SealedProfile job -AsCredential -ErrorAction Continue
        Test-SealedProfile
        Test-SealedProfile "vault://$Kv/bad/*" -CheckToken
        Copy-SealedProfile job "vault://$Kv/copied"
        Copy-SealedProfile job "vault://$Kv/bad" -WhatIf
        Copy-SealedProfile "vault://$Kv/bad/*" "vault://$Kv/copied" -ErrorAction Continue
        Invoke-SealedProfile job -Uri "vault://$Kv/p" -ScriptBlock { $env:KEY; [Console]::Error.WriteLine($env:KEY); exit 3 } -PassThru
        Invoke-SealedProfile job -ScriptBlock { 'O=DD is no name' } -PassThru -ErrorAction Continue
        Invoke-SealedProfile job -Uri "vault://$Kv/p" -Command (Get-Process -Id $PID).Path -ArgumentList '-NoProfile', '-Command', '$env:KEY' -Verbose
        Invoke-SealedProfile job -Uri "vault://$Kv/p" -Command no-such-program -ErrorAction Continue
        Remove-SealedProfile job -WhatIf
        Remove-SealedProfile "vault://$Kv/bad/*" -Confirm:$false -ErrorAction Continue
        Remove-SealedProfile job -Confirm:$false
    )) {
    $thing
    "$thing"
    $thing | Format-List * -Force | Out-String
    $thing | Format-Table * -Force | Out-String
    $thing | Format-Custom -Depth 3 | Out-String
    $thing | ConvertTo-Json -Depth 4 -WarningAction SilentlyContinue
    $thing | ConvertTo-Csv
    $thing | Export-Clixml (Join-Path $Place "$([guid]::NewGuid()).xml") -Depth 4
    $thing | Export-Csv (Join-Path $Place 'rows.csv') -Append -Force
    $thing | Get-Member | Out-String
}
$Error | ForEach-Object { $_ | Get-Error | Out-String; $_ | Format-List * -Force | Out-String }
$Error | Export-Clixml (Join-Path $Place 'errors.xml') -Depth 3
Get-History | Out-String
Stop-Transcript | Out-Null
"END $($Error.Count)"
'@
        $start = [Diagnostics.ProcessStartInfo]::new((Get-Process -Id $PID).Path)
        '-NoProfile', '-NonInteractive', '-File', $script, (Get-TestModulePath), "$PSScriptRoot/TestServer.psm1", $session.Kv, "$place" | ForEach-Object { $start.ArgumentList.Add($_) }
        $start.RedirectStandardOutput = $start.RedirectStandardError = $start.RedirectStandardInput = $true
        $start.Environment['SB_ADDRESS'], $start.Environment['SB_TOKEN'], $start.Environment['SB_CANARY'] = $_.Address, $_.Token, $secret
        $start.Environment['HOME'] = $start.Environment['USERPROFILE'] = "$place"
        $process = [Diagnostics.Process]::Start($start)
        $process.StandardInput.Close()
        $problems = $process.StandardError.ReadToEndAsync()
        $said = $process.StandardOutput.ReadToEnd()
        $process.WaitForExit()

        $said | Should -Match 'END [1-9][0-9]'
        $said | Should -Match '"Verified": +true'
        $said | Should -Match '"ExitCode": +3'
        $said.Length | Should -BeGreaterThan 20000
        $files = @(Get-ChildItem $place -Recurse -File -Force)
        $files.Name | Should -Contain transcript.txt
        $files.Name | Should -Contain errors.xml
        $files.Name | Should -Not -Contain given.json
        # In the transcript and the errors stands the script itself, which holds no secret.
        Find-Leak $session.Canary -Text $said, $problems.Result -Path $files.FullName | Should -BeNullOrEmpty
        Close-TestSession $session
    }
}
