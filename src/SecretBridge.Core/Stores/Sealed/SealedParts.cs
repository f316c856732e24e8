using System.Globalization;
using System.Security.Cryptography;

namespace SecretBridge.Stores.Sealed;

/// <summary>The data key of one generation of a file, and the header that all it seals is bound to.</summary>
internal sealed class SealedParts : IDisposable
{
    private readonly SealedCipher _cipher;
    private readonly byte[] _headerHash;
    private readonly string _path;

    /// <param name="dataKey">The key; it is not kept, and the caller clears it.</param>
    /// <param name="headerText">The first two lines of the file.</param>
    /// <param name="path">The file, for failures.</param>
    internal SealedParts(ReadOnlySpan<byte> dataKey, ReadOnlySpan<byte> headerText, string path)
    {
        _cipher = new(dataKey);
        _headerHash = SHA256.HashData(headerText);
        _path = path;
    }

    internal byte[] SealMetadata(int index, ReadOnlySpan<byte> plain) => _cipher.Seal(plain, Bound("meta", Number(index)));

    internal byte[] SealData(string name, ReadOnlySpan<byte> plain) => _cipher.Seal(plain, Bound("data", name));

    internal byte[] OpenMetadata(int index, ReadOnlySpan<byte> box) => Open(box, Bound("meta", Number(index)));

    internal byte[] OpenData(string name, ReadOnlySpan<byte> box) => Open(box, Bound("data", name));

    public void Dispose() => _cipher.Dispose();

    private byte[] Open(ReadOnlySpan<byte> box, byte[] bound)
    {
        try
        {
            return _cipher.TryOpen(box, bound) ?? throw SealedFileFault.Tampered(_path, "an entry was not sealed at its place in this file");
        }
        catch (ObjectDisposedException)
        {
            throw SealedFileFault.Closed(_path);
        }
    }

    private byte[] Bound(string kind, string which) => SealedFileFormat.PartBinding(kind, _headerHash, which);

    private static string Number(int index) => index.ToString(CultureInfo.InvariantCulture);
}
