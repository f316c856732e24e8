namespace SecretBridge.Trees;

/// <summary>The outcome of a removal, counted.</summary>
public sealed record RemovalSummary
{
    /// <summary>Secrets that were soft-deleted.</summary>
    public long Deleted { get; init; }

    /// <summary>Secrets of which versions were destroyed.</summary>
    public long Destroyed { get; init; }

    /// <summary>Secrets that were removed with all versions and metadata.</summary>
    public long Removed { get; init; }

    /// <summary>Secrets of which nothing was left to remove.</summary>
    public long Skipped { get; init; }

    /// <summary>Secrets that nothing permitted to remove.</summary>
    public long Refused { get; init; }

    /// <summary>Secrets and folders that could not be read or removed.</summary>
    public long Failed { get; init; }

    /// <summary>Whether this was only a plan.</summary>
    public bool Planned { get; init; }

    /// <summary>How long the run took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>All secrets seen.</summary>
    public long Total => Deleted + Destroyed + Removed + Skipped + Refused + Failed;

    /// <summary>Whether nothing failed and nothing was refused.</summary>
    public bool Succeeded => Failed + Refused == 0;
}
