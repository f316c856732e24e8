using System.Security;

namespace SecretBridge.Wire;

/// <summary>AppRole with a secret_id.</summary>
/// <param name="RoleId">The role's id.</param>
/// <param name="SecretId">The secret_id; null for a role that binds none.</param>
/// <param name="Mount">Where the method is mounted.</param>
public sealed record AppRoleAuth(string RoleId, SecureString? SecretId, string Mount = "approle") : VaultAuth
{
    /// <inheritdoc/>
    public override string Method => "approle";
}
