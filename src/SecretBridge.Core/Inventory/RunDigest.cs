using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace SecretBridge.Inventory;

/// <summary>
/// Tells whether two values are the same without keeping them: HMAC-SHA256 under a key that was drawn for this run, lives in memory
/// alone and is cleared at its end. Nothing that it gives means anything outside the run.
/// </summary>
internal sealed class RunDigest : IDisposable
{
    private readonly byte[] _key = GC.AllocateArray<byte>(32, pinned: true);

    internal RunDigest(Action<byte[]> fill) => fill(_key);

    /// <summary>The first 128 bits of a value's HMAC: two values that differ share them with a probability of 2^-128.</summary>
    internal readonly record struct Mark(ulong High, ulong Low);

    internal Mark Of(ReadOnlySpan<byte> value)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, value, hash);
        return MemoryMarshal.Read<Mark>(hash);
    }

    /// <summary>Whether two values are the same, in a time that does not depend on where their marks differ.</summary>
    internal static bool Equal(Mark one, Mark other) => ((one.High ^ other.High) | (one.Low ^ other.Low)) == 0;

    public void Dispose() => CryptographicOperations.ZeroMemory(_key);
}
