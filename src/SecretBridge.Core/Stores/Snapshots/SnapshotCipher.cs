using System.Security.Cryptography;
using SecretBridge.Reporting;
using SecretBridge.Stores.Sealed;

namespace SecretBridge.Stores.Snapshots;

/// <summary>Seals the frames of one archive, each for its place.</summary>
internal sealed class SnapshotCipher : IDisposable
{
    private readonly SealedCipher _cipher;
    private readonly byte[] _headerHash;
    private readonly string _path;

    /// <param name="dataKey">The key; it is not kept, and the caller clears it.</param>
    /// <param name="headerText">The first two lines of the archive.</param>
    /// <param name="path">The archive, for failures.</param>
    internal SnapshotCipher(ReadOnlySpan<byte> dataKey, ReadOnlySpan<byte> headerText, string path)
    {
        _cipher = new(dataKey);
        _headerHash = SHA256.HashData(headerText);
        _path = path;
    }

    internal byte[] Seal(SnapshotFrameKind kind, long number, ReadOnlySpan<byte> plain) =>
        _cipher.Seal(plain, SnapshotFormat.FrameBinding(_headerHash, kind, number));

    /// <exception cref="BridgeException">It was not sealed as this, here (<see cref="FaultKind.SealedFileTampered"/>).</exception>
    internal byte[] Open(SnapshotFrameKind kind, long number, ReadOnlySpan<byte> box)
    {
        try
        {
            return _cipher.TryOpen(box, SnapshotFormat.FrameBinding(_headerHash, kind, number))
                ?? throw SealedFileFault.Tampered(_path, "a part was not sealed at its place in this file");
        }
        catch (ObjectDisposedException)
        {
            throw new BridgeException(FaultKind.SealedStoreLocked, _path, $"The snapshot '{_path}' was closed.");
        }
    }

    public void Dispose() => _cipher.Dispose();
}
