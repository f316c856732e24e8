using System.Runtime.CompilerServices;
using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Profiles;

/// <summary>
/// Removes profiles, one after the other. Each is read before: what is no profile stays, whatever a pattern matched, and a version that was
/// written since survives; in a store without versions one that was written until just before.
/// </summary>
public sealed class ProfileRemove
{
    private readonly ProfileRemoveOptions _options;

    /// <summary>Prepares a removal.</summary>
    public ProfileRemove(ProfileRemoveOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
    }

    /// <summary>Removes, one row a profile found. What could not be removed is a row with a fault; the others go on.</summary>
    public async IAsyncEnumerable<ProfileChange> RunAsync(IAsyncEnumerable<ProfileQuery> queries, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (FoundProfile found in new ProfileSearch(_options.Stores).RunAsync(queries, cancellationToken).ConfigureAwait(false))
        {
            ProfileChange? row;
            try
            {
                row = found.Fault is { } fault
                    ? ProfileChange.Failed(found.Uri, found.Name, fault)
                    : await RemoveAsync(found, found.Location!, cancellationToken).ConfigureAwait(false);
            }
            catch (BridgeException exception) when (!ProfileFaults.EndsTheRun(exception))
            {
                row = ProfileChange.Failed(found.Uri, found.Name, exception);
            }

            if (row is not null)
            {
                yield return row;
            }
        }
    }

    private async Task<ProfileChange?> RemoveAsync(FoundProfile found, StoreLocation location, CancellationToken cancellationToken)
    {
        if (found.Version is not null)
        {
            throw new BridgeException(FaultKind.InvalidReference, found.Uri, $"A profile is removed as a whole; Remove-VaultSecret removes version {found.Version} of '{found.Uri}'.");
        }

        SecretReading reading = await location.Store.ReadAsync(location.Path, null, cancellationToken).ConfigureAwait(false);
        bool isGoneAlready = reading.State is SecretState.Deleted or SecretState.Destroyed;
        if (reading.Payload is { } payload)
        {
            new ProfileShape(found.Uri, payload).Read(found.Name);
        }
        else if (!found.IsNamed)
        {
            return null;
        }
        else if (!isGoneAlready || !_options.AllVersions)
        {
            throw ProfileFaults.Unreadable(found.Uri, reading);
        }

        bool keepsVersions = location.Store.Capabilities.HasFlag(StoreCapabilities.Versions) && !_options.AllVersions;
        ProfileApproval approval = await _options.Approve(found.Uri, cancellationToken).ConfigureAwait(false);
        if (approval == ProfileApproval.Yes)
        {
            if (!keepsVersions && !_options.AllVersions)
            {
                await CheckUnchangedAsync(location, reading, cancellationToken).ConfigureAwait(false);
            }

            IWriteSession session = await location.Store.OpenWriteSessionAsync(cancellationToken).ConfigureAwait(false);
            await using (session.ConfigureAwait(false))
            {
                Task removal = keepsVersions
                    ? session.DeleteAsync(location.Path, reading.Version is { } version ? [version] : [], cancellationToken).AsTask()
                    : session.RemoveAsync(location.Path, cancellationToken).AsTask();
                await removal.ConfigureAwait(false);
            }
        }

        return approval == ProfileApproval.No ? null : new()
        {
            Uri = found.Uri,
            Name = found.Name,
            Action = keepsVersions ? ProfileAction.Deleted : ProfileAction.Removed,
            Version = keepsVersions ? reading.Version : null,
            Planned = approval == ProfileApproval.PlanOnly,
        };
    }

    // Such a store removes whatever is there, and a question may have stood for long. Nothing closes the moment that remains.
    private static async Task CheckUnchangedAsync(StoreLocation location, SecretReading before, CancellationToken cancellationToken)
    {
        SecretReading now = await location.Store.ReadAsync(location.Path, null, cancellationToken).ConfigureAwait(false);
        if (now.Version != before.Version || now.Payload?.Compare(before.Payload!, throughDouble: false).AreEqual != true)
        {
            throw new BridgeException(FaultKind.CheckAndSetMismatch, location.Uri, $"'{location.Uri}' was changed after it was looked at, and was left as it is.");
        }
    }
}
