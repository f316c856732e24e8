namespace SecretBridge.Reporting;

/// <summary>How far an operation has come.</summary>
/// <param name="Activity">What is done, such as <c>Copying vault://kv/apps</c>.</param>
/// <param name="Status">Counts by outcome, in words.</param>
/// <param name="Done">Items finished so far.</param>
/// <param name="Total">Items in all, or null while that is unknown.</param>
/// <param name="Rate">Items a second, over the run so far.</param>
/// <param name="Remaining">Time left at that rate, or null while it is unknown.</param>
/// <param name="Completed">True in the last report of an operation.</param>
public sealed record ProgressReport(
    string Activity,
    string Status,
    long Done,
    long? Total,
    double Rate,
    TimeSpan? Remaining,
    bool Completed)
{
    /// <summary>What is done just now, such as <c>walking</c> or <c>copying</c>; null where an operation has one phase.</summary>
    public string? Phase { get; init; }

    /// <summary>Items finished so far, by outcome.</summary>
    public IReadOnlyDictionary<string, long> Counts { get; init; } = new Dictionary<string, long>(StringComparer.Ordinal);

    /// <summary>Items under way; null where that is not counted.</summary>
    public int? InFlight { get; init; }

    /// <summary>How many items may be under way.</summary>
    public int? Limit { get; init; }

    /// <summary>The folder of the item finished last; null while there is none.</summary>
    public string? Folder { get; init; }
}
