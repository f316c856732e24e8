using System.Security;
using SecretBridge.Reporting;
using SecretBridge.Stores.Sealed;
using SecretBridge.Values;

namespace SecretBridge.Backends;

/// <summary>Which sealed file a cmdlet's parameters name, and what opens it.</summary>
/// <param name="Path">The file; null for the usual place.</param>
/// <param name="Credential">What opens it; null to be asked for.</param>
internal sealed record SealedStoreArgument(string? Path = null, SealedFileCredential? Credential = null)
{
    /// <summary>Makes a credential of the one parameter of three that was given; null where none was.</summary>
    /// <param name="passphrase">The passphrase.</param>
    /// <param name="variable">The name of the environment variable that holds it.</param>
    /// <param name="keyFile">The path of a key file.</param>
    /// <param name="prefix">What stands before the parameters' names in an error.</param>
    /// <exception cref="BridgeException">More than one was given, or the variable holds nothing.</exception>
    internal static SealedFileCredential? CredentialOf(SecureString? passphrase, string? variable, string? keyFile, string prefix = "")
    {
        if ((passphrase is null ? 0 : 1) + (variable is null ? 0 : 1) + (keyFile is null ? 0 : 1) > 1)
        {
            throw new BridgeException(FaultKind.InvalidArgument, prefix + "Passphrase",
                $"Give one of -{prefix}Passphrase, -{prefix}PassphraseEnv and -{prefix}KeyFile, not several.");
        }

        return passphrase is not null ? SealedFileCredential.FromPassphrase(passphrase)
            : variable is not null ? SealedFileCredential.FromPassphrase(SecretVariable.Read(variable, prefix + "PassphraseEnv"))
            : keyFile is not null ? SealedFileCredential.FromKeyFile(keyFile)
            : null;
    }
}
