BeforeDiscovery {
    Import-Module $PSScriptRoot/TestServer.psm1
}

Describe 'Connect-SealedStore' {
    BeforeAll {
        Import-TestModule
        $canary = 'canary-5b1f0c7e'
        $passphrase, $path = (ConvertTo-TestSecureString "$canary-passphrase"), (Join-Path $TestDrive 'new/team.sealed')
        $env:SB_TEST_PASSPHRASE = "$canary-passphrase"
    }

    AfterAll {
        Disconnect-SealedStore -ErrorAction Ignore
        Remove-Item env:SB_TEST_PASSPHRASE, env:SB_TEST_WRONG -ErrorAction Ignore
    }

    It 'makes a file only where that is asked for, and opens it again' {
        { Connect-SealedStore -Path $path -Passphrase $passphrase } | Should -Throw -ErrorId 'SecretBridge.SealedFileFailed,*' -ExpectedMessage '*-Create*'
        $made = Connect-SealedStore -Path $path -Passphrase $passphrase -Create
        ($made.Path, $made.Generation, $made.Count, "$($made.KeyKind)") | Should -Be ((Convert-Path $path), 1, 0, 'Passphrase')
        (Connect-SealedStore -Path $path -PassphraseEnv SB_TEST_PASSPHRASE -Create).Id | Should -Be $made.Id
        if (-not $IsWindows) { (Get-Item $path).UnixMode | Should -Be '-rw-------' }
    }

    It 'is what builtin:// means from then on, in every cmdlet' {
        Set-VaultSecret builtin://apps/db @{ user = 'app'; password = (ConvertTo-TestSecureString $canary); n = 1 } | Out-Null
        Set-VaultSecret builtin://apps/web @{ key = (ConvertTo-TestSecureString $canary) } | Out-Null
        (Get-VaultSubtree builtin://).Uri | Should -Be 'builtin://apps/db', 'builtin://apps/web'
        (Get-VaultSecret builtin://apps/db -AsPlainText).password | Should -Be $canary
        Copy-VaultSubtree builtin://apps builtin://copy -Verify -Summary | ForEach-Object Created | Should -Be 2
        Compare-SecretTree builtin://apps builtin://copy -Quiet | Should -BeTrue
        Remove-VaultSecret builtin://copy/db -AllVersions -Confirm:$false | Out-Null
        Compare-SecretTree builtin://apps builtin://copy | ForEach-Object Uri | Should -Be 'builtin://apps/db'
        (Connect-SealedStore -Path $path -PassphraseEnv SB_TEST_PASSPHRASE).Count | Should -Be 3
    }

    It 'leaves no canary in the file, in any stream or in a serialised row' {
        $env:SB_TEST_WRONG = "$canary-wrong"
        $said = & {
            $VerbosePreference = 'Continue'
            $row = Connect-SealedStore -Path $path -PassphraseEnv SB_TEST_PASSPHRASE
            $row; "$row"; $row | Format-List * -Force | Out-String; $row | ConvertTo-Json; [System.Management.Automation.PSSerializer]::Serialize($row)
            try { Connect-SealedStore -Path $path -PassphraseEnv SB_TEST_WRONG } catch { $_ | Format-List * -Force | Out-String; Get-Error $_ | Out-String }
        } *>&1 | Out-String
        $said | Should -Match 'does not open'
        $said | Should -Not -Match $canary
        Get-ChildItem $TestDrive -Recurse -Force -File | ForEach-Object { Get-Content -Raw $_.FullName } | Should -Not -Match 'canary|Y2FuYXJ5'
    }

    It 'never says a passphrase again that was given where a variable is named' {
        foreach ($mistake in "$canary-passphrase", 'canary') {
            $problem = { Connect-SealedStore -Path $path -PassphraseEnv $mistake } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*' -PassThru
            $problem, $problem.ErrorDetails, $problem.TargetObject, $problem.Exception | Out-String | Should -Not -Match 'canary'
            $problem.ErrorDetails.Message | Should -Match "name, not its value"
        }
        { Connect-SealedStore -Path $path -PassphraseEnv SB_NOT_SET } | Should -Throw -ExpectedMessage "*'SB_NOT_SET'*"
    }

    It 'tells a wrong passphrase from damage, and both from a cut-off file' {
        { Connect-SealedStore -Path $path -PassphraseEnv SB_TEST_WRONG } | Should -Throw -ErrorId 'SecretBridge.WrongPassphrase,*'
        $text = [IO.File]::ReadAllText($path)
        foreach ($case in @(
                @{ Text = $text.Replace('"entries":3', '"entries":4'); Id = 'SealedFileDamaged' }
                @{ Text = $text.Substring(0, $text.Length - 100); Id = 'SealedFileTruncated' }
                @{ Text = $text.Replace('sealed-file/1', 'sealed-file/2'); Id = 'SealedFileTooNew' })) {
            $broken = Join-Path (Split-Path $path) "$($case.Id).sealed"
            Copy-Item $path $broken
            [IO.File]::WriteAllText($broken, $case.Text)
            { Connect-SealedStore -Path $broken -PassphraseEnv SB_TEST_PASSPHRASE } | Should -Throw -ErrorId "SecretBridge.$($case.Id),*"
        }
    }

    It 'opens with a key file, and refuses one that others may read' {
        $key = Join-Path (Split-Path $path) 'key'
        [IO.File]::WriteAllBytes($key, [byte[]]::new(32))
        if (-not $IsWindows) {
            chmod 644 $key
            { Connect-SealedStore -Path "$path.2" -KeyFile $key -Create } | Should -Throw -ErrorId 'SecretBridge.SealedFileExposed,*' -ExpectedMessage "*chmod 600 '$key'"
            chmod 600 $key
        }
        "$((Connect-SealedStore -Path "$path.2" -KeyFile $key -Create).KeyKind)" | Should -Be 'KeyFile'
        { Connect-SealedStore -Path "$path.2" -Passphrase $passphrase } | Should -Throw -ErrorId 'SecretBridge.WrongPassphrase,*' -ExpectedMessage '*key file*'
    }

    It 'takes one key and no more, and a variable that is set' {
        { Connect-SealedStore -Path $path -Passphrase $passphrase -PassphraseEnv SB_TEST_PASSPHRASE } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*'
        { Connect-SealedStore -Path $path -PassphraseEnv SB_TEST_NONE } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*' -ExpectedMessage '*SB_TEST_NONE*'
    }

    Context 'in a session of its own' {
        BeforeAll {
            $module = Get-TestModulePath
            $usual = Join-Path (Split-Path $path) 'usual.sealed'

            # A host that answers, and writes down what it was asked.
            if (-not ('SecretBridgeTest.AnsweringHost' -as [type])) {
                Add-Type -TypeDefinition @'
using System; using System.Collections.Generic; using System.Collections.ObjectModel; using System.Globalization; using System.Management.Automation; using System.Management.Automation.Host; using System.Security;
namespace SecretBridgeTest {
public class AnsweringUI : PSHostUserInterface {
    public Queue<string> Answers = new Queue<string>(); public List<string> Asked = new List<string>();
    public override PSHostRawUserInterface RawUI { get { return null; } }
    public override string ReadLine() { throw new NotImplementedException(); }
    public override SecureString ReadLineAsSecureString() { var s = new SecureString(); foreach (char c in Answers.Dequeue()) s.AppendChar(c); return s; }
    public override void Write(string value) { Asked.Add(value); }
    public override void Write(ConsoleColor f, ConsoleColor b, string value) { }
    public override void WriteLine(string value) { }
    public override void WriteErrorLine(string value) { }
    public override void WriteDebugLine(string message) { }
    public override void WriteProgress(long sourceId, ProgressRecord record) { }
    public override void WriteVerboseLine(string message) { }
    public override void WriteWarningLine(string message) { }
    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions) { throw new NotImplementedException(); }
    public override PSCredential PromptForCredential(string a, string b, string c, string d) { throw new NotImplementedException(); }
    public override PSCredential PromptForCredential(string a, string b, string c, string d, PSCredentialTypes e, PSCredentialUIOptions f) { throw new NotImplementedException(); }
    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice) { throw new NotImplementedException(); }
}
public class AnsweringHost : PSHost {
    public AnsweringUI Answering = new AnsweringUI(); Guid id = Guid.NewGuid();
    public override CultureInfo CurrentCulture { get { return CultureInfo.InvariantCulture; } }
    public override CultureInfo CurrentUICulture { get { return CultureInfo.InvariantCulture; } }
    public override Guid InstanceId { get { return id; } }
    public override string Name { get { return "AnsweringHost"; } }
    public override PSHostUserInterface UI { get { return Answering; } }
    public override Version Version { get { return new Version(1, 0); } }
    public override void EnterNestedPrompt() { }
    public override void ExitNestedPrompt() { }
    public override void NotifyBeginApplication() { }
    public override void NotifyEndApplication() { }
    public override void SetShouldExit(int exitCode) { }
}}
'@
            }

            function Invoke-Answered([string[]] $Answer, [string] $Script) {
                $answering = [SecretBridgeTest.AnsweringHost]::new()
                foreach ($text in $Answer) { $answering.Answering.Answers.Enqueue($text) }
                $runspace = [runspacefactory]::CreateRunspace($answering)
                $runspace.Open()
                $shell = [powershell]::Create($runspace)
                try {
                    $output = $shell.AddScript("`$env:SECRETBRIDGE_STORE = '$usual'; Import-Module '$module'; $Script").Invoke()
                    [pscustomobject]@{ Output = $output; Asked = @($answering.Answering.Asked); Errors = @($shell.Streams.Error); Left = $answering.Answering.Answers.Count }
                }
                finally {
                    $shell.Dispose()
                    $runspace.Dispose()
                }
            }
        }

        AfterAll { Remove-Item env:SECRETBRIDGE_STORE -ErrorAction Ignore }

        It 'is not needed where somebody can be asked: twice for a new file, once for one that is there, and once a session' {
            $first = Invoke-Answered "$canary-1", "$canary-1" 'Set-VaultSecret builtin://a @{ k = 1 }; Get-VaultSubtree builtin://'
            $first.Errors | Should -BeNullOrEmpty
            $first.Output[-1].Uri | Should -Be 'builtin://a'
            $first.Asked.Count | Should -Be 2
            $second = Invoke-Answered "$canary-1" 'Get-VaultSubtree builtin://; Get-VaultSubtree builtin://'
            $second.Output.Uri | Should -Be 'builtin://a', 'builtin://a'
            $second.Asked | Should -Be "Passphrase of '$usual': "
        }

        It 'makes no file of two answers that differ' {
            Remove-Item $usual -ErrorAction Ignore
            $run = Invoke-Answered "$canary-1", "$canary-2" 'Get-VaultSubtree builtin://'
            "$($run.Errors)" | Should -Match 'not the same'
            Test-Path $usual | Should -BeFalse
        }

        It 'is needed where nobody can be asked, and says so with the parameter that helps' {
            $said = 'x' | pwsh -NoProfile -NonInteractive -Command "`$env:SECRETBRIDGE_STORE = '$usual'; Import-Module '$module'; try { Get-VaultSubtree builtin://a -ErrorAction Stop } catch { `$_.FullyQualifiedErrorId; `$_.Exception.Message }" | Out-String
            $said | Should -Match 'SecretBridge.SealedStoreLocked'
            $said | Should -Match '-PassphraseEnv'
        }
    }
}
