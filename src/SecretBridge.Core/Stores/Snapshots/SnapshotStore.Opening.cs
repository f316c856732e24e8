using System.Buffers.Binary;
using SecretBridge.Reporting;
using SecretBridge.Stores.Sealed;

namespace SecretBridge.Stores.Snapshots;

public sealed partial class SnapshotStore
{
    /// <summary>Opens a snapshot: reads its beginning and its end. Each part between them is checked as it is read.</summary>
    /// <exception cref="BridgeException">The file is not there, is open to others, is damaged, or has another key.</exception>
    public static Task<SnapshotStore> OpenAsync(SnapshotFileOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return Task.Run(() => Open(options), cancellationToken);
    }

    private static SnapshotStore Open(SnapshotFileOptions options)
    {
        var place = SealedFilePlace.Find(options.Path);
        if (!place.Exists)
        {
            throw SealedFileFault.Failed(place.Path, $"There is no snapshot '{place.Path}'. Export-SecretSnapshot makes one.");
        }

        FileStream stream = place.OpenPrivate("snapshot");
        SnapshotCipher? cipher = null;
        try
        {
            byte[] start = new byte[Math.Min(SnapshotFormat.MostHead, stream.Length)];
            SnapshotFrame.ReadExactly(stream.SafeFileHandle, start, 0, place.Path);
            SnapshotProof proof = SnapshotHead.Parse(start, place.Path);
            long footerAt = FooterOffset(stream, proof.Length, place.Path);
            using (var kek = SealedKek.Derive(options.Credential, proof.Header.Kdf, place.Path))
            {
                cipher = proof.Open(kek, place.Path);
            }

            SnapshotFooter footer = Footer(stream, cipher, footerAt, place.Path);
            SnapshotIndex index = Index(stream, cipher, footer, proof.Length, place.Path);
            return new(place.Path, proof.Header.Id, stream, cipher, new(stream.SafeFileHandle, cipher, index, footer, place.Path), footer.Facts);
        }
        catch
        {
            cipher?.Dispose();
            stream.Dispose();
            throw;
        }
    }

    private static long FooterOffset(FileStream stream, int from, string path)
    {
        byte[] trailer = new byte[SnapshotFormat.TrailerLength];
        long end = stream.Length - trailer.Length;
        if (end >= from)
        {
            SnapshotFrame.ReadExactly(stream.SafeFileHandle, trailer, end, path);
        }

        return end >= from && trailer.AsSpan(8).SequenceEqual(SnapshotFormat.EndMark)
            ? BinaryPrimitives.ReadInt64LittleEndian(trailer)
            : throw SealedFileFault.Truncated(path, "its end mark is missing");
    }

    private static SnapshotFooter Footer(FileStream stream, SnapshotCipher cipher, long offset, string path)
    {
        long end = stream.Length - SnapshotFormat.TrailerLength;
        var frame = SnapshotFrame.Read(stream.SafeFileHandle, cipher, offset, end, path);
        if (frame.Kind != SnapshotFrameKind.Footer || frame.End != end)
        {
            throw SealedFileFault.Tampered(path, "what stands at its end is not its last part");
        }

        var footer = SnapshotFooter.Parse(frame.Plain, path);
        return footer.Offset == offset && footer.Frames + footer.IndexFrames == frame.Number
            ? footer
            : throw SealedFileFault.Tampered(path, "something was taken out of it or put into it");
    }

    private static SnapshotIndex Index(FileStream stream, SnapshotCipher cipher, SnapshotFooter footer, int headLength, string path)
    {
        var index = new SnapshotIndex();
        long offset = footer.IndexOffset;
        for (long number = footer.Frames; number < footer.Frames + footer.IndexFrames; number++)
        {
            var frame = SnapshotFrame.Read(stream.SafeFileHandle, cipher, offset, footer.Offset, path);
            if (frame.Kind != SnapshotFrameKind.Index || frame.Number != number)
            {
                throw SealedFileFault.Tampered(path, "its index is not where it was sealed");
            }

            Decode(index, frame.Plain, path);
            offset = frame.End;
        }

        bool isEmpty = footer is { Frames: 0, IndexOffset: var at } && at == headLength && index.Count == 0;
        bool isWhole = index.Count > 0 && index[0] is { Number: 0 } first && first.Offset == headLength && index[index.Count - 1].Number < footer.Frames;
        return offset == footer.Offset && (isEmpty || isWhole)
            ? index
            : throw SealedFileFault.Tampered(path, "its index does not lead to all of its parts");
    }

    private static void Decode(SnapshotIndex index, byte[] part, string path)
    {
        try
        {
            index.Decode(part);
        }
        catch (FormatException)
        {
            throw SealedFileFault.Damaged(path, "its index is not of this format, though it was sealed with the right key");
        }
    }
}
