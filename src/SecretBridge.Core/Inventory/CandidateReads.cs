using System.Collections.Concurrent;
using System.IO.Enumeration;
using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Trees;

namespace SecretBridge.Inventory;

/// <summary>Reads of each secret what a search needs, the cheapest first, and nothing once it is ruled out.</summary>
/// <param name="options">The search.</param>
/// <param name="wants">What is looked at.</param>
/// <param name="reporter">Where is said what cannot be had cheaply.</param>
internal sealed class CandidateReads(FindOptions options, CandidateReads.Content wants, IReporter reporter)
{
    private readonly ConcurrentDictionary<StoreIdentity, bool> _told = new();

    /// <summary>What of a secret's content a search looks at.</summary>
    internal enum Content
    {
        /// <summary>Nothing.</summary>
        None = 0,

        /// <summary>The names of its keys.</summary>
        Keys,

        /// <summary>Its values.</summary>
        Values,
    }

    /// <summary>The secret with what was read; null where it is ruled out.</summary>
    internal async Task<Candidate?> ReadAsync(SourceStep step, CancellationToken cancellationToken)
    {
        var row = FoundSecret.Of(step);
        if (step is not { Fault: null, Location: { } location })
        {
            return new(step, row, null);
        }

        try
        {
            FoundSecret? known = options.NeedsMetadata ? await WithMetadataAsync(row, location, cancellationToken).ConfigureAwait(false) : row;
            return known is null ? null
                : wants == Content.None || known.Fault is not null ? new(step, known, null)
                : await WithContentAsync(step, known, location, cancellationToken).ConfigureAwait(false);
        }
        catch (BridgeException exception)
        {
            return new(step, row with { State = SecretState.Unreadable, Fault = exception }, null);
        }
    }

    private async Task<FoundSecret?> WithMetadataAsync(FoundSecret row, StoreLocation location, CancellationToken cancellationToken)
    {
        ISecretStore store = location.Store;
        if (!store.Capabilities.HasFlag(StoreCapabilities.Metadata))
        {
            return !_told.TryAdd(store.Identity, true) ? null : row with
            {
                Uri = store.Root.ToString(),
                Fault = new(FaultKind.NotSupported, store.Root.ToString(),
                    $"'{store.Root}' keeps no metadata: custom metadata and times of its secrets cannot be searched, and none of them is found."),
            };
        }

        if (await store.ReadMetadataAsync(location.Path, cancellationToken).ConfigureAwait(false) is not { } metadata)
        {
            return null;
        }

        DateTimeOffset now = metadata.Now;
        return !IsWanted(metadata, now) ? null : row with
        {
            State = metadata.StateAt(now),
            Version = metadata.CurrentVersion,
            UpdatedTime = metadata.UpdatedTime,
            CustomMetadata = metadata.CustomMetadata,
        };
    }

    private bool IsWanted(SecretMetadata metadata, DateTimeOffset now)
    {
        TimeSpan? age = now - (metadata.UpdatedTime ?? metadata.CreatedTime);
        return (options.OlderThan is null || age >= options.OlderThan)
            && (options.NewerThan is null || age < options.NewerThan)
            && (!options.NeverUpdated || metadata.CurrentVersion == 1)
            && options.CustomMetadata.All(pair => metadata.CustomMetadata.TryGetValue(pair.Key, out string? value)
                && FileSystemName.MatchesSimpleExpression(pair.Value, value));
    }

    private async Task<Candidate?> WithContentAsync(SourceStep step, FoundSecret row, StoreLocation location, CancellationToken cancellationToken)
    {
        SecretReading reading = await SettledRead.ReadAsync(location.Store, location.Path, step.Version,
            (path, version, token) => ContentAsync(location.Store, path, version, token), cancellationToken).ConfigureAwait(false);
        return reading.State == SecretState.Absent ? null : new(step, row with
        {
            State = reading.State,
            Version = reading.Version ?? row.Version,
            UpdatedTime = row.UpdatedTime ?? reading.CreatedTime,
            CustomMetadata = row.CustomMetadata ?? reading.CustomMetadata,
        }, reading.Payload);
    }

    private async ValueTask<SecretReading> ContentAsync(ISecretStore store, SecretPath path, int? version, CancellationToken cancellationToken)
    {
        if (wants == Content.Keys)
        {
            if (await store.TryReadShapeAsync(path, version, cancellationToken).ConfigureAwait(false) is { } shape)
            {
                return shape;
            }

            if (_told.TryAdd(store.Identity, true))
            {
                reporter.Verbose($"'{store.Root}' cannot tell keys without values: its secrets are read, and only their keys are looked at.");
            }
        }

        return await store.ReadAsync(path, version, cancellationToken).ConfigureAwait(false);
    }
}
