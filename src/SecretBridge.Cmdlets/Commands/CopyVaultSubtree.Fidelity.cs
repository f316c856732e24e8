using System.Collections;
using System.Management.Automation;
using SecretBridge.Completion;
using SecretBridge.Pipeline;
using SecretBridge.Trees;

namespace SecretBridge.Commands;

/// <content>What of a secret is carried beside its latest value.</content>
public sealed partial class CopyVaultSubtree
{
    /// <summary>Which versions to carry: Latest, All, or a number.</summary>
    [Parameter(ParameterSetName = TreeSet)]
    [ArgumentCompleter(typeof(VersionCompleter))]
    [ValidateNotNullOrEmpty]
    public string Version { get; set; } = "Latest";

    /// <summary>With -Version All: gives each version the number that it has at the source.</summary>
    [Parameter(ParameterSetName = TreeSet)]
    public SwitchParameter KeepVersionNumber { get; set; }

    /// <summary>What to do with a source whose selected version is deleted or destroyed.</summary>
    [Parameter(ParameterSetName = TreeSet)]
    public DeletedVersionPolicy DeletedVersion { get; set; }

    /// <summary>Carries each secret's metadata, laid over what the destination has.</summary>
    [Parameter(ParameterSetName = TreeSet)]
    public SwitchParameter IncludeMetadata { get; set; }

    /// <summary>Carries what is set for the source's mount to that of the destination, where that has nothing set.</summary>
    [Parameter(ParameterSetName = TreeSet)]
    public SwitchParameter IncludeMountConfig { get; set; }

    /// <summary>Custom metadata to give each secret at the destination.</summary>
    [Parameter(ParameterSetName = TreeSet)]
    [ValidateNotNull]
    public IDictionary? Tag { get; set; }

    /// <summary>A text to give each secret at the destination as its custom metadata 'description'.</summary>
    [Parameter(ParameterSetName = TreeSet)]
    [ValidateNotNullOrEmpty]
    public string? Description { get; set; }

    /// <summary>How many versions ScaiVault is told to keep of each secret.</summary>
    [Parameter(ParameterSetName = TreeSet)]
    public int? MaxVersion { get; set; }

    /// <summary>Records cluster, path and version of the source, and the time, in the custom metadata of each secret.</summary>
    [Parameter(ParameterSetName = TreeSet)]
    public SwitchParameter RecordSource { get; set; }

    /// <summary>With -Conflict Merge: writes back rounded what the server rounds when it is read.</summary>
    [Parameter(ParameterSetName = TreeSet)]
    public SwitchParameter AllowPrecisionLoss { get; set; }

    private CopyOptions WithFidelity(CopyOptions options) => options with
    {
        Version = VersionSelection.Parse(Version),
        KeepVersionNumber = KeepVersionNumber,
        DeletedVersion = DeletedVersion,
        IncludeMetadata = IncludeMetadata,
        IncludeMountConfig = IncludeMountConfig,
        Tag = TagPairs.Of(Tag),
        Description = Description,
        MaxVersions = MaxVersion ?? options.MaxVersions,
        RecordSource = RecordSource,
        AllowPrecisionLoss = AllowPrecisionLoss,
    };
}
