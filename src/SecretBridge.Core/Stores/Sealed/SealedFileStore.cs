using SecretBridge.Reporting;

namespace SecretBridge.Stores.Sealed;

/// <summary>
/// An encrypted file as a store: one version of each secret, numbered, with check-and-set and custom metadata. It sees what
/// other processes save, and its own changes are saved in groups. docs/sealed-file.md describes the file.
/// </summary>
public sealed partial class SealedFileStore : ISecretStore, IAsyncDisposable
{
    private readonly SealedFilePlace _place;
    private readonly SealedFileOptions _options;
    private readonly TimeProvider _time;
    private readonly SealedCommitter _committer;
    private readonly object _loading = new();
    private volatile SealedContent _content;
    private volatile SealedKek _kek;
    private volatile bool _closed;
    private bool _forgotten;

    private SealedFileStore(SealedFilePlace place, SealedFileOptions options, TimeProvider time, SealedContent content, SealedKek kek)
    {
        _place = place;

        // The credential is not kept.
        _options = options with { Credential = null! };
        _time = time;
        _content = content;
        _kek = kek;
        _committer = new(CommitAsync, ThrowIfClosed, time);
        Identity = new("sealed:" + content.Header.Id, "");
    }

    /// <inheritdoc/>
    public SecretReference Root { get; } = SecretReference.Create("builtin", null, SecretPath.Root);

    /// <inheritdoc/>
    public StoreIdentity Identity { get; }

    /// <inheritdoc/>
    public StoreCapabilities Capabilities =>
        StoreCapabilities.List | StoreCapabilities.CheckAndSet | StoreCapabilities.Metadata | StoreCapabilities.EmptyPayload
        | StoreCapabilities.Remove;

    /// <summary>The file, after its links were followed.</summary>
    public string Path => _place.Path;

    /// <summary>What is known of the file, as it was last read or saved.</summary>
    public SealedStore Describe()
    {
        SealedContent content = _content;
        return new(Path, content.Header.Id, content.Header.Generation, content.Entries.Count, content.Header.Kdf.Kind);
    }

    /// <inheritdoc/>
    public ValueTask<FolderListing> ListAsync(SecretPath folder, CancellationToken cancellationToken) =>
        ValueTask.FromResult(FolderListing.Below(folder, Current(cancellationToken).Entries.Keys));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<SecretPath>?> TryScanAsync(SecretPath folder, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<SecretPath>?>(null);

    /// <inheritdoc/>
    public ValueTask<SecretReading> ReadAsync(SecretPath path, int? version, CancellationToken cancellationToken)
    {
        SealedEntry? entry = Current(cancellationToken).Entries.GetValueOrDefault(path.Value);
        return ValueTask.FromResult(entry is null or { Version: 0 } || (version is not null && version != entry.Version)
            ? SecretReading.Absent
            : new SecretReading
            {
                State = SecretState.Live,
                Payload = Payload(entry),
                Version = entry.Version,
                CreatedTime = entry.Updated,
                CustomMetadata = entry.Custom,
            });
    }

    /// <inheritdoc/>
    public ValueTask<SecretMetadata?> ReadMetadataAsync(SecretPath path, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Current(cancellationToken).Entries.GetValueOrDefault(path.Value) is not { } entry
            ? null
            : new SecretMetadata
            {
                CurrentVersion = entry.Version,
                OldestVersion = entry.Version,
                CreatedTime = entry.Created,
                UpdatedTime = entry.Updated,
                CustomMetadata = entry.Custom,
                Versions = entry.Version == 0 ? [] : [new(entry.Version, entry.Updated, null, false)],
                ServerTime = _time.GetUtcNow(),
            });

    /// <inheritdoc/>
    public string? WhyNotHold(SecretPath path, SecretPayload payload)
    {
        ArgumentNullException.ThrowIfNull(payload);
        return path.IsRoot ? "the root of a sealed file is no secret"
            : payload.Length > SealedFileFormat.MostPayload ? $"it is larger than {SealedFileFormat.MostPayload >> 20} MiB, which is the most that a sealed file holds for one secret"
            : null;
    }

    /// <inheritdoc/>
    public ValueTask<IWriteSession> OpenWriteSessionAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfClosed();
        return ValueTask.FromResult<IWriteSession>(new SealedWriteSession(this, _committer));
    }

    private SecretPayload Payload(SealedEntry entry)
    {
        byte[] plain = entry.Data.Open(entry.Path.Value);
        try
        {
            // A version 2 mount keeps null apart from an empty object, and so must whoever holds a copy of it.
            return plain.AsSpan().SequenceEqual("null"u8) ? SecretPayload.FromReply(plain) : SecretPayload.Parse(plain, Path);
        }
        catch (BridgeException)
        {
            throw SealedFileFault.Damaged(Path, "the payload of an entry is no JSON object, though it was sealed with the right key");
        }
    }
}
