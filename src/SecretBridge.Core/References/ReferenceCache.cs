using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.References;

/// <summary>
/// What references led to, kept in memory for one runspace until it is due. There is no timer: what is due is read again at its
/// next use, by one caller while others wait. Values that were read through a connection go when that ends. It is bounded, and
/// never on disk.
/// </summary>
public sealed class ReferenceCache
{
    internal const int MostEntries = 1024;
    internal const int LargestPayload = 256 << 10;

    private readonly object _gate = new();
    private readonly Dictionary<CacheKey, KeptRead> _kept = [];
    private readonly Dictionary<CacheKey, Task<KeptRead>> _underWay = [];

    /// <summary>How many secrets are kept.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _kept.Count;
            }
        }
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _kept.Clear();
        }
    }

    /// <summary>The value as it was read last, due or not; null where none is kept.</summary>
    internal KeptRead? Find(CacheKey key)
    {
        lock (_gate)
        {
            return _kept.GetValueOrDefault(key);
        }
    }

    /// <summary>The kept value where it is good, else that of one read which all who want it now share.</summary>
    internal async Task<(KeptRead Read, bool FromCache)> GetAsync(
        CacheKey key, Func<KeptRead, bool> isGood, Func<Task<KeptRead>> read, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task<KeptRead>? reading;
            bool isMine = false;
            lock (_gate)
            {
                if (_kept.TryGetValue(key, out KeptRead? kept) && isGood(kept))
                {
                    return (kept, true);
                }

                if (!_underWay.TryGetValue(key, out reading))
                {
                    isMine = true;
                    _underWay[key] = reading = Task.Run(() => ReadAsync(key, read), CancellationToken.None);
                }
            }

            if (isMine)
            {
                return (await reading.ConfigureAwait(false), false);
            }

            try
            {
                KeptRead shared = await reading.WaitAsync(cancellationToken).ConfigureAwait(false);
                if (isGood(shared))
                {
                    return (shared, true);
                }
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // Whoever read gave up; that is not our end.
            }
        }
    }

    private async Task<KeptRead> ReadAsync(CacheKey key, Func<Task<KeptRead>> read)
    {
        try
        {
            KeptRead fresh = await read().ConfigureAwait(false);
            Keep(key, fresh);
            return fresh;
        }
        catch (BridgeException exception) when (!Outage.Is(exception))
        {
            // The server has answered: what it no longer gives must not be used.
            Forget(key);
            throw;
        }
        finally
        {
            lock (_gate)
            {
                _underWay.Remove(key);
            }
        }
    }

    private void Keep(CacheKey key, KeptRead read)
    {
        if (read.RefreshAt is null || read.Payload.Length > LargestPayload)
        {
            Forget(key);
            return;
        }

        lock (_gate)
        {
            // The first of a connection asks to be told of its end, which forgets the others with it.
            bool isFirst = !_kept.Keys.Any(other => other.Connection == key.Connection);
            _kept[key] = read;
            if (_kept.Count > MostEntries)
            {
                _kept.Remove(_kept.MinBy(entry => entry.Value.RefreshAt).Key);
            }

            if (!isFirst)
            {
                return;
            }
        }

        // Where it has ended already, this runs at once. A connection may outlive the runspace, and must not keep its values.
        var self = new WeakReference<ReferenceCache>(this);
        StoreConnection connection = key.Connection;
        connection.Ended.UnsafeRegister(
            _ =>
            {
                if (self.TryGetTarget(out ReferenceCache? cache))
                {
                    cache.Forget(connection);
                }
            },
            null);
    }

    private void Forget(CacheKey key)
    {
        lock (_gate)
        {
            _kept.Remove(key);
        }
    }

    private void Forget(StoreConnection connection)
    {
        lock (_gate)
        {
            foreach (CacheKey key in _kept.Keys.Where(key => key.Connection == connection).ToArray())
            {
                _kept.Remove(key);
            }
        }
    }
}
