using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>Reads both sides of a pair and tells how they compare.</summary>
internal sealed class PairComparer(TreeSide reference, TreeSide difference, CompareOptions options, IReporter reporter)
{
    private const string Same = "==";
    private const string Differs = "<>";

    private readonly SideReader _reference = new(reference, options, reporter);
    private readonly SideReader _difference = new(difference, options, reporter);
    private readonly Predicate<string>? _leaveOut = KeyFilter.Of(options.ExcludeKey);

    private bool ThroughDouble =>
        (reference.Store.Capabilities | difference.Store.Capabilities).HasFlag(StoreCapabilities.NumbersThroughDouble);

    /// <summary>Compares. Null where a name vanished from both sides since it was listed.</summary>
    internal async Task<PairOutcome?> CompareAsync(NamePair pair, CancellationToken cancellationToken)
    {
        if ((pair.Reference?.Fault ?? pair.Difference?.Fault) is { } fault)
        {
            return Unreadable(pair, fault, fault.Message);
        }

        if (pair.Hidden)
        {
            return Unreadable(pair, null, "The other side's folder could not be listed.");
        }

        SideReading[] sides = await Task.WhenAll(
            _reference.ReadAsync(pair.Reference, cancellationToken),
            _difference.ReadAsync(pair.Difference, cancellationToken)).ConfigureAwait(false);
        return (sides[0].Fault ?? sides[1].Fault) is { } refused
            ? Unreadable(pair, refused, refused.Message)
            : Judge(pair, sides[0], sides[1]);
    }

    private PairOutcome? Judge(NamePair pair, SideReading left, SideReading right)
    {
        SecretReading a = left.Content;
        SecretReading b = right.Content;
        if (a.State == SecretState.Absent && b.State == SecretState.Absent)
        {
            return null;
        }

        TreeDifference row = Row(Present(pair, a, b), Same) with
        {
            ReferenceState = a.State,
            DifferenceState = b.State,
            ReferenceVersion = a.Version,
            DifferenceVersion = b.Version,
        };
        if (a.State == SecretState.Live && b.State == SecretState.Live)
        {
            return WithMore(JudgeLive(row, a.Payload!, b.Payload!), pair, left, right);
        }

        if (a.State != SecretState.Live && b.State != SecretState.Live)
        {
            string? states = a.State == b.State ? null : "Neither side has a value: " + States(a, b) + ".";
            return WithMore(new(row with { Note = states }, false), pair, left, right);
        }

        string indicator = b.State == SecretState.Absent ? "<=" : a.State == SecretState.Absent ? "=>" : Differs;
        string? note = indicator == Differs ? "A value stands against none: " + States(a, b) + "."
            : pair.Reference is { Unmapped: true } ? "No rule of the map matches it."
            : pair.Difference is { Unmapped: true } ? "No rule of the map leads to it." : null;
        return new(row with { SideIndicator = indicator, Note = note }, false);
    }

    // A side that cannot be listed has a name by the map alone: where nothing is there, it has none.
    private static NamePair Present(NamePair pair, SecretReading a, SecretReading b) => pair with
    {
        Reference = a.State == SecretState.Absent && pair.Difference is not null ? null : pair.Reference,
        Difference = b.State == SecretState.Absent && pair.Reference is not null ? null : pair.Difference,
    };

    private PairOutcome JudgeLive(TreeDifference row, SecretPayload a, SecretPayload b)
    {
        PayloadComparison comparison = Compare(a, b);
        string? note = comparison.NumberPrecision
            ? "NumberPrecision: numbers count as equal because a KV version 2 server reads them as the same." : null;
        return comparison.AreEqual
            ? new(row with { Note = note }, comparison.NumberPrecision)
            : new(row with
            {
                SideIndicator = Differs,
                AddedKey = comparison.AddedKey,
                RemovedKey = comparison.RemovedKey,
                ChangedKey = comparison.ChangedKey,
                Note = comparison.NullDiffers ? "The payload of one side is null." : note,
            }, false);
    }

    // What is compared beyond the latest content. Only a row that is equal in all of it permits anything.
    private PairOutcome WithMore(PairOutcome outcome, NamePair pair, SideReading left, SideReading right)
    {
        IReadOnlyList<string> metadata = options.IncludeMetadata ? MetadataComparison.Names(left.Metadata, right.Metadata) : [];
        HistoryComparison? history = options.IncludeVersion ? HistoryComparison.Of(left.History, right.History, Compare) : null;
        TreeDifference row = outcome.Row;
        if (metadata.Count > 0 || history is { AreEqual: false })
        {
            row = row with
            {
                SideIndicator = Differs,
                ChangedMetadata = metadata,
                ChangedVersion = history?.ChangedVersion ?? [],
                Note = history?.Note ?? row.Note,
            };
        }

        bool equal = row.SideIndicator == Same;
        return new(row with { Permit = equal ? Permit(pair, left.Content) : null }, equal && (outcome.NumberPrecision || history is { NumberPrecision: true }));
    }

    private RemovalPermit? Permit(NamePair pair, SecretReading reading) =>
        !options.IsWhole || pair.Reference is null || reading.State == SecretState.Absent
            ? null
            : new(
                reference.Store.Identity,
                reference.Location.Path.Append(pair.Reference.Path),
                reading.State,
                reading.State == SecretState.MetadataOnly ? 0 : reading.Version,
                reading.CreatedTime,
                difference.Store.Identity,
                difference.Location.Path.Append((pair.Difference ?? pair.Reference).Path),
                pair.Difference is null ? null : difference.UriOf(pair.Difference));

    private PayloadComparison Compare(SecretPayload a, SecretPayload b) => a.Compare(b, ThroughDouble, _leaveOut);

    private PairOutcome Unreadable(NamePair pair, BridgeException? fault, string note) =>
        new(Row(pair, Differs) with
        {
            ReferenceState = pair.Reference is null && !pair.Hidden && pair.Difference?.Fault is not null ? SecretState.Absent : SecretState.Unreadable,
            DifferenceState = pair.Difference is null && !pair.Hidden && pair.Reference?.Fault is not null ? SecretState.Absent : SecretState.Unreadable,
            Note = note,
            Fault = fault,
        }, false);

    private TreeDifference Row(NamePair pair, string indicator)
    {
        TreeSide side = pair.Reference is null ? difference : reference;
        SideName name = (pair.Reference ?? pair.Difference)!;

        // A side that is one secret is told by its own name below its folder, so that the row can be copied.
        bool itself = name.RelativePath.Length == 0 && name.Fault is null;
        return new()
        {
            Uri = side.UriOf(name),
            SideIndicator = indicator,
            Root = itself ? (side.Location with { Path = side.Location.Path.Parent }).Uri : side.Location.Uri,
            RelativePath = itself ? side.Location.Path.Name : name.RelativePath,
            DifferenceUri = pair.Difference is null ? null : difference.UriOf(pair.Difference),
        };
    }

    private static string States(SecretReading a, SecretReading b) =>
        $"{a.State.ToString().ToLowerInvariant()} against {b.State.ToString().ToLowerInvariant()}";
}
