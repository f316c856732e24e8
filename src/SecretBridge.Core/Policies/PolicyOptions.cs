using SecretBridge.Stores;

namespace SecretBridge.Policies;

/// <summary>How to make policies.</summary>
public sealed record PolicyOptions
{
    /// <summary>Finds the stores of source references.</summary>
    public required IStoreResolver SourceStores { get; init; }

    /// <summary>Finds the stores of destination references.</summary>
    public required IStoreResolver DestinationStores { get; init; }

    /// <summary>What the policies' names begin with; null for a name by the operation.</summary>
    public string? Name { get; init; }

    /// <summary>The connection will be made without asking about the token, or by a login: it need not look itself up.</summary>
    public bool NoVerify { get; init; }

    /// <summary>The token must be able to renew itself, for a run that is longer than its lease.</summary>
    public bool Renew { get; init; }

    /// <summary>On OpenBao too, a tree is listed folder by folder.</summary>
    public bool NoScan { get; init; }

    /// <summary>Whether lines are added that the operation can do without, at the cost of speed or of a rare case.</summary>
    public bool IncludeOptional { get; init; }

    /// <summary>Whether a name that policies cannot tell from a wildcard may be written all the same.</summary>
    public bool AllowWider { get; init; }
}
