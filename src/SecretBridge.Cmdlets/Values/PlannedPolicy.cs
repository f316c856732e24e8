using SecretBridge.Policies;
using SecretBridge.Reporting;
using SecretBridge.Trees;

namespace SecretBridge.Values;

/// <summary>What a policy is to allow, out of the options of a copy and of a plan.</summary>
internal static class PlannedPolicy
{
    /// <summary>Those options of a copy that change what it asks of servers.</summary>
    internal static PolicyDetail Detail(CopyOptions options) => new()
    {
        WritesOver = options.Conflict is ConflictPolicy.Overwrite or ConflictPolicy.NewerWins or ConflictPolicy.Merge,
        Verify = options.Verify,
        AllVersions = options.Version.IsAll,
        KeepVersionNumber = options.KeepVersionNumber,
        PreservesDeleted = options.DeletedVersion == DeletedVersionPolicy.Preserve,
        IncludeMetadata = options.IncludeMetadata,
        AddsMetadata = options.RecordSource || options.Description is not null || options.Tag.Count > 0,
        IncludeMountConfig = options.IncludeMountConfig,
        Mirror = options.Mirror,
    };

    /// <summary>One item for each secret that a plan writes.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="around">What the plan leaves open.</param>
    /// <exception cref="BridgeException">The plan cannot be understood, does nothing, or cannot be done.</exception>
    internal static IEnumerable<PolicyItem> Items(CopyPlan plan, CopyOptions around)
    {
        PolicyDetail detail = Detail(RunSettings.Apply(plan.Options, around, plan.Name));
        PolicyItem[] items = [.. plan.Items.Where(row => row.Action is CopyAction.Created or CopyAction.Updated).Select(row => new PolicyItem
        {
            For = PolicyOperation.Copy,
            SourceUri = row.Uri,
            DestinationUri = row.Destination,
            Detail = detail,
            Planned = new(row.Action == CopyAction.Created, row.VersionsCopied, row.MetadataChanged),
        })];
        return plan.Items.Any(row => row.Action == CopyAction.Deleted)
            ? throw new BridgeException(FaultKind.InvalidArgument, "Plan", "A planned copy deletes nothing, and this plan is of a mirror. Give its folders with -SourceUri, -DestinationUri and -Mirror instead.")
            : items.Length > 0 ? items
            : throw new BridgeException(FaultKind.InvalidArgument, "Plan", "The plan writes nothing, so that no policy is needed for it.");
    }
}
