using System.Globalization;
using SecretBridge.Stores;
using SecretBridge.Wire;

namespace SecretBridge.Audit;

/// <summary>
/// Changes that are told once they are made. Before each it is made sure that it can be told; where it then cannot, the failure
/// says that the change was made.
/// </summary>
internal sealed class AuditedSession(IWriteSession inner, ISecretStore store, AuditScope scope) : IWriteSession
{
    public ValueTask<WriteReceipt> WriteAsync(SecretPath path, SecretPayload payload, int? checkAndSet, CancellationToken cancellationToken) =>
        WriteAsync(path, payload, checkAndSet, null, cancellationToken);

    public async ValueTask<WriteReceipt> WriteAsync(SecretPath path, SecretPayload payload, int? checkAndSet, WriteNote? note, CancellationToken cancellationToken)
    {
        WriteReceipt? receipt = null;
        await TellAsync(
            AuditAction.Written,
            path,
            async () => receipt = await inner.WriteAsync(path, payload, checkAndSet, note, cancellationToken).ConfigureAwait(false),
            () => receipt!.RequestId,
            () => [("version", receipt?.Version?.ToString(CultureInfo.InvariantCulture))]).ConfigureAwait(false);
        return receipt!;
    }

    public ValueTask DeleteAsync(SecretPath path, IReadOnlyList<int> versions, CancellationToken cancellationToken) =>
        ChangeAsync(AuditAction.Removed, "deleted", path, versions, () => inner.DeleteAsync(path, versions, cancellationToken));

    public ValueTask UndeleteAsync(SecretPath path, IReadOnlyList<int> versions, CancellationToken cancellationToken) =>
        ChangeAsync(AuditAction.Written, "restored", path, versions, () => inner.UndeleteAsync(path, versions, cancellationToken));

    public ValueTask DestroyAsync(SecretPath path, IReadOnlyList<int> versions, CancellationToken cancellationToken) =>
        ChangeAsync(AuditAction.Removed, "destroyed", path, versions, () => inner.DestroyAsync(path, versions, cancellationToken));

    public ValueTask WriteMetadataAsync(SecretPath path, MetadataChange change, CancellationToken cancellationToken) =>
        ChangeAsync(AuditAction.Written, "metadata", path, [], () => inner.WriteMetadataAsync(path, change, cancellationToken));

    public ValueTask RemoveAsync(SecretPath path, CancellationToken cancellationToken) =>
        ChangeAsync(AuditAction.Removed, "all versions", path, [], () => inner.RemoveAsync(path, cancellationToken));

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private ValueTask ChangeAsync(string action, string what, SecretPath path, IReadOnlyList<int> versions, Func<ValueTask> change) => TellAsync(
        action,
        path,
        change,
        () => null,
        () => [("change", what), ("versions", versions.Count == 0 ? null : string.Join(",", versions.Select(version => version.ToString(CultureInfo.InvariantCulture))))]);

    private async ValueTask TellAsync(
        string action, SecretPath path, Func<ValueTask> change, Func<string?> requestId, Func<(string Name, string? Value)[]> details)
    {
        string id = scope.Correlate();
        var location = new StoreLocation(store, path);
        await ToldChange.RunAsync(scope.Sink, $"'{location.Uri}'", change, failure =>
        {
            if (failure is null)
            {
                scope.Write(action, location, id, requestId(), details());
            }
            else
            {
                scope.Write(action, location, id, (failure as VaultException)?.RequestId, [.. details(), ("outcome", "unknown")]);
            }
        }).ConfigureAwait(false);
    }
}
