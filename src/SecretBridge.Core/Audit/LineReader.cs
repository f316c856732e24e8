using System.IO.Compression;
using System.Runtime.CompilerServices;
using SecretBridge.Reporting;

namespace SecretBridge.Audit;

/// <summary>Reads the lines of files of any size in constant memory; those whose name ends in <c>.gz</c> are unpacked on the way.</summary>
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
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1, FileOptions.Asynchronous | FileOptions.SequentialScan);
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
    internal static async IAsyncEnumerable<TextLine> ReadAsync(
        Stream stream, string path, int longest, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (LineBlock block in BlocksAsync(stream, path, longest, SmallChunk, cancellationToken).ConfigureAwait(false))
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
    internal static async Task SkipAsync(Stream stream, string path, long bytes, CancellationToken cancellationToken)
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
            read = await FillAsync(stream, path, buffer.AsMemory(0, (int)Math.Min(left, buffer.Length)), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The lines of a stream, as many at once as were read; it is left open.</summary>
    internal static IAsyncEnumerable<LineBlock> ReadBlocksAsync(Stream stream, string path, CancellationToken cancellationToken) =>
        BlocksAsync(stream, path, Longest, LargeChunk, cancellationToken);

    private static async IAsyncEnumerable<LineBlock> BlocksAsync(
        Stream stream, string path, int longest, int chunk, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[chunk];
        int end = 0;
        long number = 1, left = 0;
        bool isTooLong = false;
        while (true)
        {
            int read = await FillAsync(stream, path, buffer.AsMemory(end), cancellationToken).ConfigureAwait(false);
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

    private static async ValueTask<int> FillAsync(Stream stream, string path, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            throw Refuse(path, exception);
        }
    }

    private static BridgeException Refuse(string path, Exception exception) =>
        new(FaultKind.InvalidArgument, path, $"The file '{path}' cannot be read: {exception.Message}", exception);
}
