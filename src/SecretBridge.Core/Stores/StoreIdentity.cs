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
}
