using System.Runtime.CompilerServices;
using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Credentials;

/// <summary>Lists credentials with what their metadata tells. No secret is read.</summary>
public sealed class CredentialList
{
    private readonly CredentialListOptions _options;

    /// <summary>Prepares a listing.</summary>
    public CredentialList(CredentialListOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
    }

    /// <summary>
    /// Lists, agents and credentials in byte order. What cannot be listed or read is a row with a fault; the others go on.
    /// </summary>
    /// <exception cref="BridgeException">The agents themselves cannot be listed.</exception>
    public async IAsyncEnumerable<AgentCredential> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        StoreLocation root = await _options.Stores.ResolveAsync(CredentialPath.Root(_options.MountUri), cancellationToken).ConfigureAwait(false);
        IAsyncEnumerable<Found[]> folders = BoundedPipe.SelectAsync(
            AgentsAsync(root, cancellationToken), _options.ThrottleLimit, (agent, stop) => ListAsync(root, agent, stop), cancellationToken);
        await foreach (AgentCredential row in BoundedPipe.SelectAsync(Flat(folders), _options.ThrottleLimit, ReadAsync, cancellationToken).ConfigureAwait(false))
        {
            yield return row;
        }
    }

    private async IAsyncEnumerable<string> AgentsAsync(StoreLocation root, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IEnumerable<string> agents = _options.Agents;
        if (_options.Agents.Count == 0)
        {
            FolderListing listing;
            try
            {
                listing = await root.Store.ListAsync(CredentialPath.AgentsBelow(root.Path), cancellationToken).ConfigureAwait(false);
            }
            catch (BridgeException exception)
            {
                throw CredentialFaults.Read(exception);
            }

            agents = listing.Names.Where(name => name.IsFolder && _options.IsAgent(name.Name)).Select(name => name.Name);
        }

        foreach (string agent in agents)
        {
            yield return agent;
        }
    }

    private async Task<Found[]> ListAsync(StoreLocation root, string agent, CancellationToken cancellationToken)
    {
        try
        {
            SecretPath folder = CredentialPath.CredentialsBelow(root.Path, agent);
            FolderListing listing = await root.Store.ListAsync(folder, cancellationToken).ConfigureAwait(false);
            string[] names = listing.Names.Where(name => !name.IsFolder).Select(name => name.Name).ToArray();
            return names.Where(_options.IsCredential)
                .Select(name => new Found(At(name), agent, name, null))
                .Concat(Missing(names).Select(name => Absent(At(name), agent, name)))
                .ToArray();

            StoreLocation At(string name) => name.Length == 0 ? new(root.Store, folder) : new(root.Store, folder.Append(SecretPath.FromSegments([name])));
        }
        catch (BridgeException exception)
        {
            return [new(root, agent, "", CredentialFaults.Read(exception))];
        }
    }

    // Who names an agent or a credential means one that is there; a pattern may match none.
    private IEnumerable<string> Missing(string[] names) =>
        _options.Agents.Count == 0 ? []
        : _options.Credentials.Count > 0 ? _options.Credentials.Except(names, StringComparer.Ordinal)
        : names.Length == 0 ? [""]
        : [];

    private static Found Absent(StoreLocation location, string agent, string credential) => new(location, agent, credential, new(FaultKind.SecretNotFound, location.Uri,
        credential.Length == 0
            ? $"There is no credential of the agent '{agent}' at '{location.Uri}', or the token may not know of it."
            : $"There is no credential '{credential}' of the agent '{agent}', or the token may not know of it."));

    private static async IAsyncEnumerable<Found> Flat(IAsyncEnumerable<Found[]> folders)
    {
        await foreach (Found[] folder in folders.ConfigureAwait(false))
        {
            foreach (Found found in folder)
            {
                yield return found;
            }
        }
    }

    private async Task<AgentCredential> ReadAsync(Found found, CancellationToken cancellationToken)
    {
        var row = new AgentCredential { Uri = found.Location.Uri, AgentId = found.Agent, CredentialId = found.Credential, Fault = found.Fault };
        if (found.Fault is { Kind: FaultKind.SecretNotFound })
        {
            return row with { State = SecretState.Absent };
        }

        if (found.Fault is not null || _options.NameOnly || !found.Location.Store.Capabilities.HasFlag(StoreCapabilities.Versions))
        {
            return row;
        }

        try
        {
            SecretMetadata? metadata = await found.Location.Store.ReadMetadataAsync(found.Location.Path, cancellationToken).ConfigureAwait(false);
            return metadata is null ? row with { State = SecretState.Absent } : row with
            {
                State = metadata.StateAt(metadata.Now),
                Version = metadata.CurrentVersion,
                CreatedTime = metadata.CreatedTime,
                RotatedTime = metadata.Versions.FirstOrDefault(version => version.Number == metadata.CurrentVersion)?.CreatedTime,
                VersionCount = metadata.Versions.Count,
            };
        }
        catch (BridgeException exception)
        {
            return row with { Fault = CredentialFaults.Read(exception) };
        }
    }

    private sealed record Found(StoreLocation Location, string Agent, string Credential, BridgeException? Fault);
}
