using System.Security.Cryptography;

namespace SecretBridge.Stores.Sealed;

/// <summary>AES-256-GCM with a random nonce: what it seals is nonce, ciphertext and tag in one.</summary>
internal sealed class SealedCipher(ReadOnlySpan<byte> key) : IDisposable
{
    internal const int NonceLength = 12;
    internal const int TagLength = 16;
    internal const int Overhead = NonceLength + TagLength;

    private readonly AesGcm _aes = new(key, TagLength);
    private readonly object _gate = new();

    internal byte[] Seal(ReadOnlySpan<byte> plain, ReadOnlySpan<byte> bound)
    {
        byte[] box = new byte[plain.Length + Overhead];
        Span<byte> nonce = box.AsSpan(0, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        lock (_gate)
        {
            _aes.Encrypt(nonce, plain, box.AsSpan(NonceLength, plain.Length), box.AsSpan(NonceLength + plain.Length), bound);
        }

        return box;
    }

    /// <summary>What was sealed with this key and bound to the same; else null.</summary>
    internal byte[]? TryOpen(ReadOnlySpan<byte> box, ReadOnlySpan<byte> bound)
    {
        if (box.Length < Overhead)
        {
            return null;
        }

        byte[] plain = new byte[box.Length - Overhead];
        try
        {
            lock (_gate)
            {
                _aes.Decrypt(box[..NonceLength], box[NonceLength..^TagLength], box[^TagLength..], plain, bound);
            }

            return plain;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _aes.Dispose();
        }
    }
}
