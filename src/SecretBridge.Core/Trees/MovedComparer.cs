using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>Compares each secret that was copied once more with its copy, before it may go.</summary>
internal sealed class MovedComparer(CopyOptions options, IReporter reporter)
{
    private static readonly PathFilter All = new([], []);

    private readonly CompareOptions _comparison = new()
    {
        ReferenceStores = options.SourceStores,
        DifferenceStores = options.DestinationStores,
        ReferenceUri = "",
        DifferenceUri = "",
    };

    /// <summary>The row of one secret. It is equal only where the source still has the version that was copied.</summary>
    internal async Task<TreeDifference> CompareAsync(MovedSecret moved, CancellationToken cancellationToken)
    {
        var row = new TreeDifference { Uri = moved.Uri, SideIndicator = "<>", Root = moved.Root, RelativePath = moved.RelativePath, DifferenceUri = moved.Destination };
        try
        {
            StoreLocation source = await ResolveAsync(options.SourceStores, moved.Uri, cancellationToken).ConfigureAwait(false);
            StoreLocation copy = await ResolveAsync(options.DestinationStores, moved.Destination, cancellationToken).ConfigureAwait(false);
            var pair = new NamePair(Name(source), Name(copy), Hidden: false);
            PairOutcome? outcome = await new PairComparer(Side(source), Side(copy), _comparison, reporter)
                .CompareAsync(pair, cancellationToken).ConfigureAwait(false);
            if (outcome is null)
            {
                return row with { SideIndicator = "==", ReferenceState = SecretState.Absent, DifferenceState = SecretState.Absent };
            }

            row = outcome.Row with { Root = moved.Root, RelativePath = moved.RelativePath };
            return row.SideIndicator != "==" || row.ReferenceVersion == moved.Version
                ? row
                : row with
                {
                    SideIndicator = "<>",
                    Permit = null,
                    Note = FormattableString.Invariant($"Version {moved.Version} was copied, and the source is at version {row.ReferenceVersion}."),
                };
        }
        catch (BridgeException exception)
        {
            return row with { ReferenceState = SecretState.Unreadable, DifferenceState = SecretState.Unreadable, Note = exception.Message, Fault = exception };
        }
    }

    private static ValueTask<StoreLocation> ResolveAsync(IStoreResolver stores, string uri, CancellationToken cancellationToken) =>
        stores.ResolveAsync(SecretReference.Parse(uri), cancellationToken);

    private static SideName Name(StoreLocation place) => new(place.Path.Value, place.Path, place.Path.Value, null);

    private static TreeSide Side(StoreLocation place) => new(place with { Path = SecretPath.Root }, mayBeSecret: false, All, throttleLimit: 1);
}
