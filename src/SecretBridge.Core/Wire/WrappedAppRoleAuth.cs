using System.Security;

namespace SecretBridge.Wire;

/// <summary>
/// AppRole with a response-wrapped secret_id. Before it is unwrapped, the wrapping token must prove to have been made at
/// exactly <c>auth/{Mount}/role/{RoleName}/secret-id</c>; on a mismatch nothing else is tried.
/// </summary>
/// <param name="RoleId">The role's id.</param>
/// <param name="WrappingToken">The wrapping token; it can be used once.</param>
/// <param name="RoleName">The role's name.</param>
/// <param name="Mount">Where the method is mounted.</param>
public sealed record WrappedAppRoleAuth(string RoleId, SecureString WrappingToken, string RoleName, string Mount = "approle") : VaultAuth
{
    /// <inheritdoc/>
    public override string Method => "approle";
}
