using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Trees;

namespace SecretBridge.Inventory;

/// <summary>Reads what a measurement needs, and nothing more.</summary>
internal sealed class MeasuredReads(MeasureOptions options, IReporter reporter)
{
    // What a server's storage takes for one entry where nothing else is set up, and OpenBao's limit of strings in one request.
    private const long LargestEntry = 1 << 20;
    private const int MostStrings = VaultKv.MostStrings;

    private readonly Dictionary<StoreIdentity, int> _maxVersions = [];

    /// <summary>Finds a root. One that leads nowhere is told by the walk.</summary>
    internal async ValueTask<MeasuredRoot> RootAsync(string uri, CancellationToken cancellationToken)
    {
        try
        {
            StoreLocation location = await options.Stores.ResolveAsync(SecretReference.Parse(uri), cancellationToken).ConfigureAwait(false);
            return new(location.Uri, location, options.NamesOnly ? 0 : await MaxVersionsAsync(location.Store, cancellationToken).ConfigureAwait(false));
        }
        catch (BridgeException exception) when (exception.Kind is not (FaultKind.NotConnected or FaultKind.InvalidArgument))
        {
            return new(uri, null, 0);
        }
    }

    internal async Task<MeasuredStep> ReadAsync(MeasuredStep step, CancellationToken cancellationToken)
    {
        if (step.Step is not { Fault: null, Location: { } location } || options.NamesOnly)
        {
            return step;
        }

        MeasuredStep read = step;
        try
        {
            if (location.Store.Capabilities.HasFlag(StoreCapabilities.Metadata))
            {
                SecretMetadata? metadata = await location.Store.ReadMetadataAsync(location.Path, cancellationToken).ConfigureAwait(false);
                if (metadata is null)
                {
                    return step with { HasVanished = true };
                }

                read = step with { Metadata = metadata, Now = metadata.Now };
            }

            return options.IncludeSize ? await SizeAsync(read, location, cancellationToken).ConfigureAwait(false) : read;
        }
        catch (BridgeException exception)
        {
            return read with { Fault = exception };
        }
    }

    private static async Task<MeasuredStep> SizeAsync(MeasuredStep step, StoreLocation location, CancellationToken cancellationToken)
    {
        if (step.Metadata is { } metadata && metadata.StateAt(step.Now) != SecretState.Live)
        {
            return step;
        }

        SecretReading reading = await SettledRead.ReadAsync(location.Store, location.Path, null, cancellationToken).ConfigureAwait(false);
        return reading switch
        {
            { State: SecretState.Absent } => step with { HasVanished = true },
            { Payload: { } payload } => step with
            {
                Bytes = payload.Length,
                IsNearSizeLimit = FolderTally.IsNear(payload.Length, LargestEntry)
                    || (payload.Length > MostStrings && FolderTally.IsNear(payload.CountStrings(), MostStrings)),
            },
            _ => step,
        };
    }

    private async ValueTask<int> MaxVersionsAsync(ISecretStore store, CancellationToken cancellationToken)
    {
        if (store.Find<IConfigurableStore>() is not { } configurable)
        {
            return 0;
        }

        if (!_maxVersions.TryGetValue(store.Identity, out int most))
        {
            try
            {
                most = (await configurable.ReadSettingsAsync(cancellationToken).ConfigureAwait(false)).MaxVersions ?? 0;
            }
            catch (BridgeException exception)
            {
                reporter.Warning($"How many versions '{store.Root}' keeps cannot be read; its secrets are held against the server's default of 10. {exception.Message}");
            }

            _maxVersions.Add(store.Identity, most);
        }

        return most;
    }
}
