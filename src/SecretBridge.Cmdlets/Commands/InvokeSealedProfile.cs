using System.Management.Automation;
using SecretBridge.Pipeline;
using SecretBridge.Profiles;
using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Values;

namespace SecretBridge.Commands;

/// <summary>Runs a command or a script block with a sealed profile, whose settings and secrets are variables of that child process alone.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "SealedProfile", DefaultParameterSetName = "Command", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(string), typeof(ProfileRunResult))]
public sealed partial class InvokeSealedProfile : ProfileCmdlet
{
    // What shells answer where a command could not be run.
    private const int NotRun = 126;

    private int _exitCode;

    /// <inheritdoc/>
    private protected override Func<IAsyncEnumerable<ProfileQuery>, Task>? PrepareRun()
    {
        Dictionary<string, string> environment = ChildEnvironment.Of(CleanEnvironment, Backends.Registry.KeyVariables);
        string command = ScriptBlock is null ? Executable() : ChildShell.Executable(SessionState.PSVariable.GetValue("PSHOME") as string);
        if (ScriptBlock is not null)
        {
            environment[ChildShell.ArgumentsVariable] = ChildShell.Json(ArgumentList);
        }

        Answer answer = Ask($"Run {command} with {What}", $"Run {command} with {What}?");
        if (answer == Answer.No)
        {
            return null;
        }

        Backends.Workflow = Workflow;
        IStoreResolver stores = RoutedStores(Backend, RoutePath);
        var run = new ProfileRun(new()
        {
            Stores = stores,
            Command = command,
            Arguments = ScriptBlock is null ? ChildShell.Texts(ArgumentList) : ChildShell.Arguments(ScriptBlock),
            WorkingDirectory = SessionState.Path.CurrentFileSystemLocation.ProviderPath,
            Environment = environment,
            Input = StandardInput,
            Workflow = Workflow,
            Audit = Backends.Audit,
            Resolve = ReferenceValue.Of(stores),
            AllowSecretOutput = AllowSecretOutput,
            Output = line => InvokeAsync(() => WriteObject(line)),
            Error = line => InvokeAsync(() => WriteErrorLine(line)),
            PlanOnly = answer == Answer.PlanOnly,
        });
        return queries => WriteRowsAsync(run.RunAsync(queries, Cancellation), Write);
    }

    private void Write(ProfileRunResult row)
    {
        if (!row.Planned)
        {
            // Of several runs the last that failed counts: a later success must not hide it.
            _exitCode = row.ExitCode is 0 ? _exitCode : row.ExitCode ?? NotRun;
            SessionState.PSVariable.Set("global:LASTEXITCODE", _exitCode);
        }

        WriteUnless(!PassThru && !row.Planned, row);
    }

    // As Write-Host does: shown, kept out of the output, and no error, for programs say there what they do.
    private void WriteErrorLine(string line) => WriteInformation(new HostInformationMessage { Message = line }, ["PSHOST", "StandardError"]);

    private string Executable() => InvokeCommand.GetCommand(Command, CommandTypes.Application) is ApplicationInfo application
        ? application.Path
        : throw new BridgeException(FaultKind.InvalidArgument, nameof(Command),
            $"'{Command}' is no program that is found here. What PowerShell itself knows runs as a script block: -ScriptBlock {{ {Command} }}.");
}
