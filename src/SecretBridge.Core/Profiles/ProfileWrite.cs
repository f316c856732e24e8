using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Profiles;

/// <summary>
/// Makes and changes profiles, one after the other: reads, applies the change, and writes over the version read only. The same content is
/// not written again. After the secret, what it can be found by is written beside it where the store keeps that.
/// </summary>
public sealed class ProfileWrite
{
    private readonly ProfileWriteOptions _options;
    private readonly ProfileBeside _beside;

    /// <summary>Prepares writing.</summary>
    /// <param name="options">How to write.</param>
    /// <param name="reporter">Hears where metadata could not be written; null for nobody.</param>
    public ProfileWrite(ProfileWriteOptions options, IReporter? reporter = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _beside = new(reporter);
    }

    /// <summary>Writes, one row an item in their order. What could not be written is a row with a fault; the others go on.</summary>
    public IAsyncEnumerable<ProfileChange> RunAsync(IAsyncEnumerable<ProfileItem> items, CancellationToken cancellationToken) =>
        BoundedPipe.SelectAsync(items, degree: 1, WriteAsync, cancellationToken);

    private async Task<ProfileChange> WriteAsync(ProfileItem item, CancellationToken cancellationToken)
    {
        StoreLocation? location = null;
        try
        {
            location = await ProfilePlace.FindAsync(_options.Stores, item.Uri, item.Name, cancellationToken).ConfigureAwait(false);
            return await WriteAsync(location, item, cancellationToken).ConfigureAwait(false);
        }
        catch (BridgeException exception) when (!ProfileFaults.EndsTheRun(exception))
        {
            string asked = new ProfileQuery(item.Uri, item.Name).ToString();
            return ProfileChange.Failed(location?.Uri ?? asked, location?.Path.Name ?? item.Name ?? asked, exception);
        }
    }

    private async Task<ProfileChange> WriteAsync(StoreLocation location, ProfileItem item, CancellationToken cancellationToken)
    {
        bool canCheckAndSet = location.Store.Capabilities.HasFlag(StoreCapabilities.CheckAndSet);
        SecretReading current = await location.Store.ReadAsync(location.Path, null, cancellationToken).ConfigureAwait(false);
        if (_options.CheckAndSet is { } pinned && (!canCheckAndSet || pinned != current.CheckAndSet))
        {
            throw canCheckAndSet
                ? new BridgeException(FaultKind.CheckAndSetMismatch, location.Uri, $"'{location.Uri}' is at version {current.CheckAndSet}, not at the expected {pinned}.")
                : new BridgeException(FaultKind.NotSupported, location.Uri, $"The store of '{location.Uri}' has no check-and-set.");
        }

        SecretPayload? before = current.Payload;
        RefusePrecisionLoss(location, before);
        RefuseAnythingElse(location, before);
        SecretPayload after = new ProfileDraft(location.Uri, location.Path.Name, before).Apply(item.Edit);
        if (location.Store.WhyNotHold(location.Path, after) is { } reason)
        {
            throw new BridgeException(FaultKind.DestinationCannotHold, location.Uri, $"The store cannot hold '{location.Uri}': {reason}.");
        }

        var row = new ProfileChange
        {
            Uri = location.Uri,
            Name = location.Path.Name,
            Action = before is null ? ProfileAction.Created : ProfileAction.Updated,
            Planned = item.PlanOnly,
            ChangedKey = ProfileDifference.Keys(before, after),
            Reason = current.State is SecretState.Deleted or SecretState.Destroyed
                ? $"Version {current.Version} was {current.State.ToString().ToLowerInvariant()}; nothing of it was taken over." : null,
        };
        if (before?.Compare(after, throughDouble: false).AreEqual == true)
        {
            return row with { Action = ProfileAction.Unchanged, Version = current.Version };
        }

        if (item.PlanOnly)
        {
            return row;
        }

        IWriteSession session = await location.Store.OpenWriteSessionAsync(cancellationToken).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            WriteReceipt receipt = await session.WriteAsync(location.Path, after, canCheckAndSet ? current.CheckAndSet : null, cancellationToken).ConfigureAwait(false);
            await _beside.WriteAsync(session, location, after, current.CustomMetadata, cancellationToken).ConfigureAwait(false);
            return row with { Version = receipt.Version, RequestId = receipt.RequestId };
        }
    }

    private static void RefusePrecisionLoss(StoreLocation location, SecretPayload? before)
    {
        if (before?.HasIntegerPast53Bits() == true && location.Store.Capabilities.HasFlag(StoreCapabilities.NumbersThroughDouble))
        {
            throw new BridgeException(FaultKind.PrecisionLoss, location.Uri,
                $"'{location.Uri}' holds a number past 2^53, which the server rounds when it is read; a change would write back the rounded one. Write it as text with Set-VaultSecret.");
        }
    }

    // A name typed wrongly must not turn somebody's other secret into a profile.
    private static void RefuseAnythingElse(StoreLocation location, SecretPayload? before)
    {
        if (before is { IsEmpty: false })
        {
            new ProfileShape(location.Uri, before).Read(location.Path.Name);
        }
    }
}
