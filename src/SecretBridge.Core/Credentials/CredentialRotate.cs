using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using SecretBridge.Reporting;
using SecretBridge.Secrets;
using SecretBridge.Stores;

namespace SecretBridge.Credentials;

/// <summary>
/// Gives many credentials new generated secrets, each as a new version over exactly the one that was read, so that the old
/// secret stays in the history. With a journal a run that was killed is gone on with: what it rotated is not rotated again, and its
/// new secret is delivered all the same.
/// </summary>
public sealed class CredentialRotate
{
    private readonly CredentialRotateOptions _options;
    private readonly ConcurrentDictionary<(StoreIdentity Store, SecretPath Path), bool> _seen = new();

    /// <summary>Prepares a rotation.</summary>
    public CredentialRotate(CredentialRotateOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
    }

    /// <summary>
    /// Rotates, one row an item in their order. What could not be rotated is a row with a fault; the others go on. The journal is
    /// opened for the first item that is more than a plan.
    /// </summary>
    /// <exception cref="BridgeException">The journal is another run's, damaged, or cannot be written.</exception>
    public async IAsyncEnumerable<CredentialChange> RunAsync(IAsyncEnumerable<CredentialItem> items, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var journal = new Lazy<RotationJournal?>(() => _options.JournalPath is null ? null : RotationJournal.Open(_options));
        try
        {
            var rotate = new SecretRotate(_options.Rotation((uri, previous) => journal.Value?.Begin(uri, previous)));
            await foreach (CredentialChange row in BoundedPipe.SelectAsync(
                items, _options.ThrottleLimit, (item, stop) => RotateAsync(rotate, item.PlanOnly ? null : journal.Value, item, stop), cancellationToken).ConfigureAwait(false))
            {
                yield return row;
            }
        }
        finally
        {
            if (journal.IsValueCreated)
            {
                journal.Value?.Dispose();
            }
        }
    }

    private async Task<CredentialChange> RotateAsync(SecretRotate rotate, RotationJournal? journal, CredentialItem item, CancellationToken cancellationToken)
    {
        CredentialPath? path = null;
        StoreLocation location;
        try
        {
            path = CredentialPath.Of(item.Uri);
            location = await _options.Stores.ResolveAsync(SecretReference.Parse(CredentialPath.Whole(item.Uri)), cancellationToken).ConfigureAwait(false);
        }
        catch (BridgeException exception) when (exception.Kind != FaultKind.NotConnected)
        {
            return CredentialChange.Failed(item.Uri, path, CredentialFaults.Write(exception));
        }

        // A secret that nobody was given would be rotated out again. Two connections may lead to one store.
        if (!_seen.TryAdd((location.Store.Identity, location.Path), true))
        {
            return Row(location, path, SecretAction.Unchanged) with { Reason = "This run has it already." };
        }

        if (journal?.Find(location) is { } entry && await DeliverAsync(location, path, entry, cancellationToken).ConfigureAwait(false) is { } delivered)
        {
            return delivered;
        }

        SecretChange change = await rotate.RotateAsync(new(location.Uri, item.PlanOnly), cancellationToken).ConfigureAwait(false);
        CredentialChange row = CredentialChange.Of(change, path);
        if (journal is not null && row.Fault is null)
        {
            journal.End(row);
        }
        else if (change.Fault is { } fault && WasNotWritten(fault))
        {
            journal?.Refused(row.Uri);
        }

        return row;
    }

    // Only where that is certain: else the version that is there later tells it.
    private static bool WasNotWritten(BridgeException fault) =>
        fault.Kind is FaultKind.CheckAndSetMismatch or FaultKind.PermissionDenied or FaultKind.RequestRefused or FaultKind.PayloadTooLarge;

    // What an earlier run rotated; null where its write did not take effect, so that it is to be done.
    private static async Task<CredentialChange?> DeliverAsync(
        StoreLocation location, CredentialPath path, RotationJournal.Entry entry, CancellationToken cancellationToken)
    {
        try
        {
            SecretReading reading = await location.Store.ReadAsync(location.Path, null, cancellationToken).ConfigureAwait(false);
            if (!entry.IsDone && !(reading.Version > entry.Previous))
            {
                return null;
            }

            var place = new SecretPlace(SecretReference.Parse(location.Uri), location);
            return Row(location, path, SecretAction.Updated) with
            {
                Version = reading.Version,
                PreviousVersion = entry.Previous,
                NewSecret = place.Value(reading, CredentialPath.SecretKey).Value,
                Reason = reading.Version != entry.Previous + 1
                    ? "The journal says that it was rotated before; somebody has written it since, and this is what is there now."
                    : entry.IsDone ? "The journal says that it was rotated before."
                    : "The run before was killed as it wrote it; the write took effect.",
            };
        }
        catch (BridgeException exception)
        {
            return CredentialChange.Failed(location.Uri, path, CredentialFaults.Read(exception));
        }
    }

    private static CredentialChange Row(StoreLocation location, CredentialPath path, SecretAction action) =>
        new() { Uri = location.Uri, AgentId = path.AgentId, CredentialId = path.CredentialId, Action = action };
}
