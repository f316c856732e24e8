using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>Reads both sides of a pair and tells how they compare.</summary>
internal sealed class PairComparer(TreeSide reference, TreeSide difference)
{
    private const string Same = "==";
    private const string Differs = "<>";

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
            ReadAsync(reference, pair.Reference, cancellationToken),
            ReadAsync(difference, pair.Difference, cancellationToken)).ConfigureAwait(false);
        return (sides[0].Fault ?? sides[1].Fault) is { } refused
            ? Unreadable(pair, refused, refused.Message)
            : Judge(pair, sides[0].Reading, sides[1].Reading);
    }

    private static async Task<SideReading> ReadAsync(TreeSide side, SideName? name, CancellationToken cancellationToken)
    {
        if (name is null)
        {
            return new(SecretReading.Absent, null);
        }

        SecretPath path = side.Location.Path.Append(name.Path);
        try
        {
            return new(await SettledRead.ReadAsync(side.Store, path, null, cancellationToken).ConfigureAwait(false), null);
        }
        catch (BridgeException exception)
        {
            return new(SecretReading.Absent, exception);
        }
    }

    private PairOutcome? Judge(NamePair pair, SecretReading a, SecretReading b)
    {
        TreeDifference row = Row(pair, Same) with
        {
            ReferenceState = a.State,
            DifferenceState = b.State,
            ReferenceVersion = a.Version,
            DifferenceVersion = b.Version,
        };
        if (a.State == SecretState.Live && b.State == SecretState.Live)
        {
            return JudgeLive(row, a.Payload!, b.Payload!);
        }

        if (a.State == SecretState.Absent && b.State == SecretState.Absent)
        {
            return null;
        }

        if (a.State != SecretState.Live && b.State != SecretState.Live)
        {
            return new(a.State == b.State ? row : row with { Note = "Neither side has a value: " + States(a, b) + "." }, false);
        }

        string indicator = b.State == SecretState.Absent ? "<=" : a.State == SecretState.Absent ? "=>" : Differs;
        string? note = indicator == Differs ? "A value stands against none: " + States(a, b) + "."
            : pair.Reference is { Unmapped: true } ? "No rule of the map matches it." : null;
        return new(row with { SideIndicator = indicator, Note = note }, false);
    }

    private PairOutcome JudgeLive(TreeDifference row, SecretPayload a, SecretPayload b)
    {
        PayloadComparison comparison = a.Compare(b, ThroughDouble);
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
        };
    }

    private static string States(SecretReading a, SecretReading b) =>
        $"{a.State.ToString().ToLowerInvariant()} against {b.State.ToString().ToLowerInvariant()}";

    private readonly record struct SideReading(SecretReading Reading, BridgeException? Fault);
}
