namespace SecretBridge.Trees;

/// <summary>The outcome of a copy, counted.</summary>
public sealed record CopySummary
{
    /// <summary>Secrets written where nothing was.</summary>
    public long Created { get; init; }

    /// <summary>Secrets written over other content.</summary>
    public long Updated { get; init; }

    /// <summary>Secrets that were the same already.</summary>
    public long Unchanged { get; init; }

    /// <summary>Secrets left out on purpose.</summary>
    public long Skipped { get; init; }

    /// <summary>Secrets that the conflict policy kept from being changed.</summary>
    public long Conflict { get; init; }

    /// <summary>Secrets and folders that could not be read, written or verified.</summary>
    public long Failed { get; init; }

    /// <summary>Secrets that a mirror deleted at the destination.</summary>
    public long Deleted { get; init; }

    /// <summary>Secrets that were read back and found equal.</summary>
    public long Verified { get; init; }

    /// <summary>Secrets with numbers whose digits a KV v2 server does not keep.</summary>
    public long NumberPrecision { get; init; }

    /// <summary>Secrets of which something could not be carried.</summary>
    public long Lossy { get; init; }

    /// <summary>Versions with a value that were written.</summary>
    public long VersionsCopied { get; init; }

    /// <summary>Warnings that the run gave.</summary>
    public long Warnings { get; init; }

    /// <summary>Whether this was only a plan.</summary>
    public bool Planned { get; init; }

    /// <summary>How long the run took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>All secrets seen.</summary>
    public long Total => Created + Updated + Unchanged + Skipped + Conflict + Failed + Deleted;

    /// <summary>Whether no secret failed or was in conflict.</summary>
    public bool Succeeded => Failed + Conflict == 0;
}
