using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>One secret on its way: where it comes from, where it goes, and its row so far.</summary>
internal sealed record CopyItem
{
    public required SourceStep Step { get; init; }

    /// <summary>The path in the destination's store.</summary>
    public required SecretPath Path { get; init; }

    public required CopyResult Row { get; init; }

    /// <summary>The version read, from 1; null for the latest.</summary>
    public int? Version { get; init; }

    /// <summary>When the source deletes by itself what is written; null for never.</summary>
    public DateTimeOffset? Due { get; init; }

    /// <summary>Whether a side passes numbers through a double.</summary>
    public bool ThroughDouble { get; init; }

    public ISecretStore Source => Step.Location!.Store;

    public SecretPath SourcePath => Step.Location!.Path;

    /// <summary>The item with something that cannot be carried named in its row, once.</summary>
    public CopyItem Losing(CopyLoss loss) =>
        Row.Lossy.Contains(loss) ? this : this with { Row = Row with { Lossy = [.. Row.Lossy, loss] } };

    public CopyOutcome Done(CopyAction action, string? reason = null) => new(Row with { Action = action, Reason = reason ?? Row.Reason }, false);

    public CopyOutcome Skipped(string reason) => new(Row with { Action = CopyAction.Skipped, Reason = reason }, false);

    // What was verified before the failure proves nothing of the whole.
    public CopyOutcome Failed(BridgeException fault) => CopyOutcome.Failed(Row with { Verified = null }, fault);

    public CopyOutcome Conflict(string why, IReadOnlyList<string>? keys = null)
    {
        var fault = new BridgeException(FaultKind.DestinationExists, Row.Destination!, $"'{Row.Destination}' {why}; it was left as it is.");
        return new(Row with { Action = CopyAction.Conflict, Reason = fault.Message, Fault = fault, ConflictKey = keys ?? [] }, false);
    }
}
