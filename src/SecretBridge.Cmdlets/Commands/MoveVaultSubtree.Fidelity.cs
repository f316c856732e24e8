using System.Collections;
using System.Management.Automation;
using SecretBridge.Completion;
using SecretBridge.Pipeline;
using SecretBridge.Trees;

namespace SecretBridge.Commands;

/// <content>What of a secret is carried beside its latest value, and what need not arrive.</content>
public sealed partial class MoveVaultSubtree
{
    /// <summary>Which versions to carry: Latest or All.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(VersionCompleter))]
    [ValidateNotNullOrEmpty]
    public string Version { get; set; } = "Latest";

    /// <summary>With -Version All: gives each version the number that it has at the source.</summary>
    [Parameter]
    public SwitchParameter KeepVersionNumber { get; set; }

    /// <summary>What to do with a source that is deleted or destroyed, and with such versions of a history.</summary>
    [Parameter]
    public DeletedVersionPolicy DeletedVersion { get; set; }

    /// <summary>Carries each secret's metadata, laid over what the destination has.</summary>
    [Parameter]
    public SwitchParameter IncludeMetadata { get; set; }

    /// <summary>Custom metadata to give each secret at the destination.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary? Tag { get; set; }

    /// <summary>A text to give each secret at the destination as its custom metadata 'description'.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Description { get; set; }

    /// <summary>Records cluster, path and version of the source, and the time, in the custom metadata of each secret.</summary>
    [Parameter]
    public SwitchParameter RecordSource { get; set; }

    /// <summary>What need not arrive. Any other loss, and nothing is removed.</summary>
    [Parameter]
    [ValidateNotNull]
    public CopyLoss[] AllowLoss { get; set; } = [];

    private CopyOptions WithFidelity(CopyOptions options) => options with
    {
        Version = VersionSelection.Parse(Version),
        KeepVersionNumber = KeepVersionNumber,
        DeletedVersion = DeletedVersion,
        IncludeMetadata = IncludeMetadata,
        Tag = TagPairs.Of(Tag),
        Description = Description,
        RecordSource = RecordSource,
    };
}
