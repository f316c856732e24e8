namespace SecretBridge.Trees;

/// <summary>The outcome of a copy, counted.</summary>
public sealed record CopySummary
{
    /// <summary>The folder below which all landed, as it was given; null where that is not known.</summary>
    public string? DestinationUri { get; init; }

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

    /// <summary>Secrets among these that an earlier run did, as its journal says.</summary>
    public long Resumed { get; init; }

    /// <summary>The part of the sources that this is of, such as <c>3/8</c>; null for all of them.</summary>
    public string? Shard { get; init; }

    /// <summary>Whether this was only a plan.</summary>
    public bool Planned { get; init; }

    /// <summary>How long the run took; of several the longest.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Adds up the summaries of all shards of one copy, or of several copies.</summary>
    /// <exception cref="Reporting.BridgeException">A shard is missing or is there twice, or they are of copies to different places
    /// (<see cref="Reporting.FaultKind.InvalidArgument"/>).</exception>
    public static CopySummary Merge(IEnumerable<CopySummary> summaries)
    {
        CopySummary[] parts = [.. summaries];
        string[] places = [.. parts.Select(part => part.DestinationUri).OfType<string>().Distinct()];
        if (Trees.Shard.CheckWhole([.. parts.Select(part => part.Shard)]) && places.Length > 1)
        {
            throw new Reporting.BridgeException(Reporting.FaultKind.InvalidArgument, nameof(Shard),
                $"The shards are of copies to different places, '{places[0]}' and '{places[1]}': together they are none of them.");
        }

        var whole = new CopySummary { DestinationUri = places.Length == 0 ? null : string.Join(", ", places) };
        return parts.Aggregate(whole, (sum, part) => sum with
        {
            Created = sum.Created + part.Created,
            Updated = sum.Updated + part.Updated,
            Unchanged = sum.Unchanged + part.Unchanged,
            Skipped = sum.Skipped + part.Skipped,
            Conflict = sum.Conflict + part.Conflict,
            Failed = sum.Failed + part.Failed,
            Deleted = sum.Deleted + part.Deleted,
            Verified = sum.Verified + part.Verified,
            NumberPrecision = sum.NumberPrecision + part.NumberPrecision,
            Lossy = sum.Lossy + part.Lossy,
            VersionsCopied = sum.VersionsCopied + part.VersionsCopied,
            Warnings = sum.Warnings + part.Warnings,
            Resumed = sum.Resumed + part.Resumed,
            Planned = sum.Planned || part.Planned,
            Duration = sum.Duration > part.Duration ? sum.Duration : part.Duration,
        });
    }

    /// <summary>All secrets seen.</summary>
    public long Total => Created + Updated + Unchanged + Skipped + Conflict + Failed + Deleted;

    /// <summary>Whether no secret failed or was in conflict.</summary>
    public bool Succeeded => Failed + Conflict == 0;
}
