using System.Collections;
using System.Management.Automation;
using SecretBridge.Completion;
using SecretBridge.Policies;
using SecretBridge.Reporting;
using SecretBridge.Trees;
using SecretBridge.Values;

namespace SecretBridge.Commands;

/// <content>Those options of the operations that change what they ask of a server, by the names that they have there.</content>
public sealed partial class NewVaultPolicy
{
    /// <summary>As for a copy: what to do where the destination has other content.</summary>
    [Parameter(ParameterSetName = UriSet)]
    public ConflictPolicy Conflict { get; set; }

    /// <summary>As for a copy: reads back what was written.</summary>
    [Parameter]
    public SwitchParameter Verify { get; set; }

    /// <summary>As for a copy: which versions to carry.</summary>
    [Parameter(ParameterSetName = UriSet)]
    [ArgumentCompleter(typeof(VersionCompleter))]
    [ValidateNotNullOrEmpty]
    public string Version { get; set; } = "Latest";

    /// <summary>As for a copy: gives each version the number that it has at the source.</summary>
    [Parameter(ParameterSetName = UriSet)]
    public SwitchParameter KeepVersionNumber { get; set; }

    /// <summary>As for a copy: what to do with a source whose version is deleted or destroyed.</summary>
    [Parameter(ParameterSetName = UriSet)]
    public DeletedVersionPolicy DeletedVersion { get; set; }

    /// <summary>Carries or compares metadata too; for a list, its details.</summary>
    [Parameter(ParameterSetName = UriSet)]
    [Alias("Detailed")]
    public SwitchParameter IncludeMetadata { get; set; }

    /// <summary>As for a copy: carries what is set for the source's mount.</summary>
    [Parameter(ParameterSetName = UriSet)]
    public SwitchParameter IncludeMountConfig { get; set; }

    /// <summary>As for a copy: custom metadata to give each secret.</summary>
    [Parameter(ParameterSetName = UriSet)]
    [ValidateNotNull]
    public IDictionary? Tag { get; set; }

    /// <summary>As for a copy: a text to give each secret.</summary>
    [Parameter(ParameterSetName = UriSet)]
    [ValidateNotNullOrEmpty]
    public string? Description { get; set; }

    /// <summary>As for a copy: records the source of each secret.</summary>
    [Parameter(ParameterSetName = UriSet)]
    public SwitchParameter RecordSource { get; set; }

    /// <summary>As for a copy: deletes at the destination what the source lacks.</summary>
    [Parameter(ParameterSetName = UriSet)]
    public SwitchParameter Mirror { get; set; }

    /// <summary>As for a comparison: compares only the names of keys.</summary>
    [Parameter(ParameterSetName = UriSet)]
    public SwitchParameter KeysOnly { get; set; }

    /// <summary>As for a comparison: compares histories too.</summary>
    [Parameter(ParameterSetName = UriSet)]
    public SwitchParameter IncludeVersion { get; set; }

    /// <summary>As for a removal or a move: destroys versions.</summary>
    [Parameter(ParameterSetName = UriSet)]
    public SwitchParameter Destroy { get; set; }

    /// <summary>As for a removal or a move: removes all versions and the metadata.</summary>
    [Parameter(ParameterSetName = UriSet)]
    public SwitchParameter AllVersions { get; set; }

    /// <summary>As for the removal of a subtree: compares nothing.</summary>
    [Parameter(ParameterSetName = UriSet)]
    public SwitchParameter Force { get; set; }

    /// <summary>As for a write: names the version that must be current, so that nothing is read before.</summary>
    [Parameter(ParameterSetName = UriSet)]
    public SwitchParameter CheckAndSet { get; set; }

    private PolicyDetail Detail()
    {
        if (Destroy && AllVersions)
        {
            throw new BridgeException(FaultKind.InvalidArgument, nameof(AllVersions), "Give either -Destroy or -AllVersions.");
        }

        PolicyDetail copy = PlannedPolicy.Detail(new CopyOptions
        {
            SourceStores = Backends.Stores(SourceBackend),
            DestinationStores = Backends.Stores(DestinationBackend),
            DestinationUri = DestinationUri ?? "",
            Conflict = Conflict,
            Verify = Verify,
            Version = VersionSelection.Parse(Version),
            KeepVersionNumber = KeepVersionNumber,
            DeletedVersion = DeletedVersion,
            IncludeMetadata = IncludeMetadata,
            IncludeMountConfig = IncludeMountConfig,
            Tag = Pipeline.TagPairs.Of(Tag),
            Description = Description,
            RecordSource = RecordSource,
            Mirror = Mirror,
        });
        return copy with
        {
            KeysOnly = KeysOnly,
            IncludeVersion = IncludeVersion,
            Removal = AllVersions ? PolicyRemoval.AllVersions : Destroy ? PolicyRemoval.Destroy : PolicyRemoval.Delete,
            Force = Force,
            CheckAndSet = CheckAndSet,
        };
    }
}
