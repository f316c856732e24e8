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

    /// <summary>Whether a side could not be listed, so that what only it has is not known.</summary>
    public bool OneSided { get; init; }

    /// <summary>Whether one direction was asked for as enough, should a side be one that cannot be listed.</summary>
    public bool OneWay { get; init; }

    /// <summary>Whether the walk of both sides came to its end.</summary>
    public bool Completed { get; init; }

    /// <summary>The part of both sides that this is of, such as <c>3/8</c>; null for all of them.</summary>
    public string? Shard { get; init; }

    /// <summary>Names that belong to other shards, and were not compared.</summary>
    public long OtherShards { get; init; }

    /// <summary>How long the run took; of several the longest.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>
    /// Whether everything on both sides was read and is equal. False where nothing was found on either side: that is
    /// more often a wrong path than a proof, and where a side could not be listed, unless one way is enough. Of a shard it
    /// proves that shard alone.
    /// </summary>
    public bool IsClean => Completed && (!OneSided || OneWay) && Equal + OtherShards > 0 && Different + OnlyReference + OnlyDifference + Unreadable == 0;

    /// <summary>Adds up the summaries of all shards of one comparison, or of several comparisons.</summary>
    /// <exception cref="Reporting.BridgeException">A shard is missing or is there twice, or they are of different comparisons
    /// (<see cref="Reporting.FaultKind.InvalidArgument"/>).</exception>
    public static ComparisonSummary Merge(IEnumerable<ComparisonSummary> summaries)
    {
        ComparisonSummary[] parts = [.. summaries];
        bool isSharded = Trees.Shard.CheckWhole([.. parts.Select(part => part.Shard)]);
        if (isSharded && parts.DistinctBy(part => (part.ReferenceUri, part.DifferenceUri)).Skip(1).FirstOrDefault() is { } other)
        {
            throw new Reporting.BridgeException(Reporting.FaultKind.InvalidArgument, nameof(Shard),
                $"Shard {other.Shard} is of '{other.ReferenceUri}' and '{other.DifferenceUri}', another comparison than that of shard {parts[0].Shard}: together they prove neither.");
        }

        return new()
        {
            ReferenceUri = string.Join(", ", parts.Select(part => part.ReferenceUri).Distinct()),
            DifferenceUri = string.Join(", ", parts.Select(part => part.DifferenceUri).Distinct()),
            Equal = parts.Sum(part => part.Equal),
            Different = parts.Sum(part => part.Different),
            OnlyReference = parts.Sum(part => part.OnlyReference),
            OnlyDifference = parts.Sum(part => part.OnlyDifference),
            Unreadable = parts.Sum(part => part.Unreadable),
            NumberPrecision = parts.Sum(part => part.NumberPrecision),
            OneSided = parts.Any(part => part.OneSided),
            OneWay = parts.All(part => part.OneWay || !part.OneSided),

            // One comparison that found nothing at all must not hide among others; a shard may be empty.
            Completed = parts.All(part => part.Completed && (isSharded || part.Total > 0)),
            Duration = parts.Max(part => part.Duration),
        };
    }

    private long Total => Equal + Different + OnlyReference + OnlyDifference + Unreadable;
}
