using System.Management.Automation;
using SecretBridge.Backends;
using SecretBridge.Completion;

namespace SecretBridge.Commands;

public sealed partial class InvokeSealedProfile
{
    /// <summary>The program to run: a name that is found as PowerShell finds it, or a path.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = "Command")]
    public string Command { get; set; } = "";

    /// <summary>The script block to run in a PowerShell of its own. It sees no variable of this session.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = "ScriptBlock")]
    public ScriptBlock? ScriptBlock { get; set; }

    /// <summary>The arguments. Others can see them on the machine: nothing secret belongs there.</summary>
    [Parameter(Position = 2)]
    [Alias("Args")]
    [ValidateNotNull]
    public object?[] ArgumentList { get; set; } = [];

    /// <summary>Lines for the command's standard input; without them it is at its end.</summary>
    [Parameter]
    [ValidateNotNull]
    public string[] StandardInput { get; set; } = [];

    /// <summary>The workflow that uses the profile. Where the profile does not allow it, nothing is run.</summary>
    [Parameter]
    public string? Workflow { get; set; }

    /// <summary>Lets the command inherit only what a program needs to find its files, user and language.</summary>
    [Parameter]
    public SwitchParameter CleanEnvironment { get; set; }

    /// <summary>Leaves secrets in the command's output, instead of writing (sealed) for them.</summary>
    [Parameter]
    public SwitchParameter AllowSecretOutput { get; set; }

    /// <summary>Writes a row with the exit code after the output.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>The file with the routes that references go by; else that of SECRETBRIDGE_ROUTES, else none.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? RoutePath { get; set; }

    /// <summary>The connection for references that name none.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(BackendCompleter))]
    [ValidateNotNull]
    public BackendArgument? Backend { get; set; }
}
