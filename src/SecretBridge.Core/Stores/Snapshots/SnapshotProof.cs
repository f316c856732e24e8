using System.Security.Cryptography;
using SecretBridge.Reporting;
using SecretBridge.Stores.Sealed;

namespace SecretBridge.Stores.Snapshots;

/// <summary>A head that is not damaged, and still to be proven with its key.</summary>
/// <param name="Header">What it says.</param>
/// <param name="Text">The first two lines.</param>
/// <param name="Mac">The mark that they bear.</param>
/// <param name="Length">How long the head is.</param>
internal sealed record SnapshotProof(SnapshotHeader Header, byte[] Text, byte[] Mac, int Length)
{
    /// <summary>The key of the frames.</summary>
    /// <exception cref="BridgeException">The key is another one, or somebody without the key changed the head.</exception>
    internal SnapshotCipher Open(SealedKek kek, string path)
    {
        if (!CryptographicOperations.FixedTimeEquals(kek.Verifier, Header.Verifier))
        {
            throw SealedFileFault.WrongKey(path, Header.Kdf.Kind);
        }

        if (!CryptographicOperations.FixedTimeEquals(kek.Mac(Text), Mac))
        {
            throw SealedFileFault.Tampered(path, "its header does not bear the mark of its key");
        }

        byte[] dataKey = kek.Unwrap(Header.Wrap, SnapshotFormat.KeyBinding(Header.Id))
            ?? throw SealedFileFault.Tampered(path, "its data key was not wrapped with its key");
        try
        {
            return new(dataKey, Text, path);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(dataKey);
        }
    }
}
