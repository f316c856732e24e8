using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>Reads of one side's secrets what a comparison asks for, and nothing more.</summary>
internal sealed class SideReader(TreeSide side, CompareOptions options, IReporter reporter)
{
    private int _told;

    private ISecretStore Store => side.Store;

    private bool WantsMetadata =>
        (options.IncludeMetadata || options.IncludeVersion) && Store.Capabilities.HasFlag(StoreCapabilities.Metadata);

    internal async Task<SideReading> ReadAsync(SideName? name, CancellationToken cancellationToken)
    {
        if (name is null)
        {
            return SideReading.Absent;
        }

        SecretPath path = side.Location.Path.Append(name.Path);
        try
        {
            SecretReading content = await SettledRead.ReadAsync(Store, path, null, ContentAsync, cancellationToken).ConfigureAwait(false);
            if (content.State == SecretState.Absent)
            {
                return SideReading.Absent;
            }

            SecretMetadata? metadata = WantsMetadata ? await MetadataAsync(path, cancellationToken).ConfigureAwait(false) : null;
            return new(content, metadata, await HistoryAsync(path, content, metadata, cancellationToken).ConfigureAwait(false), null);
        }
        catch (BridgeException exception)
        {
            return SideReading.Unreadable(exception);
        }
    }

    private async ValueTask<SecretReading> ContentAsync(SecretPath path, int? version, CancellationToken cancellationToken)
    {
        if (!options.KeysOnly)
        {
            return await Store.ReadAsync(path, version, cancellationToken).ConfigureAwait(false);
        }

        if (await Store.TryReadShapeAsync(path, version, cancellationToken).ConfigureAwait(false) is { } shape)
        {
            return shape;
        }

        if (Interlocked.Exchange(ref _told, 1) == 0)
        {
            reporter.Verbose($"'{side.Location.Uri}' cannot tell keys without values: its secrets are read, and only their keys are compared.");
        }

        SecretReading reading = await Store.ReadAsync(path, version, cancellationToken).ConfigureAwait(false);
        return reading with { Payload = reading.Payload?.Shape() };
    }

    private async Task<SecretMetadata> MetadataAsync(SecretPath path, CancellationToken cancellationToken) =>
        await Store.ReadMetadataAsync(path, cancellationToken).ConfigureAwait(false)
            ?? throw new BridgeException(FaultKind.UnexpectedAbsence, (side.Location with { Path = path }).Uri,
                $"'{(side.Location with { Path = path }).Uri}' was read, but it has no metadata: it was removed in between, or the server that answered lags behind.");

    private async Task<IReadOnlyList<VersionContent>> HistoryAsync(
        SecretPath path, SecretReading latest, SecretMetadata? metadata, CancellationToken cancellationToken)
    {
        if (!options.IncludeVersion)
        {
            return [];
        }

        if (metadata is null)
        {
            return [new(latest.Version, latest.State, latest.Payload)];
        }

        var history = new List<VersionContent>(metadata.Versions.Count);
        foreach (SecretVersion version in metadata.Versions)
        {
            // Without the server's time a deletion may be one to come: the read tells.
            SecretState state = version.StateAt(metadata.ServerTime ?? DateTimeOffset.MinValue);
            history.Add(version.Number == latest.Version ? new(version.Number, latest.State, latest.Payload)
                : state != SecretState.Live ? new(version.Number, state, null)
                : await VersionAsync(path, version.Number, cancellationToken).ConfigureAwait(false));
        }

        return history;
    }

    private async Task<VersionContent> VersionAsync(SecretPath path, int number, CancellationToken cancellationToken)
    {
        SecretReading reading = await ContentAsync(path, number, cancellationToken).ConfigureAwait(false);
        return reading.State != SecretState.Absent
            ? new(number, reading.State, reading.Payload)
            : throw new BridgeException(FaultKind.UnexpectedAbsence, (side.Location with { Path = path }).Uri,
                $"'{(side.Location with { Path = path }).Uri}' has version {number} by its metadata, but it cannot be read.");
    }
}
