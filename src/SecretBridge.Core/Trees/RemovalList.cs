using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>
/// Collects what is to be removed before anything is: names and versions only. Says in the end whether anything may go.
/// </summary>
internal sealed class RemovalList(RemovalOptions options)
{
    private readonly HashSet<(StoreIdentity Store, SecretPath Path)> _places = [];
    private readonly List<RemovalItem> _items = [];
    private string? _obstacle;

    /// <summary>How many secrets are to go.</summary>
    internal int Count { get; private set; }

    /// <summary>What is to go, once <see cref="Check"/> has let it.</summary>
    internal IReadOnlyList<RemovalItem> Items => _items;

    /// <summary>Whether more are to go than may.</summary>
    internal bool IsOver => Count > options.MaxDelete;

    /// <summary>Notes why nothing at all may go.</summary>
    internal void Refuse(string obstacle) => _obstacle ??= obstacle;

    /// <summary>Takes a row of a comparison. The result says why it was left; null where it was taken.</summary>
    internal RemoveResult? Add(TreeDifference row)
    {
        var item = new RemovalItem(row.Uri, row.Root, row.RelativePath, row.Permit);
        if (row is { SideIndicator: TreeDifference.OneSided, ReferenceState: not SecretState.Unreadable })
        {
            // All of the reference side was held against the other, and only of the reference side something goes.
            return item.Result(RemoveAction.Skipped) with { Reason = row.Note };
        }

        if (row.Fault is not null || row.ReferenceState == SecretState.Unreadable || row.DifferenceState == SecretState.Unreadable)
        {
            Refuse($"'{row.Uri}' could not be read when it was compared.");
            return Refused(item, $"'{row.Uri}' could not be read when it was compared: {row.Note}");
        }

        if (row.SideIndicator != "==")
        {
            if (options.Comparison is not null)
            {
                Refuse($"'{row.Uri}' is not equal on both sides ({row.SideIndicator}).");
            }

            return Refused(item, row.SideIndicator == "=>"
                ? $"'{row.Uri}' is on the difference side, of which nothing is removed."
                : $"'{row.Uri}' is not equal on both sides ({row.SideIndicator}), so that nothing of it may be removed. {row.Note}".TrimEnd());
        }

        if (row.ReferenceState == SecretState.Absent)
        {
            return item.Result(RemoveAction.Skipped) with { Reason = "The reference side has nothing there." };
        }

        if (row.Permit is not { } permit)
        {
            return Refused(item, $"'{row.Uri}' was compared in part, with -KeysOnly or -ExcludeKey, which proves too little to remove it.");
        }

        return Add(item, permit.Store, permit.Path);
    }

    /// <summary>Takes a secret that is to go by force.</summary>
    internal RemoveResult? Add(SourceStep step) =>
        Add(new(step.Uri, step.Root, step.RelativePath, null), step.Location!.Store.Identity, step.Location.Path);

    /// <exception cref="BridgeException">Nothing may go (<see cref="FaultKind.RemovalRefused"/>).</exception>
    internal void Check(IReporter reporter)
    {
        if (_obstacle is not null)
        {
            throw Refusal(_obstacle);
        }

        // A comparison of a tree with itself, or of two that stand for each other, proves nothing once both go.
        if (_items.Find(item => item.Permit is { OtherUri: not null } permit && IsToGo(permit)) is { } mutual)
        {
            throw Refusal($"'{mutual.Uri}' was found equal to '{mutual.Permit!.OtherUri}', which is to be removed too.");
        }

        if (IsOver)
        {
            string over = Over(Count, options.MaxDelete);
            if (!options.PlanOnly)
            {
                throw Refusal(over);
            }

            reporter.Warning($"{over} Say -MaxDelete {Count.ToString(System.Globalization.CultureInfo.InvariantCulture)} where that is right.");
        }
    }

    /// <summary>What is left of <see cref="Items"/> once those that are gone already were taken out.</summary>
    internal void Keep(List<RemovalItem> items)
    {
        _items.Clear();
        _items.AddRange(items);
        Count = items.Count;
    }

    internal static string Over(int count, int maxDelete) =>
        FormattableString.Invariant($"{count} secrets would be removed, and -MaxDelete allows {maxDelete}.");

    internal static BridgeException Refusal(string why) => new(FaultKind.RemovalRefused, "Removal", $"{why} Nothing was removed.");

    private RemoveResult? Add(RemovalItem item, StoreIdentity store, SecretPath path)
    {
        if (!_places.Add((store, path)))
        {
            return item.Result(RemoveAction.Skipped) with { Reason = "It was given twice." };
        }

        Count++;
        if (options.PlanOnly || options.Force || !IsOver)
        {
            _items.Add(item);
        }

        return null;
    }

    private bool IsToGo(RemovalPermit permit) =>
        _places.Contains((permit.OtherStore, permit.OtherPath)) || (permit.OtherStore.IsOne(permit.Store) && permit.OtherPath == permit.Path);

    private static RemoveResult Refused(RemovalItem item, string why)
    {
        var fault = new BridgeException(FaultKind.RemovalRefused, item.Uri, why);
        return item.Result(RemoveAction.Skipped) with { Reason = fault.Message, Fault = fault };
    }
}
