using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>Compares each secret that was copied once more with its copy, and all that was carried, before it may go.</summary>
internal sealed class MovedComparer(MoveOptions options, IReporter reporter)
{
    private static readonly PathFilter All = new([], []);

    private readonly CarriedProof _proof = new(options);
    private readonly CompareOptions _comparison = new()
    {
        ReferenceStores = options.Copy.SourceStores,
        DifferenceStores = options.Copy.DestinationStores,
        ReferenceUri = "",
        DifferenceUri = "",
    };

    /// <summary>The row of one secret. It is equal only where the source still has the version that was copied.</summary>
    internal async Task<TreeDifference> CompareAsync(MovedSecret moved, CancellationToken cancellationToken)
    {
        var row = new TreeDifference { Uri = moved.Uri, SideIndicator = "<>", Root = moved.Root, RelativePath = moved.RelativePath, DifferenceUri = moved.Destination };
        try
        {
            StoreLocation source = await ResolveAsync(options.Copy.SourceStores, moved.Uri, cancellationToken).ConfigureAwait(false);
            StoreLocation copy = await ResolveAsync(options.Copy.DestinationStores, moved.Destination, cancellationToken).ConfigureAwait(false);
            var pair = new NamePair(Name(source), Name(copy), Hidden: false);
            PairOutcome? outcome = await new PairComparer(Side(source), Side(copy), _comparison, reporter)
                .CompareAsync(pair, cancellationToken).ConfigureAwait(false);
            if (outcome is null || IsGone(outcome.Row, moved))
            {
                return row with { SideIndicator = "==", ReferenceState = SecretState.Absent, DifferenceState = outcome?.Row.DifferenceState ?? SecretState.Absent };
            }

            row = outcome.Row with { Root = moved.Root, RelativePath = moved.RelativePath };
            string? why = row.SideIndicator != "==" ? null
                : row.ReferenceVersion != moved.Version ? FormattableString.Invariant($"Version {moved.Version} was copied, and the source is at version {row.ReferenceVersion}.")
                : await _proof.WhyNotAsync(source, copy, cancellationToken).ConfigureAwait(false);
            return why is null ? row : row with { SideIndicator = "<>", Permit = null, Note = why };
        }
        catch (BridgeException exception)
        {
            return row with { ReferenceState = SecretState.Unreadable, DifferenceState = SecretState.Unreadable, Note = exception.Message, Fault = exception };
        }
    }

    // A run that was stopped between two removals has removed it already.
    private bool IsGone(TreeDifference row, MovedSecret moved) =>
        options.Copy.Resume && row.SideIndicator != "==" && row.DifferenceState == SecretState.Live
        && (row.ReferenceState == SecretState.Absent
            || (row.ReferenceState is SecretState.Deleted or SecretState.Destroyed && row.ReferenceVersion == moved.Version));

    private static ValueTask<StoreLocation> ResolveAsync(IStoreResolver stores, string uri, CancellationToken cancellationToken) =>
        stores.ResolveAsync(SecretReference.Parse(uri), cancellationToken);

    private static SideName Name(StoreLocation place) => new(place.Path.Value, place.Path, place.Path.Value, null);

    private static TreeSide Side(StoreLocation place) => new(place with { Path = SecretPath.Root }, mayBeSecret: false, All, throttleLimit: 1);
}
