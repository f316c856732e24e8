using SecretBridge.Reporting;

namespace SecretBridge.Stores.Sealed;

/// <summary>Changes to a sealed file. They are committed together with those of the store's other sessions.</summary>
internal sealed class SealedWriteSession(SealedFileStore store, SealedCommitter committer) : IWriteSession
{
    public async ValueTask<WriteReceipt> WriteAsync(SecretPath path, SecretPayload payload, int? checkAndSet, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(payload);
        if (store.WhyNotHold(path, payload) is { } reason)
        {
            throw new BridgeException(FaultKind.DestinationCannotHold, Uri(path), $"'{Uri(path)}' cannot be written: {reason}.");
        }

        return new(await committer.SubmitAsync(draft => draft.Write(path, payload, checkAndSet), cancellationToken).ConfigureAwait(false));
    }

    public async ValueTask DeleteAsync(SecretPath path, IReadOnlyList<int> versions, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(versions);
        if (versions.Count > 0)
        {
            throw NoVersions(path);
        }

        await RemoveAsync(path, cancellationToken).ConfigureAwait(false);
    }

    public ValueTask UndeleteAsync(SecretPath path, IReadOnlyList<int> versions, CancellationToken cancellationToken) => throw NoVersions(path);

    public ValueTask DestroyAsync(SecretPath path, IReadOnlyList<int> versions, CancellationToken cancellationToken) => throw NoVersions(path);

    public async ValueTask WriteMetadataAsync(SecretPath path, MetadataChange change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        if (change is not { MaxVersions: null, CheckAndSetRequired: null, DeleteVersionAfter: null })
        {
            throw new BridgeException(FaultKind.NotSupported, Uri(path), $"'{Uri(path)}' is in a sealed file, which keeps custom metadata and no limits of versions.");
        }

        if (path.IsRoot)
        {
            throw new BridgeException(FaultKind.InvalidPath, Uri(path), "The root of a sealed file is no secret.");
        }

        await committer.SubmitAsync(draft => Done(() => draft.WriteMetadata(path, change)), cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask RemoveAsync(SecretPath path, CancellationToken cancellationToken) =>
        await committer.SubmitAsync(draft => Done(() => draft.Remove(path)), cancellationToken).ConfigureAwait(false);

    /// <summary>Nothing: each change was committed before its task ended.</summary>
    public ValueTask DisposeAsync() => default;

    private static int Done(Action change)
    {
        change();
        return 0;
    }

    private static string Uri(SecretPath path) => SecretReference.Create("builtin", null, path).ToString();

    private static BridgeException NoVersions(SecretPath path) =>
        new(FaultKind.NotSupported, Uri(path), $"'{Uri(path)}' is in a sealed file, which keeps no earlier versions.");
}
