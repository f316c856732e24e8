namespace SecretBridge.Trees;

/// <summary>The outcome of a comparison, counted.</summary>
public sealed record ComparisonSummary
{
    /// <summary>The reference side's complete reference.</summary>
    public required string ReferenceUri { get; init; }

    /// <summary>The difference side's complete reference.</summary>
    public required string DifferenceUri { get; init; }

    /// <summary>Secrets that are equal.</summary>
    public long Equal { get; init; }

    /// <summary>Secrets that both sides have and that differ.</summary>
    public long Different { get; init; }

    /// <summary>Secrets that only the reference side has.</summary>
    public long OnlyReference { get; init; }

    /// <summary>Secrets that only the difference side has.</summary>
    public long OnlyDifference { get; init; }

    /// <summary>Secrets and folders that could not be read on a side.</summary>
    public long Unreadable { get; init; }

    /// <summary>Equal secrets with numbers that are equal only as a KV v2 server reads them.</summary>
    public long NumberPrecision { get; init; }

    /// <summary>Whether the walk of both sides came to its end.</summary>
    public bool Completed { get; init; }

    /// <summary>How long the run took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>
    /// Whether everything on both sides was read and is equal. False where nothing was found on either side: that is
    /// more often a wrong path than a proof.
    /// </summary>
    public bool IsClean => Completed && Equal > 0 && Different + OnlyReference + OnlyDifference + Unreadable == 0;
}
