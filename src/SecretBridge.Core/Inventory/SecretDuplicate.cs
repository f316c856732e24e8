using SecretBridge.Reporting;

namespace SecretBridge.Inventory;

/// <summary>Secrets at several paths that hold the same value, or are the same as a whole. The value is not shown.</summary>
public sealed record SecretDuplicate : IFaultRow
{
    /// <summary>How many secrets share it.</summary>
    public int Count => Members.Count;

    /// <summary>The names of the keys that hold it; empty where whole secrets are the same.</summary>
    public IReadOnlyList<string> Key { get; init; } = [];

    /// <summary>The secrets, in the order they were found; <see cref="FoundSecret.MatchedKey"/> tells which of their keys.</summary>
    public IReadOnlyList<FoundSecret> Members { get; init; } = [];

    /// <summary>Whether everything was read, so that no further secret shares it.</summary>
    public bool IsComplete { get; init; }

    /// <summary>The references.</summary>
    public override string ToString() => string.Join(", ", Members);

    BridgeException? IFaultRow.Fault => Fault;

    internal BridgeException? Fault { get; init; }
}
