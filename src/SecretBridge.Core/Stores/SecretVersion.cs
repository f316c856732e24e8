namespace SecretBridge.Stores;

/// <summary>What metadata tells of one version.</summary>
/// <param name="Number">The version, from 1.</param>
/// <param name="CreatedTime">When it was written.</param>
/// <param name="DeletionTime">When it was deleted, or will be; null for neither.</param>
/// <param name="Destroyed">Whether its value is gone for good.</param>
public sealed record SecretVersion(int Number, DateTimeOffset CreatedTime, DateTimeOffset? DeletionTime, bool Destroyed)
{
    /// <summary>The version's state at a moment of the server's clock. A deletion time ahead of it is not a deletion.</summary>
    public SecretState StateAt(DateTimeOffset serverNow) =>
        Destroyed ? SecretState.Destroyed : DeletionTime <= serverNow ? SecretState.Deleted : SecretState.Live;
}
