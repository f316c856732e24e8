namespace SecretBridge.Stores.Sealed;

/// <summary>What opens a sealed file.</summary>
public enum SealedKeyKind
{
    /// <summary>A passphrase, stretched by PBKDF2.</summary>
    Passphrase = 0,

    /// <summary>The bytes of a key file.</summary>
    KeyFile,
}
