using SecretBridge.Reporting;
using SecretBridge.Wire;

namespace SecretBridge.Stores;

/// <summary>Changes to a ScaiVault: it is written, and nothing else. A write whose reply was lost is looked for before it is given up.</summary>
internal sealed class ScaiVaultWriteSession(ScaiVaultStore store, ScaiVaultBackend backend) : IWriteSession
{
    public ValueTask<WriteReceipt> WriteAsync(SecretPath path, SecretPayload payload, int? checkAndSet, CancellationToken cancellationToken) =>
        WriteAsync(path, payload, checkAndSet, null, cancellationToken);

    public async ValueTask<WriteReceipt> WriteAsync(SecretPath path, SecretPayload payload, int? checkAndSet, WriteNote? note, CancellationToken cancellationToken)
    {
        if (checkAndSet is not null)
        {
            throw store.NotSupported(path, "cannot be written by check-and-set");
        }

        if (store.WhyNotHold(path, payload) is { } flaw)
        {
            string uri = new StoreLocation(store, path).Uri;
            throw new BridgeException(FaultKind.DestinationCannotHold, uri, $"'{uri}' cannot be written: {flaw}.");
        }

        VaultRequest request = ScaiVaultRequests.Write(path.Value, payload.Json.Span, note?.Tags, note?.Description, note?.MaxVersions) with { Subject = new StoreLocation(store, path) };
        try
        {
            VaultReply reply = await backend.SendAsync(request, cancellationToken).ConfigureAwait(false);
            return new(null, reply.RequestId);
        }
        catch (VaultException exception) when (exception.Kind == FaultKind.OutcomeUnknown)
        {
            // Written again blindly it could be two versions, and the older ones kept are few.
            if (!await IsThereAsync(path, payload, cancellationToken).ConfigureAwait(false))
            {
                throw;
            }

            return new(null);
        }
    }

    public ValueTask DeleteAsync(SecretPath path, IReadOnlyList<int> versions, CancellationToken cancellationToken) =>
        throw store.NotSupported(path, "cannot be deleted");

    public ValueTask UndeleteAsync(SecretPath path, IReadOnlyList<int> versions, CancellationToken cancellationToken) =>
        throw store.NotSupported(path, "cannot be restored");

    public ValueTask DestroyAsync(SecretPath path, IReadOnlyList<int> versions, CancellationToken cancellationToken) =>
        throw store.NotSupported(path, "cannot be destroyed");

    public ValueTask WriteMetadataAsync(SecretPath path, MetadataChange change, CancellationToken cancellationToken) =>
        throw store.NotSupported(path, "cannot be given metadata without a value");

    public ValueTask RemoveAsync(SecretPath path, CancellationToken cancellationToken) => throw store.NotSupported(path, "cannot be removed");

    public ValueTask DisposeAsync() => default;

    private async ValueTask<bool> IsThereAsync(SecretPath path, SecretPayload payload, CancellationToken cancellationToken)
    {
        try
        {
            SecretReading reading = await store.ReadAsync(path, null, cancellationToken).ConfigureAwait(false);
            bool isThere = reading.Payload is { } found && payload.Compare(found, throughDouble: false).AreEqual;
            backend.Reporter.Verbose(isThere
                ? $"secrets/{path.Value}: the reply to the write was lost; reading it back shows that it took effect."
                : $"secrets/{path.Value}: the reply to the write was lost, and reading it back shows other content.");
            return isThere;
        }
        catch (VaultException)
        {
            // What is not known stays unknown, and that is what the caller must hear.
            return false;
        }
    }
}
