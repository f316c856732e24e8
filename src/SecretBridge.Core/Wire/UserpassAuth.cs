using System.Security;

namespace SecretBridge.Wire;

/// <summary>User name and password; <c>ldap</c>, <c>okta</c> and <c>radius</c> log in the same way under their mount.</summary>
/// <param name="UserName">The user.</param>
/// <param name="Password">The password.</param>
/// <param name="Mount">Where the method is mounted.</param>
public sealed record UserpassAuth(string UserName, SecureString Password, string Mount = "userpass") : VaultAuth
{
    /// <inheritdoc/>
    public override string Method => "userpass";
}
