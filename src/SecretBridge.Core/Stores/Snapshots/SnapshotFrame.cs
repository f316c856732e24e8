using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using SecretBridge.Reporting;
using SecretBridge.Stores.Sealed;

namespace SecretBridge.Stores.Snapshots;

/// <summary>One sealed part of an archive.</summary>
/// <param name="Kind">What it holds.</param>
/// <param name="Number">Its place among the others, from 0.</param>
/// <param name="Plain">What it holds, in clear.</param>
/// <param name="End">Where the next one begins.</param>
internal readonly record struct SnapshotFrame(SnapshotFrameKind Kind, long Number, byte[] Plain, long End)
{
    private const int NumberAt = 1;
    private const int LengthAt = NumberAt + 8;
    private const int SumAt = LengthAt + 4;

    /// <returns>How long it has become.</returns>
    internal static int Write(Stream stream, SnapshotCipher cipher, SnapshotFrameKind kind, long number, ReadOnlySpan<byte> plain)
    {
        byte[] box = cipher.Seal(kind, number, plain);
        Span<byte> head = stackalloc byte[SnapshotFormat.FrameHead];
        head[0] = (byte)kind;
        BinaryPrimitives.WriteInt64LittleEndian(head[NumberAt..], number);
        BinaryPrimitives.WriteInt32LittleEndian(head[LengthAt..], box.Length);
        Sum(head[..SumAt], box, head[SumAt..]);
        stream.Write(head);
        stream.Write(box);
        return head.Length + box.Length;
    }

    /// <param name="file">The archive.</param>
    /// <param name="cipher">Its key.</param>
    /// <param name="offset">Where the frame begins.</param>
    /// <param name="limit">Where it must have ended.</param>
    /// <param name="path">The archive, for failures.</param>
    /// <exception cref="BridgeException">It is cut off, damaged, or was not sealed as what it says it is.</exception>
    internal static SnapshotFrame Read(SafeFileHandle file, SnapshotCipher cipher, long offset, long limit, string path)
    {
        Span<byte> head = stackalloc byte[SnapshotFormat.FrameHead];
        if (offset < 0 || offset > limit - head.Length)
        {
            throw SealedFileFault.Damaged(path, "a part begins where there is none");
        }

        ReadExactly(file, head, offset, path);
        int length = BinaryPrimitives.ReadInt32LittleEndian(head[LengthAt..]);
        if (length is < SealedCipher.Overhead or > SnapshotFormat.MostFrame + SealedCipher.Overhead || offset + head.Length > limit - length)
        {
            throw SealedFileFault.Damaged(path, "a part has an impossible length");
        }

        byte[] box = new byte[length];
        ReadExactly(file, box, offset + head.Length, path);
        Span<byte> sum = stackalloc byte[SealedFileFormat.SumLength];
        Sum(head[..SumAt], box, sum);
        if (!sum.SequenceEqual(head[SumAt..]))
        {
            throw SealedFileFault.Damaged(path, "the sum of a part does not fit");
        }

        var kind = (SnapshotFrameKind)head[0];
        long number = BinaryPrimitives.ReadInt64LittleEndian(head[NumberAt..]);
        return new(kind, number, cipher.Open(kind, number, box), offset + head.Length + length);
    }

    internal static void ReadExactly(SafeFileHandle file, Span<byte> into, long offset, string path)
    {
        try
        {
            while (!into.IsEmpty)
            {
                int read = RandomAccess.Read(file, into, offset);
                if (read == 0)
                {
                    throw SealedFileFault.Truncated(path, "it became shorter while it was read");
                }

                into = into[read..];
                offset += read;
            }
        }
        catch (ObjectDisposedException)
        {
            throw new BridgeException(FaultKind.SealedStoreLocked, path, $"The snapshot '{path}' was closed.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw SealedFileFault.Of(path, "read", exception);
        }
    }

    private static void Sum(ReadOnlySpan<byte> head, ReadOnlySpan<byte> box, Span<byte> sum)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(head);
        hash.AppendData(box);
        Span<byte> whole = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(whole);
        whole[..SealedFileFormat.SumLength].CopyTo(sum);
    }
}
