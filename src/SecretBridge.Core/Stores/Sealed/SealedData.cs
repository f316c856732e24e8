using System.Security.Cryptography;
using SecretBridge.Reporting;

namespace SecretBridge.Stores.Sealed;

/// <summary>An entry's payload: a box of the file that is opened when somebody asks, or one that was not saved so far.</summary>
internal sealed class SealedData
{
    private readonly SealedParts? _parts;
    private readonly byte[] _bytes;

    private SealedData(SealedParts? parts, byte[] bytes)
    {
        _parts = parts;
        _bytes = bytes;
    }

    /// <summary>What an entry holds that has only metadata.</summary>
    internal static SealedData None { get; } = new(null, []);

    internal static SealedData Of(SealedParts parts, byte[] box) => new(parts, box);

    internal static SealedData Of(SecretPayload payload) => new(null, payload.Json.ToArray());

    /// <summary>The payload in clear, in a copy of its own.</summary>
    /// <exception cref="BridgeException">The box is not what was sealed under this name.</exception>
    internal byte[] Open(string name) => _parts is null ? [.. _bytes] : _parts.OpenData(name, _bytes);

    /// <summary>Seals it with another key.</summary>
    internal (SealedData Data, byte[] Box) Reseal(string name, SealedParts parts)
    {
        byte[] plain = Open(name);
        try
        {
            byte[] box = parts.SealData(name, plain);
            return (Of(parts, box), box);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }
}
