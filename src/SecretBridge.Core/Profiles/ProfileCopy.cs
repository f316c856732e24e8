using System.Runtime.CompilerServices;
using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Profiles;

/// <summary>
/// Copies profiles from any store into a folder of any other: reads afresh, compares, writes over what was compared only, reads back.
/// The payload travels as the source gave it.
/// </summary>
public sealed class ProfileCopy
{
    private static readonly TimeSpan VerifyPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan VerifyPause = TimeSpan.FromMilliseconds(100);

    private readonly ProfileCopyOptions _options;
    private readonly ProfileBeside _beside;

    /// <summary>Prepares a copy.</summary>
    /// <param name="options">How to copy.</param>
    /// <param name="reporter">Hears where metadata could not be written; null for nobody.</param>
    public ProfileCopy(ProfileCopyOptions options, IReporter? reporter = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _beside = new(reporter);
    }

    /// <summary>Copies, one row a profile found, in their order. What could not be copied is a row with a fault; the others go on.</summary>
    /// <exception cref="BridgeException">The destination cannot be found.</exception>
    public async IAsyncEnumerable<ProfileCopyResult> RunAsync(IAsyncEnumerable<ProfileQuery> queries, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        StoreLocation folder = await _options.DestinationStores.ResolveAsync(SecretReference.Parse(_options.DestinationUri), cancellationToken).ConfigureAwait(false);
        IWriteSession? session = _options.PlanOnly ? null : await folder.Store.OpenWriteSessionAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            IAsyncEnumerable<FoundProfile> found = ClaimAsync(new ProfileSearch(_options.SourceStores).RunAsync(queries, cancellationToken), cancellationToken);
            IAsyncEnumerable<ProfileCopyResult?> rows = BoundedPipe.SelectAsync(found, _options.ThrottleLimit, (source, stop) => CopyAsync(source, folder, session, stop), cancellationToken);
            await foreach (ProfileCopyResult? row in rows.ConfigureAwait(false))
            {
                if (row is not null)
                {
                    yield return row;
                }
            }
        }
        finally
        {
            if (session is not null)
            {
                await session.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    // Two sources of one name would meet: the first wins. The same one twice is one.
    private static async IAsyncEnumerable<FoundProfile> ClaimAsync(
        IAsyncEnumerable<FoundProfile> found, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var taken = new Dictionary<string, FoundProfile>(StringComparer.Ordinal);
        await foreach (FoundProfile source in found.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (source.Fault is not null || taken.TryAdd(source.Name, source))
            {
                yield return source;
            }
            else if (taken[source.Name] is var first && (first.Uri != source.Uri || first.Version != source.Version))
            {
                string which = first.Uri != source.Uri ? $"'{source.Uri}' and '{first.Uri}' have the same name" : $"Two versions of '{source.Uri}' are given";
                yield return source with { Fault = new(FaultKind.MapCollision, source.Uri, $"{which}; the second was not copied.") };
            }
        }
    }

    private async Task<ProfileCopyResult?> CopyAsync(FoundProfile source, StoreLocation folder, IWriteSession? session, CancellationToken cancellationToken)
    {
        var row = new ProfileCopyResult { Uri = source.Uri, Name = source.Name, Action = ProfileAction.Failed };
        try
        {
            if (source.Fault is not null)
            {
                throw source.Fault;
            }

            StoreLocation target = folder with { Path = folder.Path.Append(SecretPath.FromSegments([source.Name])) };
            row = row with { Destination = target.Uri };
            return await CopyAsync(source, row, target, session, cancellationToken).ConfigureAwait(false);
        }
        catch (BridgeException exception) when (!ProfileFaults.EndsTheRun(exception))
        {
            return Failed(row, ProfileAction.Failed, exception);
        }
    }

    private async Task<ProfileCopyResult?> CopyAsync(
        FoundProfile source, ProfileCopyResult row, StoreLocation target, IWriteSession? session, CancellationToken cancellationToken)
    {
        StoreLocation from = source.Location!;
        if (from.Store.Identity == target.Store.Identity && from.Path == target.Path)
        {
            throw new BridgeException(FaultKind.Overlap, source.Uri, $"'{source.Uri}' is its own destination.");
        }

        SecretReading reading = await from.Store.ReadAsync(from.Path, source.Version, cancellationToken).ConfigureAwait(false);
        if (reading.Payload is not { } payload)
        {
            return source.IsNamed ? throw ProfileFaults.Unreadable(source.Uri, reading) : null;
        }

        new ProfileShape(source.Uri, payload).Read(source.Name);
        if (target.Store.WhyNotHold(target.Path, payload) is { } flaw)
        {
            throw new BridgeException(FaultKind.DestinationCannotHold, target.Uri, $"'{target.Uri}' cannot hold it: {flaw}.");
        }

        row = row with { Reason = NumberLoss.Of(from.Store, target.Store, payload) };
        bool throughDouble = (from.Store.Capabilities | target.Store.Capabilities).HasFlag(StoreCapabilities.NumbersThroughDouble);
        SecretReading there = await target.Store.ReadAsync(target.Path, null, cancellationToken).ConfigureAwait(false);
        row = row with { DestinationVersion = there.Version };
        if (there.Payload?.Compare(payload, throughDouble).AreEqual == true)
        {
            return row with { Action = ProfileAction.Unchanged, Planned = _options.PlanOnly, Verified = true };
        }

        bool isNew = there.State is SecretState.Absent or SecretState.MetadataOnly;
        if (!isNew && _options.Conflict != ProfileConflict.Overwrite)
        {
            string what = $"'{target.Uri}' {(there.State == SecretState.Live ? "has other content" : "was deleted there")}; it was left as it is.";
            return _options.Conflict == ProfileConflict.Skip
                ? row with { Action = ProfileAction.Skipped, Reason = what }
                : Failed(row, ProfileAction.Conflict, new(FaultKind.DestinationExists, target.Uri, what));
        }

        row = row with { Action = isNew ? ProfileAction.Created : ProfileAction.Updated };
        if (session is null)
        {
            return row with { Planned = true };
        }

        bool canCheckAndSet = target.Store.Capabilities.HasFlag(StoreCapabilities.CheckAndSet);
        WriteReceipt receipt = await session.WriteAsync(target.Path, payload, canCheckAndSet ? there.CheckAndSet : null, cancellationToken).ConfigureAwait(false);
        await VerifyAsync(target, payload, receipt.Version, throughDouble, cancellationToken).ConfigureAwait(false);
        await _beside.WriteAsync(session, target, payload, there.CustomMetadata, cancellationToken).ConfigureAwait(false);
        return row with { DestinationVersion = receipt.Version, RequestId = receipt.RequestId, Verified = true };
    }

    // A standby that serves reads may lag behind the write for a moment.
    private async Task VerifyAsync(StoreLocation target, SecretPayload payload, int? version, bool throughDouble, CancellationToken cancellationToken)
    {
        long start = _options.Time.GetTimestamp();
        while (true)
        {
            SecretReading back = await target.Store.ReadAsync(target.Path, version, cancellationToken).ConfigureAwait(false);
            if (back.Payload?.Compare(payload, throughDouble).AreEqual == true)
            {
                return;
            }

            bool maySettle = back.State == SecretState.Absent || version is null;
            if (!maySettle || _options.Time.GetElapsedTime(start) >= VerifyPatience)
            {
                throw new BridgeException(FaultKind.VerificationFailed, target.Uri, $"'{target.Uri}' was written, but it does not read back as it was written.");
            }

            await Task.Delay(VerifyPause, _options.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    private static ProfileCopyResult Failed(ProfileCopyResult row, ProfileAction action, BridgeException fault) =>
        row with { Action = action, Reason = fault.Message, Fault = fault };
}
