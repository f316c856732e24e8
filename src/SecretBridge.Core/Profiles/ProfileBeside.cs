using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Profiles;

/// <summary>
/// Writes what a profile is found by beside its secret, where the store keeps custom metadata. The secret is written by then, so that a
/// failure here is told and is not one of the profile.
/// </summary>
internal sealed class ProfileBeside(IReporter? reporter)
{
    private int _warned;

    internal async Task WriteAsync(
        IWriteSession session, StoreLocation location, SecretPayload payload, IReadOnlyDictionary<string, string>? before, CancellationToken cancellationToken)
    {
        if (!location.Store.Capabilities.HasFlag(StoreCapabilities.Metadata))
        {
            return;
        }

        var facts = ProfileFacts.Of(new ProfileShape(location.Uri, payload).Read(location.Path.Name));
        Dictionary<string, string> wanted = ProfileMetadata.Write(facts, before ?? new Dictionary<string, string>(StringComparer.Ordinal));
        if (before is not null && wanted.All(entry => before.TryGetValue(entry.Key, out string? there) && there == entry.Value))
        {
            return;
        }

        try
        {
            await session.WriteMetadataAsync(location.Path, new() { CustomMetadata = wanted }, cancellationToken).ConfigureAwait(false);
        }
        catch (BridgeException exception) when (exception.Kind == FaultKind.NotSupported)
        {
            reporter?.Verbose($"'{location.Uri}' has no metadata to be found by: {exception.Message}");
        }
        catch (BridgeException exception) when (!ProfileFaults.EndsTheRun(exception))
        {
            if (Interlocked.Exchange(ref _warned, 1) == 0)
            {
                reporter?.Warning($"'{location.Uri}' was written, but not the metadata to find it by, so that -MetadataOnly tells what was there before. {exception.Message}");
            }
        }
    }
}
