using System.Net.Http.Headers;

namespace SecretBridge.Wire;

/// <summary>Speaks to ScaiVault: a bearer token, and no redirect, because none is documented.</summary>
internal sealed class ScaiVaultDialect : WireDialect
{
    public override bool FollowsRedirects => false;

    public override void AddHeaders(HttpRequestHeaders headers, SecretText? token, string? ns)
    {
        headers.TryAddWithoutValidation("Accept", "application/json");
        if (token is not null)
        {
            headers.TryAddWithoutValidation("Authorization", "Bearer " + token.Reveal());
        }
    }

    public override VaultException? FaultOf(VaultRequest request, VaultReply reply, SecretText? token) => ScaiVaultFaults.Of(request, reply, token);
}
