using System.IO.Compression;
using SecretBridge.Reporting;

namespace SecretBridge.Audit;

/// <summary>Reads the lines of files of any size in constant memory; those whose name ends in <c>.gz</c> are unpacked on the way.</summary>
/// <remarks>
/// The thread that asks for lines reads them. Off Windows the runtime reads files no other way, only on another thread of the
/// pool, and each change of threads costs more than what is read.
/// </remarks>
internal static class LineReader
{
    /// <summary>The longest line that is read, in bytes.</summary>
    internal const int Longest = 16 << 20;

    private const int SmallChunk = 64 << 10;
    private const int LargeChunk = 1 << 20;

    /// <summary>Opens a file so that others may go on writing, renaming and deleting it.</summary>
    /// <exception cref="BridgeException">It cannot be read (<see cref="FaultKind.InvalidArgument"/>).</exception>
    internal static Stream Open(string path)
    {
        try
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1, FileOptions.SequentialScan);
            return IsPacked(path) ? new GZipStream(file, CompressionMode.Decompress) : file;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Refuse(path, exception);
        }
    }

    /// <summary>Whether a file is unpacked on the way, by its name.</summary>
    internal static bool IsPacked(string path) => path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Whether a packed file of which nothing came was cut off: one that truly holds nothing ends in a checksum and a length of
    /// nought. .NET takes the end of the file for the end of what is packed.
    /// </summary>
    internal static bool IsCutOff(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            byte[] end = new byte[8];
            if (file.Length < end.Length)
            {
                return true;
            }

            file.Seek(-end.Length, SeekOrigin.End);
            file.ReadExactly(end);
            return end.AsSpan().ContainsAnyExcept((byte)0);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    /// <summary>The lines of a stream; it is left open.</summary>
    internal static IEnumerable<TextLine> Read(Stream stream, string path, int longest, CancellationToken cancellationToken)
    {
        foreach (LineBlock block in Blocks(stream, path, longest, SmallChunk, cancellationToken))
        {
            long number = block.Number;
            ReadOnlyMemory<byte> rest = block.Text;
            if (block.IsTooLong)
            {
                yield return new(number, default, IsTooLong: true);
            }

            while (!rest.IsEmpty)
            {
                int feed = rest.Span.IndexOf((byte)'\n');
                yield return new(number++, feed < 0 ? rest : rest[..feed], IsTooLong: false);
                rest = feed < 0 ? default : rest[(feed + 1)..];
            }
        }
    }

    /// <summary>Goes past the first bytes of a stream; where it has fewer, to its end.</summary>
    /// <exception cref="BridgeException">It cannot be read (<see cref="FaultKind.InvalidArgument"/>).</exception>
    internal static void Skip(Stream stream, string path, long bytes, CancellationToken cancellationToken)
    {
        if (stream.CanSeek)
        {
            stream.Seek(bytes, SeekOrigin.Begin);
            return;
        }

        byte[] buffer = new byte[SmallChunk];
        int read = -1;
        for (long left = bytes; left > 0 && read != 0; left -= read)
        {
            read = Fill(stream, path, buffer.AsSpan(0, (int)Math.Min(left, buffer.Length)), cancellationToken);
        }
    }

    /// <summary>The lines of a stream, as many at once as were read; it is left open.</summary>
    internal static IEnumerable<LineBlock> ReadBlocks(Stream stream, string path, CancellationToken cancellationToken) =>
        Blocks(stream, path, Longest, LargeChunk, cancellationToken);

    private static IEnumerable<LineBlock> Blocks(Stream stream, string path, int longest, int chunk, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[chunk];
        int end = 0;
        long number = 1, left = 0;
        bool isTooLong = false;
        while (true)
        {
            int read = Fill(stream, path, buffer.AsSpan(end), cancellationToken);
            if (read == 0)
            {
                break;
            }

            int start = 0, seen = end;
            end += read;
            if (isTooLong)
            {
                int feed = buffer.AsSpan(0, end).IndexOf((byte)'\n');
                if (feed < 0)
                {
                    left += end;
                    end = 0;
                    continue;
                }

                yield return new(number++, default, left + feed + 1, IsTooLong: true);
                (isTooLong, start, seen, left) = (false, feed + 1, feed + 1, 0);
            }

            int last = buffer.AsSpan(seen, end - seen).LastIndexOf((byte)'\n');
            if (last >= 0)
            {
                int stop = seen + last + 1;
                var block = new LineBlock(number, buffer.AsMemory(start, stop - start), stop - start, IsTooLong: false);
                yield return block;
                number += block.Lines;
                start = stop;
            }

            isTooLong = end - start >= longest;
            left = isTooLong ? end - start : 0;
            end = isTooLong ? 0 : end - start;
            buffer.AsSpan(start, end).CopyTo(buffer);
            if (end == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }
        }

        if (isTooLong || end > 0)
        {
            yield return new(number, isTooLong ? default : buffer.AsMemory(0, end), left + end, isTooLong);
        }
    }

    private static int Fill(Stream stream, string path, Span<byte> buffer, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return stream.Read(buffer);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            throw Refuse(path, exception);
        }
    }

    private static BridgeException Refuse(string path, Exception exception) =>
        new(FaultKind.InvalidArgument, path, $"The file '{path}' cannot be read: {exception.Message}", exception);
}
