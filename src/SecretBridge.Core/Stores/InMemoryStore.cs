using SecretBridge.Reporting;

namespace SecretBridge.Stores;

/// <summary>
/// A store that lives in memory, with versions and check-and-set as KV version 2 has them. For tests and for trying out;
/// nothing of it is ever written to disk.
/// </summary>
public sealed class InMemoryStore : ISecretStore, IWriteSession
{
    private readonly Dictionary<string, Secret> _secrets = new(StringComparer.Ordinal);
    private readonly object _gate = new();
    private readonly TimeProvider _time;

    /// <summary>Makes an empty store.</summary>
    /// <param name="name">The name that stands for a mount in its references.</param>
    /// <param name="time">The clock for creation and deletion times; the system's where none is given.</param>
    public InMemoryStore(string name, TimeProvider? time = null)
    {
        Root = SecretReference.Create("vault", "memory", SecretPath.Parse(name));
        Identity = new("memory:" + Guid.NewGuid().ToString("N"), name);
        _time = time ?? TimeProvider.System;
    }

    /// <inheritdoc/>
    public SecretReference Root { get; }

    /// <inheritdoc/>
    public StoreIdentity Identity { get; }

    /// <inheritdoc/>
    public StoreCapabilities Capabilities =>
        StoreCapabilities.List | StoreCapabilities.CheckAndSet | StoreCapabilities.Versions | StoreCapabilities.Metadata
        | StoreCapabilities.EmptyPayload | StoreCapabilities.Remove;

    /// <inheritdoc/>
    public ValueTask<FolderListing> ListAsync(SecretPath folder, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return ValueTask.FromResult(FolderListing.Below(folder, _secrets.Keys));
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<SecretPath>?> TryScanAsync(SecretPath folder, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<SecretPath>?>(null);

    /// <inheritdoc/>
    public ValueTask<SecretReading> ReadAsync(SecretPath path, int? version, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            Secret? secret = _secrets.GetValueOrDefault(path.Value);
            Entry? entry = version is null ? secret?.Latest : secret?.Entries.Find(candidate => candidate.Version.Number == version);
            if (entry is null)
            {
                return ValueTask.FromResult(SecretReading.Absent);
            }

            SecretState state = entry.Version.StateAt(_time.GetUtcNow());
            return ValueTask.FromResult(new SecretReading
            {
                State = state,
                Payload = state == SecretState.Live ? entry.Payload : null,
                Version = entry.Version.Number,
                CreatedTime = entry.Version.CreatedTime,
                DeletionTime = entry.Version.DeletionTime,
                CustomMetadata = secret!.Metadata.CustomMetadata is { Count: > 0 } custom ? custom : null,
            });
        }
    }

    /// <inheritdoc/>
    public ValueTask<SecretMetadata?> ReadMetadataAsync(SecretPath path, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return ValueTask.FromResult(_secrets.GetValueOrDefault(path.Value) is { } secret
                ? secret.Metadata with
                {
                    CurrentVersion = secret.Latest?.Version.Number ?? 0,
                    OldestVersion = secret.Entries.Count == 0 ? 0 : secret.Entries[0].Version.Number,
                    CreatedTime = secret.Entries.Count == 0 ? null : secret.Entries[0].Version.CreatedTime,
                    UpdatedTime = secret.Latest?.Version.CreatedTime,
                    Versions = secret.Entries.ConvertAll(entry => entry.Version),
                    ServerTime = _time.GetUtcNow(),
                }
                : null);
        }
    }

    /// <inheritdoc/>
    public string? WhyNotHold(SecretPath path, SecretPayload payload) => null;

    /// <inheritdoc/>
    public ValueTask<IWriteSession> OpenWriteSessionAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult<IWriteSession>(this);

    /// <inheritdoc/>
    public ValueTask<WriteReceipt> WriteAsync(SecretPath path, SecretPayload payload, int? checkAndSet, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(payload);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            int current = _secrets.GetValueOrDefault(path.Value)?.Latest?.Version.Number ?? 0;
            if (checkAndSet is { } expected && expected != current)
            {
                throw new BridgeException(FaultKind.CheckAndSetMismatch, new StoreLocation(this, path).Uri,
                    $"'{path}' is at version {current}, not at the expected {expected}.");
            }

            SecretOf(path).Entries.Add(new(new(current + 1, _time.GetUtcNow(), null, false), payload));
            return ValueTask.FromResult(new WriteReceipt(current + 1));
        }
    }

    /// <inheritdoc/>
    public ValueTask DeleteAsync(SecretPath path, IReadOnlyList<int> versions, CancellationToken cancellationToken) =>
        Change(path, versions, entry =>
            entry with { Version = entry.Version with { DeletionTime = entry.Version.DeletionTime ?? _time.GetUtcNow() } }, cancellationToken);

    /// <inheritdoc/>
    public ValueTask UndeleteAsync(SecretPath path, IReadOnlyList<int> versions, CancellationToken cancellationToken) =>
        Change(path, versions, entry => entry with { Version = entry.Version with { DeletionTime = null } }, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DestroyAsync(SecretPath path, IReadOnlyList<int> versions, CancellationToken cancellationToken) =>
        Change(path, versions, entry => new(entry.Version with { Destroyed = true }, null), cancellationToken);

    /// <inheritdoc/>
    public ValueTask WriteMetadataAsync(SecretPath path, MetadataChange change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            Secret secret = SecretOf(path);
            secret.Metadata = secret.Metadata with
            {
                CustomMetadata = change.Over(secret.Metadata.CustomMetadata) ?? secret.Metadata.CustomMetadata,
                MaxVersions = change.MaxVersions ?? secret.Metadata.MaxVersions,
                CheckAndSetRequired = change.CheckAndSetRequired ?? secret.Metadata.CheckAndSetRequired,
                DeleteVersionAfter = change.DeleteVersionAfter ?? secret.Metadata.DeleteVersionAfter,
            };
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask RemoveAsync(SecretPath path, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            _secrets.Remove(path.Value);
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Does nothing: the store outlives its write sessions.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private ValueTask Change(SecretPath path, IReadOnlyList<int> versions, Func<Entry, Entry> change, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (_secrets.GetValueOrDefault(path.Value)?.Entries is { } entries)
            {
                for (int i = 0; i < entries.Count; i++)
                {
                    int number = entries[i].Version.Number;
                    if (versions.Count == 0 ? i == entries.Count - 1 : versions.Contains(number))
                    {
                        entries[i] = change(entries[i]);
                    }
                }
            }
        }

        return ValueTask.CompletedTask;
    }

    private Secret SecretOf(SecretPath path)
    {
        if (!_secrets.TryGetValue(path.Value, out Secret? secret))
        {
            _secrets.Add(path.Value, secret = new());
        }

        return secret;
    }

    private sealed class Secret
    {
        public List<Entry> Entries { get; } = [];

        public Entry? Latest => Entries.Count == 0 ? null : Entries[^1];

        public SecretMetadata Metadata { get; set; } = new() { CurrentVersion = 0 };
    }

    private sealed record Entry(SecretVersion Version, SecretPayload? Payload);
}
