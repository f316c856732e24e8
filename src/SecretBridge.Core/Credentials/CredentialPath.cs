using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Credentials;

/// <summary>
/// Where an identity provider keeps the credentials of its agents: <c>agentidp/agents/{agentId}/credentials/{credentialId}</c>
/// below a mount or folder, the secret itself in the key <c>clientSecret</c>.
/// </summary>
/// <param name="AgentId">The agent.</param>
/// <param name="CredentialId">The credential.</param>
public sealed record CredentialPath(string AgentId, string CredentialId)
{
    /// <summary>The key that holds the secret.</summary>
    public const string SecretKey = "clientSecret";

    private const string Credentials = "credentials";
    private static readonly string[] Agents = ["agentidp", "agents"];

    /// <summary>The folder of all agents, below a mount or folder.</summary>
    internal static SecretPath AgentsBelow(SecretPath root) => root.Append(SecretPath.FromSegments(Agents));

    /// <summary>The folder of an agent's credentials, below a mount or folder.</summary>
    internal static SecretPath CredentialsBelow(SecretPath root, string agentId) =>
        AgentsBelow(root).Append(SecretPath.FromSegments([agentId, Credentials]));

    /// <summary>The reference of a credential.</summary>
    /// <param name="mountUri">The mount, or a folder in it, that holds the layout.</param>
    /// <param name="agentId">The agent: one name, without a slash.</param>
    /// <param name="credentialId">The credential: one name, without a slash.</param>
    /// <exception cref="BridgeException">One of them cannot be part of a path, or the mount is no reference.</exception>
    public static string UriOf(string mountUri, string agentId, string credentialId)
    {
        ArgumentNullException.ThrowIfNull(agentId);
        ArgumentNullException.ThrowIfNull(credentialId);
        SecretReference root = Root(mountUri);
        SecretPath path = CredentialsBelow(root.Path, agentId).Append(SecretPath.FromSegments([credentialId]));
        return SecretReference.Create(root.Scheme!, root.Backend, path).ToString();
    }

    /// <summary>Reads the ids out of a reference.</summary>
    /// <exception cref="BridgeException">It is no reference, does not have the layout, or names a version or another key
    /// (<see cref="FaultKind.InvalidReference"/>).</exception>
    public static CredentialPath Of(string uri)
    {
        var reference = SecretReference.Parse(uri);
        return reference is { Version: null, Key: null or SecretKey } && TryOf(reference.Path) is { } path
            ? path
            : throw new BridgeException(FaultKind.InvalidReference, uri,
                $"'{uri}' is not the reference of a credential, which ends in /agentidp/agents/AGENT/credentials/CREDENTIAL and names no version.");
    }

    /// <summary>The reference of the whole credential, where its key was named. A '#' inside a name is escaped.</summary>
    internal static string Whole(string uri) => uri.IndexOf('#', StringComparison.Ordinal) is >= 0 and var hash ? uri[..hash] : uri;

    /// <summary>The mount or folder that a reference means.</summary>
    /// <exception cref="BridgeException">It is no reference of one.</exception>
    internal static SecretReference Root(string mountUri)
    {
        var root = SecretReference.Parse(mountUri);
        return root is { Scheme: not null, Version: null, Key: null }
            ? root
            : throw new BridgeException(FaultKind.InvalidReference, mountUri, $"'{mountUri}' is not the reference of a mount; write it as vault://mount.");
    }

    private static CredentialPath? TryOf(SecretPath path) => path.Segments is [.., "agentidp", "agents", var agent, Credentials, var credential]
        ? new(agent, credential)
        : null;
}
