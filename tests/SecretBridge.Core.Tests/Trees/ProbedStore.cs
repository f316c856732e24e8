using System.Collections.Concurrent;
using SecretBridge.Reporting;
using SecretBridge.Stores;
using Xunit;

namespace SecretBridge.Tests.Trees;

/// <summary>A store that counts what is asked of it, and fails or changes answers where a test says so.</summary>
public sealed class ProbedStore : ISecretStore, IWriteSession
{
    private readonly InMemoryStore _inner;
    private int _inFlight;
    private int _mostInFlight;

    public ProbedStore(string name, TimeProvider? time = null) => _inner = new(name, time);

    public ConcurrentQueue<string> Lists { get; } = new();

    public ConcurrentQueue<string> Reads { get; } = new();

    public ConcurrentQueue<string> MetadataReads { get; } = new();

    public ConcurrentQueue<string> Writes { get; } = new();

    /// <summary>Reads of shapes, where <see cref="TellsShapes"/> lets them be answered.</summary>
    public ConcurrentQueue<string> ShapeReads { get; } = new();

    public bool TellsShapes { get; set; }

    /// <summary>What was deleted, destroyed or removed: the verb, the path and the versions.</summary>
    public ConcurrentQueue<string> Removals { get; } = new();

    public int MostInFlight => _mostInFlight;

    /// <summary>Runs before each call, with its verb and path; throws to fail it.</summary>
    public Func<string, SecretPath, Task> Before { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Replaces what a read gives.</summary>
    public Func<SecretPath, int?, SecretReading, SecretReading> OnRead { get; set; } = (_, _, reading) => reading;

    /// <summary>Replaces what a listing gives.</summary>
    public Func<FolderListing, FolderListing> OnList { get; set; } = listing => listing;

    /// <summary>Replaces what a read of metadata gives.</summary>
    public Func<SecretMetadata, SecretMetadata> OnMetadata { get; set; } = metadata => metadata;

    public StoreCapabilities Without { get; set; }

    public StoreCapabilities With { get; set; }

    public string? Refuses { get; set; }

    /// <summary>Whether receipts tell no version, as those of a store without versions.</summary>
    public bool DropsVersions { get; set; }

    public SecretReference Root => _inner.Root;

    public StoreIdentity Identity => _inner.Identity;

    public StoreCapabilities Capabilities => (_inner.Capabilities | With) & ~Without;

    public async Task PutAsync(string path, string json) =>
        await _inner.WriteAsync(SecretPath.Parse(path), Stores.JsonText.Payload(json), null, CancellationToken.None);

    public async Task<string?> TextAsync(string path) =>
        (await _inner.ReadAsync(SecretPath.Parse(path), null, CancellationToken.None)).Payload is { } payload ? Stores.JsonText.Text(payload) : null;

    public InMemoryStore Inner => _inner;

    public static BridgeException Denied(SecretPath path) =>
        new(FaultKind.PermissionDenied, path.Value, $"'{path}' is denied.");

    public async ValueTask<FolderListing> ListAsync(SecretPath folder, CancellationToken cancellationToken)
    {
        Lists.Enqueue(folder.Value);
        return OnList(await CallAsync("list", folder, () => _inner.ListAsync(folder, cancellationToken)));
    }

    public ValueTask<IReadOnlyList<SecretPath>?> TryScanAsync(SecretPath folder, CancellationToken cancellationToken) =>
        _inner.TryScanAsync(folder, cancellationToken);

    public async ValueTask<SecretReading> ReadAsync(SecretPath path, int? version, CancellationToken cancellationToken)
    {
        Reads.Enqueue(path.Value);
        return OnRead(path, version, await CallAsync("read", path, () => _inner.ReadAsync(path, version, cancellationToken)));
    }

    public async ValueTask<SecretReading?> TryReadShapeAsync(SecretPath path, int? version, CancellationToken cancellationToken)
    {
        if (!TellsShapes)
        {
            return null;
        }

        ShapeReads.Enqueue(path.Value);
        SecretReading reading = await CallAsync("shape", path, () => _inner.ReadAsync(path, version, cancellationToken));
        return reading with { Payload = reading.Payload?.Shape() };
    }

    public async ValueTask<SecretMetadata?> ReadMetadataAsync(SecretPath path, CancellationToken cancellationToken)
    {
        MetadataReads.Enqueue(path.Value);
        return await CallAsync("metadata", path, () => _inner.ReadMetadataAsync(path, cancellationToken)) is { } metadata ? OnMetadata(metadata) : null;
    }

    public string? WhyNotHold(SecretPath path, SecretPayload payload) => Refuses is not null && path.Value.Contains(Refuses, StringComparison.Ordinal) ? "it is too odd" : null;

    public ValueTask<IWriteSession> OpenWriteSessionAsync(CancellationToken cancellationToken) => ValueTask.FromResult<IWriteSession>(this);

    public async ValueTask<WriteReceipt> WriteAsync(SecretPath path, SecretPayload payload, int? checkAndSet, CancellationToken cancellationToken)
    {
        Assert.Equal(Capabilities.HasFlag(StoreCapabilities.CheckAndSet), checkAndSet is not null);
        Writes.Enqueue(path.Value);
        WriteReceipt receipt = await CallAsync("write", path, () => _inner.WriteAsync(path, payload, checkAndSet, cancellationToken));
        return DropsVersions ? receipt with { Version = null } : receipt;
    }

    public ValueTask DeleteAsync(SecretPath path, IReadOnlyList<int> versions, CancellationToken cancellationToken) =>
        RemovalAsync("delete", path, versions, () => _inner.DeleteAsync(path, versions, cancellationToken));

    public ValueTask UndeleteAsync(SecretPath path, IReadOnlyList<int> versions, CancellationToken cancellationToken) =>
        _inner.UndeleteAsync(path, versions, cancellationToken);

    public ValueTask DestroyAsync(SecretPath path, IReadOnlyList<int> versions, CancellationToken cancellationToken) =>
        RemovalAsync("destroy", path, versions, () => _inner.DestroyAsync(path, versions, cancellationToken));

    public async ValueTask WriteMetadataAsync(SecretPath path, MetadataChange change, CancellationToken cancellationToken)
    {
        await Before("write-metadata", path);
        await _inner.WriteMetadataAsync(path, change, cancellationToken);
    }

    public ValueTask RemoveAsync(SecretPath path, CancellationToken cancellationToken) =>
        RemovalAsync("remove", path, [], () => _inner.RemoveAsync(path, cancellationToken));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async ValueTask RemovalAsync(string verb, SecretPath path, IReadOnlyList<int> versions, Func<ValueTask> call)
    {
        await Before(verb, path);
        await call();
        Removals.Enqueue($"{verb} {path} {string.Join(',', versions)}".TrimEnd());
    }

    private async Task<T> CallAsync<T>(string verb, SecretPath path, Func<ValueTask<T>> call)
    {
        int now = Interlocked.Increment(ref _inFlight);
        int most = Volatile.Read(ref _mostInFlight);
        while (now > most && Interlocked.CompareExchange(ref _mostInFlight, now, most) is var found && found != most)
        {
            most = found;
        }

        try
        {
            await Before(verb, path);
            return await call();
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }
    }
}
