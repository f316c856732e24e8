using System.IO.Enumeration;
using System.Runtime.CompilerServices;
using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Profiles;

/// <summary>Reads profiles, one secret each.</summary>
public sealed class ProfileRead
{
    private readonly ProfileOptions _options;

    /// <summary>Prepares reading.</summary>
    public ProfileRead(ProfileOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
    }

    /// <summary>Reads, in the order of the references and of the names in a folder. What cannot be read, or has another shape, is a row with a fault.</summary>
    public async IAsyncEnumerable<SealedProfile> RunAsync(IAsyncEnumerable<string> uris, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(uris);
        await foreach (string uri in uris.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            (IReadOnlyList<StoreLocation> found, SealedProfile? failure) = await FindAsync(uri, cancellationToken).ConfigureAwait(false);
            foreach (StoreLocation location in found)
            {
                yield return await ReadAsync(location, SecretReference.Parse(uri).Version, cancellationToken).ConfigureAwait(false);
            }

            if (failure is not null)
            {
                yield return failure;
            }
        }
    }

    private async Task<(IReadOnlyList<StoreLocation> Found, SealedProfile? Failure)> FindAsync(string uri, CancellationToken cancellationToken)
    {
        try
        {
            var reference = SecretReference.Parse(uri);
            StoreLocation location = await _options.Stores.ResolveAsync(reference, cancellationToken).ConfigureAwait(false);
            bool isFolder = _options.Name is not null || location.Path.IsRoot || uri.EndsWith('/');
            return (isFolder ? await ListAsync(location, cancellationToken).ConfigureAwait(false) : [location], null);
        }
        catch (BridgeException exception) when (exception.Kind != FaultKind.NotConnected)
        {
            return ([], Failed(uri, uri, exception));
        }
    }

    private async Task<IReadOnlyList<StoreLocation>> ListAsync(StoreLocation folder, CancellationToken cancellationToken)
    {
        FolderListing listing = await folder.Store.ListAsync(folder.Path, cancellationToken).ConfigureAwait(false);
        StoreLocation[] found = listing.Names
            .Where(name => !name.IsFolder && (_options.Name is null || FileSystemName.MatchesSimpleExpression(_options.Name, name.Name, ignoreCase: false)))
            .Select(name => folder with { Path = folder.Path.Append(name.Name) })
            .ToArray();

        // A wildcard may match nothing; a name may not.
        return found.Length > 0 || (listing.Exists && _options.Name?.AsSpan().IndexOfAny('*', '?') is null or >= 0)
            ? found
            : throw new BridgeException(FaultKind.SecretNotFound, folder.Uri, listing.Exists
                ? $"There is no profile '{_options.Name}' in '{folder.Uri}'."
                : $"There is no folder '{folder.Uri}', or the token may not know of it.");
    }

    private async Task<SealedProfile> ReadAsync(StoreLocation location, int? version, CancellationToken cancellationToken)
    {
        try
        {
            SecretReading reading = await location.Store.ReadAsync(location.Path, version ?? _options.Version, cancellationToken).ConfigureAwait(false);
            return reading.Payload is { } payload
                ? new ProfileShape(location.Uri, payload).Read(location.Path.Name) with
                {
                    Root = (location with { Path = location.Path.Parent }).Uri,
                    RelativePath = location.Path.Name,
                    Version = reading.Version,
                    CreatedTime = reading.CreatedTime,
                }
                : throw new BridgeException(
                    reading.State is SecretState.Deleted or SecretState.Destroyed ? FaultKind.SecretDeleted : FaultKind.SecretNotFound,
                    location.Uri, $"The profile '{location.Uri}' cannot be read: it is {reading.State.ToString().ToLowerInvariant()}.");
        }
        catch (BridgeException exception)
        {
            return Failed(location.Uri, location.Path.Name, exception);
        }
    }

    private static SealedProfile Failed(string uri, string name, BridgeException fault) =>
        new() { Uri = uri, Name = name, Reason = fault.Message, Fault = fault };
}
