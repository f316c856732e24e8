using SecretBridge.Reporting;

namespace SecretBridge.Stores.Snapshots;

/// <summary>
/// A snapshot as a store that can only be read: <c>snapshot://</c> is the root of the tree that it was made of. Frames are
/// opened as they are needed, so that memory is bounded whatever its size; docs/snapshot.md describes the file.
/// </summary>
public sealed partial class SnapshotStore : ISecretStore, IConfigurableStore, IDisposable
{
    private readonly FileStream _stream;
    private readonly SnapshotCipher _cipher;
    private readonly SnapshotPages _pages;
    private readonly SnapshotFacts _facts;

    private SnapshotStore(string path, string id, FileStream stream, SnapshotCipher cipher, SnapshotPages pages, SnapshotFacts facts)
    {
        Path = path;
        _stream = stream;
        _cipher = cipher;
        _pages = pages;
        _facts = facts;
        Identity = new("snapshot:" + id, "");
        Summary = new()
        {
            Path = path,
            Uri = facts.Uri,
            Id = id,
            Time = facts.Time,
            HasHistory = facts.HasHistory,
            Secrets = facts.Secrets,
            Versions = facts.Versions,
            Unreadable = facts.Unreadable,
            Length = stream.Length,
        };
    }

    /// <summary>The file, after its links were followed.</summary>
    public string Path { get; }

    /// <summary>What is known of the snapshot as a whole.</summary>
    public SnapshotSummary Summary { get; }

    /// <inheritdoc/>
    public SecretReference Root { get; } = SecretReference.Create("snapshot", null, SecretPath.Root);

    /// <inheritdoc/>
    public StoreIdentity Identity { get; }

    /// <inheritdoc/>
    public StoreCapabilities Capabilities => StoreCapabilities.List | _facts.Capabilities;

    /// <inheritdoc/>
    public ValueTask<FolderListing> ListAsync(SecretPath folder, CancellationToken cancellationToken)
    {
        string prefix = folder.IsRoot ? "" : folder.Value + "/";
        var names = new List<string>();
        string? key = _pages.AtOrAfter(prefix);
        while (key is not null && key.StartsWith(prefix, StringComparison.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (key.Length == prefix.Length)
            {
                throw Missing(folder, Secret(key)!, "listed");
            }

            int slash = key.IndexOf('/', prefix.Length);
            names.Add(slash < 0 ? key[prefix.Length..] : key[prefix.Length..(slash + 1)]);

            // What comes next is behind the name, or behind all that begins with the folder's: '0' follows '/'.
            key = _pages.AtOrAfter(slash < 0 ? key + "\0" : key[..slash] + "0");
        }

        return ValueTask.FromResult(names.Count == 0 ? FolderListing.Absent : FolderListing.Of(names));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<SecretPath>?> TryScanAsync(SecretPath folder, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<SecretPath>?>(null);

    /// <inheritdoc/>
    public ValueTask<SecretReading> ReadAsync(SecretPath path, int? version, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        SnapshotSecret? secret = Readable(path);
        SnapshotVersion? found = version is null ? secret?.Latest : secret?.Versions.FirstOrDefault(candidate => candidate.Number == version);
        return ValueTask.FromResult(found is null
            ? SecretReading.Absent
            : new SecretReading
            {
                State = found.State,
                Payload = found.Payload,
                Version = found.Number == 0 ? null : found.Number,
                CreatedTime = found.CreatedTime,
                DeletionTime = found.DeletionTime,
                CustomMetadata = secret!.Metadata?.CustomMetadata,
            });
    }

    /// <inheritdoc/>
    public ValueTask<SecretMetadata?> ReadMetadataAsync(SecretPath path, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Readable(path) is { Metadata: { } metadata } secret
            ? metadata with
            {
                ServerTime = _facts.Time,
                Versions = secret.Versions.Select(VersionOf).ToArray(),
            }
            : null);
    }

    /// <inheritdoc/>
    public string? WhyNotHold(SecretPath path, SecretPayload payload) => "a snapshot is only read";

    /// <inheritdoc/>
    public ValueTask<IWriteSession> OpenWriteSessionAsync(CancellationToken cancellationToken) => throw ReadOnly();

    /// <inheritdoc/>
    public ValueTask<MountSettings> ReadSettingsAsync(CancellationToken cancellationToken) => ValueTask.FromResult(_facts.Settings
        ?? throw new BridgeException(FaultKind.NotSupported, Path, $"The snapshot '{Path}' does not hold the settings of its mount: there were none, or the token could not read them."));

    /// <inheritdoc/>
    public ValueTask WriteSettingsAsync(MountSettings change, CancellationToken cancellationToken) => throw ReadOnly();

    /// <summary>Forgets the key and closes the file.</summary>
    public void Dispose()
    {
        _cipher.Dispose();
        _stream.Dispose();
    }

    // Judged as it was when it was read: a deletion that was to come then has not come in a snapshot.
    private SecretVersion VersionOf(SnapshotVersion version) => new(
        version.Number,
        version.CreatedTime ?? _facts.Time,
        version.State switch
        {
            SecretState.Live => version.DeletionTime > _facts.Time ? version.DeletionTime : null,
            SecretState.Deleted => version.DeletionTime < _facts.Time ? version.DeletionTime : _facts.Time,
            _ => version.DeletionTime,
        },
        version.State == SecretState.Destroyed);

    private SnapshotSecret? Secret(string key) => _pages.Find(key) is { } body ? SnapshotRecord.Decode(key, body, Path) : null;

    private SnapshotSecret? Readable(SecretPath path) =>
        path.IsRoot || Secret(path.Value) is not { } secret ? null
        : secret.Unreadable is null ? secret
        : throw Missing(path, secret, "read");

    private static BridgeException Missing(SecretPath path, SnapshotSecret secret, string done)
    {
        string uri = SecretReference.Create("snapshot", null, path).ToString();
        return new(FaultKind.UnexpectedAbsence, uri, $"'{uri}' is not in the snapshot: it could not be {done} when the snapshot was made ({secret.Unreadable}).");
    }

    private BridgeException ReadOnly() => new(FaultKind.NotSupported, Path, $"The snapshot '{Path}' is only read; nothing can be written to snapshot://.");
}
