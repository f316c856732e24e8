using System.Security;

namespace SecretBridge.Wire;

/// <summary>A token that the user already has. It is never revoked.</summary>
/// <param name="Token">The token.</param>
public sealed record TokenAuth(SecureString Token) : VaultAuth
{
    /// <inheritdoc/>
    public override string Method => "token";
}
