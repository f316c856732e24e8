namespace SecretBridge.Stores;

/// <summary>
/// Which store this really is. Two addresses of one cluster have the same identity, so that an overlap of source and
/// destination is seen whatever names they were given.
/// </summary>
/// <param name="Cluster">The cluster's id, or a stand-in that is unique to the store.</param>
/// <param name="Mount">The mount without slashes at its ends, with the namespace before it.</param>
public sealed record StoreIdentity(string Cluster, string Mount)
{
    /// <summary>It as one text. The two blanks are in journals and plans that exist.</summary>
    internal string Text => $"{Cluster}  {Mount}";

    /// <summary>The server's own id of the mount, which is the same whatever the mount and the cluster are called; null where it is not told.</summary>
    internal string? Accessor { get; init; }

    /// <summary>Whether both are one store for certain or by the server's own id. A guard that keeps a store from being its own copy asks this.</summary>
    internal bool IsOne(StoreIdentity other) => Equals(other) || (Accessor is not null && Accessor == other.Accessor);

    /// <summary>Whether cluster and mount are the same.</summary>
    public bool Equals(StoreIdentity? other) => other is not null && Cluster == other.Cluster && Mount == other.Mount;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Cluster, Mount);
}
