using SecretBridge.Reporting;
using SecretBridge.Wire;

namespace SecretBridge.Stores;

public sealed partial class VaultBackend
{
    /// <summary>Asks the server about the token, unless it is one of limited use.</summary>
    /// <exception cref="VaultException">The token is dead or may not look itself up.</exception>
    public Task VerifyTokenAsync(CancellationToken cancellationToken) => AskTokenAsync(cancellationToken);

    /// <summary>As <see cref="VerifyTokenAsync"/>, and tells whether the server was asked.</summary>
    internal async Task<bool> AskTokenAsync(CancellationToken cancellationToken)
    {
        ThrowIfDisconnected();
        return await _client.Session.VerifyAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What the token may do on API paths such as <c>secret/data/x</c>. It is no proof: parameters and other rules can forbid more.</summary>
    public Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> CapabilitiesAsync(IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return CapabilitiesAsync(paths, VaultRequest.DefaultNamespace, cancellationToken);
    }

    /// <summary>As above, on paths of a namespace; null is the root.</summary>
    internal async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> CapabilitiesAsync(IReadOnlyList<string> paths, string? ns, CancellationToken cancellationToken)
    {
        ThrowIfDisconnected();
        VaultReply reply = await _client.SendAsync(SysRequests.CapabilitiesSelf(paths) with { Namespace = ns }, cancellationToken).ConfigureAwait(false);
        JsonFields data = JsonFields.Of(reply.Data);
        return paths.Distinct(StringComparer.Ordinal).ToDictionary(path => path, data.Strings, StringComparer.Ordinal);
    }

    /// <summary>Asks the server about a token that is not the connection's own. It lets the token look itself up, which is one use of it.</summary>
    /// <exception cref="BridgeException">The server does not answer.</exception>
    public async Task<TokenStanding> LookUpTokenAsync(SealedValue token, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(token);
        ThrowIfDisconnected();
        VaultRequest request = TokenRequests.LookupSelf(VaultRequest.DefaultNamespace) with { Token = new(token.Reveal() ?? ""), SendsToken = false };
        try
        {
            VaultReply reply = await _client.SendAsync(request, cancellationToken).ConfigureAwait(false);
            return new(IsAlive: true, JsonFields.Of(reply.Data).Time("expire_time"));
        }
        catch (VaultException exception) when (exception.Kind is FaultKind.PermissionDenied or FaultKind.TokenInvalid)
        {
            return new(IsAlive: false, null);
        }
    }
}
