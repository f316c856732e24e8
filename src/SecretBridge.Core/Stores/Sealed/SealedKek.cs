using System.Security.Cryptography;
using System.Text;
using SecretBridge.Reporting;

namespace SecretBridge.Stores.Sealed;

/// <summary>
/// The key-encryption key of a file. It costs a derivation, so an open store keeps it, and not the passphrase. What is done
/// with it is done with keys expanded from it, one a purpose.
/// </summary>
internal sealed class SealedKek : IDisposable
{
    private const int Length = 32;

    private readonly byte[] _verifier;
    private readonly byte[] _macKey;
    private readonly byte[] _wrapKey;

    private SealedKek(SealedKdf kdf, ReadOnlySpan<byte> key)
    {
        Kdf = kdf;
        _verifier = Expand(key, "verifier");
        _macKey = Expand(key, "header");
        _wrapKey = Expand(key, "wrap");
    }

    internal SealedKdf Kdf { get; }

    /// <summary>Tells whether this is a file's key, and commits the file to it.</summary>
    internal ReadOnlySpan<byte> Verifier => _verifier;

    /// <exception cref="BridgeException">The file wants another kind of credential.</exception>
    internal static SealedKek Derive(SealedFileCredential credential, SealedKdf kdf, string path)
    {
        if (credential.Kind != kdf.Kind)
        {
            throw new BridgeException(FaultKind.WrongPassphrase, path, kdf.Kind == SealedKeyKind.KeyFile
                ? $"'{path}' is sealed with a key file, and a passphrase was given. Name the key file."
                : $"'{path}' is sealed with a passphrase, and a key file was given. Give the passphrase.");
        }

        byte[] material = credential.Material();
        byte[] salt = Convert.FromBase64String(kdf.Salt);
        byte[] key = [];
        try
        {
            key = kdf.Kind == SealedKeyKind.Passphrase
                ? Rfc2898DeriveBytes.Pbkdf2(material, salt, kdf.Iterations, HashAlgorithmName.SHA512, Length)
                : HKDF.DeriveKey(HashAlgorithmName.SHA256, material, Length, salt, Info("key-file"));
            return new(kdf, key);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(material);
            CryptographicOperations.ZeroMemory(key);
        }
    }

    internal byte[] Mac(ReadOnlySpan<byte> text) => HMACSHA256.HashData(_macKey, text);

    internal byte[] Wrap(ReadOnlySpan<byte> dataKey, ReadOnlySpan<byte> bound)
    {
        using var cipher = new SealedCipher(_wrapKey);
        return cipher.Seal(dataKey, bound);
    }

    /// <summary>The data key, which the caller clears; null where the wrapping is not ours.</summary>
    internal byte[]? Unwrap(ReadOnlySpan<byte> wrapped, ReadOnlySpan<byte> bound)
    {
        using var cipher = new SealedCipher(_wrapKey);
        return cipher.TryOpen(wrapped, bound);
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_verifier);
        CryptographicOperations.ZeroMemory(_macKey);
        CryptographicOperations.ZeroMemory(_wrapKey);
    }

    private static byte[] Expand(ReadOnlySpan<byte> key, string purpose)
    {
        byte[] expanded = new byte[Length];
        HKDF.Expand(HashAlgorithmName.SHA256, key, expanded, Info(purpose));
        return expanded;
    }

    private static byte[] Info(string purpose) => Encoding.ASCII.GetBytes(SealedFileFormat.FirstLine + " " + purpose);
}
