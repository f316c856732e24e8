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
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> CapabilitiesAsync(IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ThrowIfDisconnected();
        VaultReply reply = await _client.SendAsync(SysRequests.CapabilitiesSelf(paths), cancellationToken).ConfigureAwait(false);
        JsonFields data = JsonFields.Of(reply.Data);
        return paths.Distinct(StringComparer.Ordinal).ToDictionary(path => path, data.Strings, StringComparer.Ordinal);
    }
}
