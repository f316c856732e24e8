using SecretBridge.Reporting;
using SecretBridge.Wire;

namespace SecretBridge.Stores;

/// <summary>
/// ScaiVault, as far as its migration guide documents it: a secret is read and written by its exact path. What the guide does
/// not tell, such as listing and deleting, is refused before any request.
/// </summary>
public sealed class ScaiVaultStore : ISecretStore
{
    private readonly ScaiVaultBackend _backend;

    internal ScaiVaultStore(ScaiVaultBackend backend)
    {
        _backend = backend;
        Root = SecretReference.Create("scaivault", backend.Name, SecretPath.Root);
        Identity = new(backend.Address, "");
    }

    /// <inheritdoc/>
    public SecretReference Root { get; }

    /// <inheritdoc/>
    public StoreIdentity Identity { get; }

    /// <inheritdoc/>
    public StoreCapabilities Capabilities => StoreCapabilities.EmptyPayload | StoreCapabilities.WriteNote;

    /// <inheritdoc/>
    public ValueTask<FolderListing> ListAsync(SecretPath folder, CancellationToken cancellationToken) => throw NotSupported(folder, "cannot be listed");

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<SecretPath>?> TryScanAsync(SecretPath folder, CancellationToken cancellationToken) => default;

    /// <inheritdoc/>
    public async ValueTask<SecretReading> ReadAsync(SecretPath path, int? version, CancellationToken cancellationToken)
    {
        if (version is not null)
        {
            throw NotSupported(path, "cannot be read by its versions");
        }

        if (path.IsRoot)
        {
            throw new BridgeException(FaultKind.InvalidReference, Root.ToString(), $"'{Root}' is the root of a ScaiVault, not a secret.");
        }

        VaultRequest request = ScaiVaultRequests.Read(path.Value) with { Subject = new StoreLocation(this, path) };
        VaultReply reply = await _backend.SendAsync(request, cancellationToken).ConfigureAwait(false);
        return reply.Status == 404
            ? SecretReading.Absent
            : new()
            {
                State = SecretState.Live,
                Payload = reply.Data.Span is [(byte)'{', ..]
                    ? SecretPayload.FromReply(reply.Data)
                    : throw new VaultException(FaultKind.MalformedReply, request,
                        $"{request}: the reply is not what ScaiVault sends for a secret: it holds no object as data (status {reply.Status}).")
                    {
                        StatusCode = reply.Status,
                    },
                RequestId = reply.RequestId,
            };
    }

    /// <inheritdoc/>
    public ValueTask<SecretMetadata?> ReadMetadataAsync(SecretPath path, CancellationToken cancellationToken) => default;

    /// <inheritdoc/>
    public string? WhyNotHold(SecretPath path, SecretPayload payload)
    {
        ArgumentNullException.ThrowIfNull(payload);
        return path.IsRoot ? "the root itself is no secret"
            : payload.Json.Span is not [(byte)'{', ..] ? "ScaiVault takes an object of keys and values, and this payload is null"
            : null;
    }

    /// <inheritdoc/>
    public ValueTask<IWriteSession> OpenWriteSessionAsync(CancellationToken cancellationToken) => new(new ScaiVaultWriteSession(this, _backend));

    internal BridgeException NotSupported(SecretPath path, string what)
    {
        string uri = new StoreLocation(this, path).Uri;
        return new(FaultKind.NotSupported, uri, $"'{uri}' is in ScaiVault, and {what} there: its guide documents no call for that. Nothing was sent.");
    }
}
