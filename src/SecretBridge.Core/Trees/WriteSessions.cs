using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>One write session for each store that a run changes, opened as it is first needed.</summary>
internal sealed class WriteSessions : IAsyncDisposable
{
    private readonly Dictionary<StoreIdentity, IWriteSession> _sessions = [];
    private readonly SemaphoreSlim _gate = new(1);

    public async ValueTask DisposeAsync()
    {
        foreach (IWriteSession session in _sessions.Values)
        {
            await session.DisposeAsync().ConfigureAwait(false);
        }

        _gate.Dispose();
    }

    internal async Task<IWriteSession> OfAsync(ISecretStore store, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!_sessions.TryGetValue(store.Identity, out IWriteSession? session))
            {
                session = await store.OpenWriteSessionAsync(cancellationToken).ConfigureAwait(false);
                _sessions.Add(store.Identity, session);
            }

            return session;
        }
        finally
        {
            _gate.Release();
        }
    }
}
