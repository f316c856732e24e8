using System.Net.Http.Headers;

namespace SecretBridge.Wire;

/// <summary>Speaks to Vault and OpenBao.</summary>
internal sealed class VaultDialect : WireDialect
{
    /// <summary>A standby redirects to the active node.</summary>
    public override bool FollowsRedirects => true;

    public override void AddHeaders(HttpRequestHeaders headers, SecretText? token, string? ns)
    {
        headers.Add("X-Vault-Request", "true");
        if (token is not null)
        {
            headers.TryAddWithoutValidation("X-Vault-Token", token.Reveal());
        }

        if (!string.IsNullOrEmpty(ns))
        {
            headers.TryAddWithoutValidation("X-Vault-Namespace", ns);
        }
    }

    public override VaultException? FaultOf(VaultRequest request, VaultReply reply, SecretText? token) => VaultFaults.Of(request, reply, token);
}
