using SecretBridge.Wire;

namespace SecretBridge.Stores;

/// <summary>
/// The connection that a store is read through, as far as it matters to whoever keeps what was read. Two connections with one
/// server are not equal: they may have different rights.
/// </summary>
/// <param name="Client">The connection.</param>
internal readonly record struct StoreConnection(VaultClient Client)
{
    /// <summary>Signalled when the connection ends: what was read through it is to be forgotten then.</summary>
    public CancellationToken Ended => Client.Ended;

    /// <summary>The name of the token that it uses; null where that is not known.</summary>
    public string? Actor => Client.Session.Current?.DisplayName;

    /// <summary>Counts what may have changed a secret through the connection: a value read at another count may be an old one.</summary>
    public long ChangesOf(StoreLocation secret) => Client.Changes.Of(secret.Store.Root.Path.Value, secret.Path.Value);

    /// <summary>When a value that is read now is due to be read again, and when the login ends; null for never or unknown.</summary>
    public (DateTimeOffset RefreshAt, DateTimeOffset? Ends) Term
    {
        get
        {
            LoginTerm term = Client.Session.Term();
            return (term.RefreshAt, term.Ends);
        }
    }
}
