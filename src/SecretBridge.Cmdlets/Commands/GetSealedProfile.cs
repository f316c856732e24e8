using System.Management.Automation;
using SecretBridge.Backends;
using SecretBridge.Completion;
using SecretBridge.Pipeline;
using SecretBridge.Profiles;
using SecretBridge.Reporting;
using SecretBridge.Values;

namespace SecretBridge.Commands;

/// <summary>Reads sealed profiles: what a job needs to run, kept as one secret.</summary>
[Cmdlet(VerbsCommon.Get, "SealedProfile", DefaultParameterSetName = "Sealed")]
[OutputType(typeof(SealedProfile), ParameterSetName = ["Sealed"])]
[OutputType(typeof(PSObject), ParameterSetName = ["PlainText"])]
public sealed class GetSealedProfile : StreamCmdlet<string>
{
    /// <summary>The secret that holds the profile, or with a slash at its end a folder of profiles.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(UriCompleter))]
    public string[] Uri { get; set; } = [];

    /// <summary>The names to read in the folder, with * and ?; case-sensitive.</summary>
    [Parameter(Position = 1)]
    public string? Name { get; set; }

    /// <summary>The version to read where a reference names none.</summary>
    [Parameter]
    public int? Version { get; set; }

    /// <summary>Writes the secrets in clear.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "PlainText")]
    public SwitchParameter AsPlainText { get; set; }

    /// <summary>The connection for references that name none.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(BackendCompleter))]
    [ValidateNotNull]
    public BackendArgument? Backend { get; set; }

    /// <inheritdoc/>
    private protected override Func<IAsyncEnumerable<string>, Task> Prepare()
    {
        var read = new ProfileRead(new() { Stores = Backends.Stores(Backend), Name = Name, Version = Version });
        return uris => WriteRowsAsync(read.RunAsync(uris, Cancellation), Write);
    }

    /// <inheritdoc/>
    private protected override IEnumerable<string> Take() => Uri;

    /// <inheritdoc/>
    private protected override string? Hint(BridgeException fault) => fault.Kind == FaultKind.SecretNotFound && Name is null
        ? "For a folder of profiles end the Uri with / or give -Name."
        : null;

    private void Write(SealedProfile profile)
    {
        if (!AsPlainText)
        {
            WriteObject(profile);
        }
        else if (profile.Reason is null)
        {
            WriteObject(Plain(profile));
        }
    }

    private static PSObject Plain(SealedProfile profile)
    {
        var plain = new PSObject();
        plain.Properties.Add(new PSNoteProperty(nameof(profile.Uri), profile.Uri));
        plain.Properties.Add(new PSNoteProperty(nameof(profile.Name), profile.Name));
        plain.Properties.Add(new PSNoteProperty(nameof(profile.Description), profile.Description));
        plain.Properties.Add(new PSNoteProperty(nameof(profile.Owner), profile.Owner));
        plain.Properties.Add(new PSNoteProperty(nameof(profile.Tags), profile.Tags));
        plain.Properties.Add(new PSNoteProperty(nameof(profile.Environment), profile.Environment));
        plain.Properties.Add(new PSNoteProperty(nameof(profile.Secrets), OpenedValues.Table(profile.Secrets, value => value.RevealObject())));
        plain.Properties.Add(new PSNoteProperty(nameof(profile.AllowedWorkflows), profile.AllowedWorkflows));
        plain.Properties.Add(new PSNoteProperty(nameof(profile.Version), profile.Version));
        return plain;
    }
}
