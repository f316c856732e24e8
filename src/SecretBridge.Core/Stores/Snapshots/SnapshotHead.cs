using System.Security.Cryptography;
using System.Text;
using SecretBridge.Reporting;
using SecretBridge.Stores.Sealed;

namespace SecretBridge.Stores.Snapshots;

/// <summary>The three lines at the beginning of an archive: what it is, its header, and the header's proof.</summary>
internal static class SnapshotHead
{
    /// <summary>Makes the head of a new archive, and the key of its frames.</summary>
    internal static (byte[] Head, SnapshotCipher Cipher, string Id) Make(SealedKek kek, string path)
    {
        string id = RandomNumberGenerator.GetHexString(32, lowercase: true);
        byte[] dataKey = RandomNumberGenerator.GetBytes(SealedFileFormat.KeyLength);
        try
        {
            var header = new SnapshotHeader
            {
                Id = id,
                Kdf = kek.Kdf,
                Verifier = kek.Verifier.ToArray(),
                Wrap = kek.Wrap(dataKey, SnapshotFormat.KeyBinding(id)),
            };
            byte[] text = [.. Encoding.ASCII.GetBytes(SnapshotFormat.FirstLine), (byte)'\n', .. header.ToLine(), (byte)'\n'];
            byte[] proven = [.. text, .. Encoding.ASCII.GetBytes(Convert.ToBase64String(kek.Mac(text)))];
            return ([.. proven, (byte)' ', .. Encoding.ASCII.GetBytes(SealedFileFormat.Sum(proven)), (byte)'\n'], new(dataKey, text, path), id);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(dataKey);
        }
    }

    /// <summary>Takes the head of an archive apart. Nothing here costs a derivation, so that damage is told before a passphrase is tried.</summary>
    /// <param name="start">The beginning of the file, of at most <see cref="SnapshotFormat.MostHead"/> bytes.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="BridgeException">It is damaged, cut off or too new.</exception>
    internal static SnapshotProof Parse(ReadOnlyMemory<byte> start, string path)
    {
        int first = LineEnd(start, 0, path);
        SealedFileFormat.CheckFirst(start.Span[..(first - 1)], SnapshotFormat.Name, path);
        int second = LineEnd(start, first, path);
        int third = LineEnd(start, second, path);
        ReadOnlySpan<byte> proof = start.Span[second..(third - 1)];
        int sumAt = proof.IndexOf((byte)' ');
        if (sumAt < 0 || !SealedFileFormat.HasSum(start.Span[..(second + sumAt)], proof[(sumAt + 1)..]))
        {
            throw SealedFileFault.Damaged(path, "the sum of its header does not fit");
        }

        var header = SnapshotHeader.Parse(start[first..(second - 1)], path);
        return SealedFileFormat.TryDecode(proof[..sumAt]) is { Length: SHA256.HashSizeInBytes } mac
            ? new(header, start[..second].ToArray(), mac, third)
            : throw SealedFileFault.Damaged(path, "its third line is not one of version 1");
    }

    private static int LineEnd(ReadOnlyMemory<byte> start, int from, string path) => start.Span[from..].IndexOf((byte)'\n') switch
    {
        >= 0 and var length => from + length + 1,
        _ when start.Length < SnapshotFormat.MostHead => throw SealedFileFault.Truncated(path, "its header is not whole"),
        _ => throw SealedFileFault.Damaged(path, "a line of its header is too long"),
    };
}
