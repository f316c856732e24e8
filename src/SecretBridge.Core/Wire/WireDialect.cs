using System.Net.Http.Headers;

namespace SecretBridge.Wire;

/// <summary>What differs between the HTTP APIs that travel over one wire: how a token is sent, and what a reply means.</summary>
internal abstract class WireDialect
{
    /// <summary>Vault and OpenBao.</summary>
    public static WireDialect Vault { get; } = new VaultDialect();

    /// <summary>ScaiVault.</summary>
    public static WireDialect ScaiVault { get; } = new ScaiVaultDialect();

    /// <summary>Whether one redirect is followed, to another node of the same server.</summary>
    public abstract bool FollowsRedirects { get; }

    /// <summary>Adds the headers that every request has.</summary>
    /// <param name="headers">The headers.</param>
    /// <param name="token">The token; null for none.</param>
    /// <param name="ns">The namespace; null or empty for the root.</param>
    public abstract void AddHeaders(HttpRequestHeaders headers, SecretText? token, string? ns);

    /// <summary>The failure that a reply is; null where it is an answer. Absent secrets are answers.</summary>
    public abstract VaultException? FaultOf(VaultRequest request, VaultReply reply, SecretText? token);
}
