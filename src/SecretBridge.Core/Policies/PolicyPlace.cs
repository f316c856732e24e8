using System.Globalization;
using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Wire;

namespace SecretBridge.Policies;

/// <summary>Where a policy's paths begin: a folder or secret of a KV mount, as the server of a connection has it.</summary>
/// <param name="Client">The connection.</param>
/// <param name="Server">What the server is.</param>
/// <param name="Backend">The connection's name.</param>
/// <param name="Mount">The mount; null where only the connection is meant.</param>
/// <param name="KvVersion">The mount's KV version.</param>
/// <param name="Path">The path in the mount.</param>
internal sealed record PolicyPlace(VaultClient Client, ServerInfo Server, string Backend, string? Mount, int KvVersion, SecretPath Path)
{
    /// <summary>The namespace that the token is of, where its policies must be.</summary>
    internal string Namespace => Client.AuthNamespace ?? "";

    internal bool HasVersions => KvVersion == 2;

    internal bool Scans => Server.IsOpenBao;

    /// <summary>Whether the server may be one that keeps no custom metadata, and makes nothing of a change to it.</summary>
    internal bool MayLackCustomMetadata => !Server.IsOpenBao && Older(9);

    /// <summary>Whether it is known to be such a server.</summary>
    internal bool LacksCustomMetadata => MayLackCustomMetadata && Server.Version is not null;

    /// <summary>Whether the server may be one without <c>subkeys/</c>.</summary>
    internal bool MayLackSubkeys => !Server.IsOpenBao && Older(10);

    internal string Product => Server.Product is null ? "" : FormattableString.Invariant($", {Server.Product} {Server.Version}");

    internal static PolicyPlace Of(VaultBackend backend) => new(backend.Client, backend.Server, backend.Name, null, 0, SecretPath.Root);

    /// <summary>The place of a reference; null where it is of a store that knows no policies.</summary>
    internal static async Task<PolicyPlace?> FindAsync(IStoreResolver stores, string uri, CancellationToken cancellationToken)
    {
        StoreLocation location = await stores.ResolveAsync(SecretReference.Parse(uri), cancellationToken).ConfigureAwait(false);
        return location.Store.Find<IConnectedStore>() is not { } connected
            ? null
            : new(connected.Connection.Client, connected.Server, location.Store.Root.Backend ?? "", location.Store.Root.Path.Value,
                location.Store.Find<KvV2Store>() is not null ? 2 : 1, location.Path);
    }

    /// <summary>A path of the server's API below the namespace that the policy is in.</summary>
    /// <param name="kind"><c>data</c>, <c>metadata</c> and so on; version 1 knows none.</param>
    /// <param name="end"><c>/*</c> for all below, <c>/</c> for the folder itself, empty for the secret itself.</param>
    internal string PathOf(string kind, string end) =>
        Prefix() + Mount + (HasVersions ? "/" + kind : "") + (Path.IsRoot ? "" : "/" + Path.Value) + end;

    internal string MountPathOf(string kind) => Prefix() + Mount + "/" + kind;

    private string Prefix()
    {
        string of = Client.Options.Namespace ?? "";
        return of == Namespace ? ""
            : Namespace.Length == 0 ? of + "/"
            : of.StartsWith(Namespace + "/", StringComparison.Ordinal) ? of[(Namespace.Length + 1)..] + "/"
            : throw new BridgeException(FaultKind.NotSupported, Backend,
                $"The login of '{Backend}' is in the namespace '{Namespace}', and its secrets are in '{of}', which is not below it: no policy of that login reaches them.");
    }

    private bool Older(int minor)
    {
        string[] parts = (Server.Version ?? "").Split('.');
        return parts.Length < 2 || parts[0] == "0"
            || (parts[0] == "1" && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int told) && told < minor);
    }
}
