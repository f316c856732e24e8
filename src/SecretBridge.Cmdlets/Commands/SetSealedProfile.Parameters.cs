using System.Collections;
using System.Management.Automation;
using SecretBridge.Backends;
using SecretBridge.Completion;
using SecretBridge.Values;

namespace SecretBridge.Commands;

public sealed partial class SetSealedProfile
{
    /// <summary>The profile's name, in the folder -Uri or else in the default store. A reference is taken as one.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ProfileCompleter))]
    public string? Name { get; set; }

    /// <summary>The secret that holds the profile, or with -Name its folder. A piped profile without it is written back to its place.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(UriCompleter))]
    public string? Uri { get; set; }

    /// <summary>What it is for; empty takes it away.</summary>
    [Parameter]
    public string? Description { get; set; }

    /// <summary>Who answers for it; empty takes it away.</summary>
    [Parameter]
    public string? Owner { get; set; }

    /// <summary>Words to find it by, instead of those that are there.</summary>
    [Parameter]
    [ValidateNotNull]
    public string[]? Tag { get; set; }

    /// <summary>Settings that are no secret, by name, laid over those that are there.</summary>
    [Parameter]
    [HashtableOfSecrets]
    public IDictionary? Env { get; set; }

    /// <summary>Secrets by name, laid over those that are there: secure strings or sealed values. $null stands for the value that is stored.</summary>
    [Parameter]
    [HashtableOfSecrets]
    public IDictionary? Secret { get; set; }

    /// <summary>The workflows that may use it, instead of those that are there; empty for any.</summary>
    [Parameter]
    [ValidateNotNull]
    public string[]? AllowedWorkflow { get; set; }

    /// <summary>Settings and secrets to take away, by name.</summary>
    [Parameter]
    [ValidateNotNull]
    public string[] RemoveKey { get; set; } = [];

    /// <summary>Takes away what is not named, instead of keeping it.</summary>
    [Parameter]
    public SwitchParameter Replace { get; set; }

    /// <summary>A JSON file in the shape of a profile. A secret that is null or (sealed) in it stands for the value that is stored.</summary>
    [Parameter]
    public string? JsonPath { get; set; }

    /// <summary>A dotenv file. Everything in it becomes a secret, except what -AsEnv names.</summary>
    [Parameter]
    public string? DotEnvPath { get; set; }

    /// <summary>Names in the dotenv file that become settings; with * and ?, in any case.</summary>
    [Parameter]
    [ValidateNotNull]
    public string[] AsEnv { get; set; } = [];

    /// <summary>Allows plain text in -Secret, where traces, logs and the history keep it.</summary>
    [Parameter]
    public SwitchParameter AllowPlainTextInput { get; set; }

    /// <summary>Another profile, such as Get-SealedProfile writes.</summary>
    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    /// <summary>The version that must be current; 0 for a profile never written. Without it, the version just read.</summary>
    [Parameter]
    public int? CheckAndSet { get; set; }

    /// <summary>The connection for references that name none.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(BackendCompleter))]
    [ValidateNotNull]
    public BackendArgument? Backend { get; set; }
}
