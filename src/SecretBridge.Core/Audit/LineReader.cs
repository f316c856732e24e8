using System.IO.Compression;
using System.Runtime.CompilerServices;
using SecretBridge.Reporting;

namespace SecretBridge.Audit;

/// <summary>Reads the lines of files of any size in constant memory; those whose name ends in <c>.gz</c> are unpacked on the way.</summary>
internal static class LineReader
{
    /// <summary>The longest line that is read, in bytes.</summary>
    internal const int Longest = 16 << 20;

    private const int Chunk = 64 << 10;

    /// <summary>Opens a file so that others may go on writing, renaming and deleting it.</summary>
    /// <exception cref="BridgeException">It cannot be read (<see cref="FaultKind.InvalidArgument"/>).</exception>
    internal static Stream Open(string path)
    {
        try
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1, FileOptions.Asynchronous | FileOptions.SequentialScan);
            return path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Refuse(path, exception);
        }
    }

    /// <summary>The lines of a stream; it is left open.</summary>
    internal static async IAsyncEnumerable<TextLine> ReadAsync(
        Stream stream, string path, int longest, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[Chunk];
        int start = 0, seen = 0, end = 0;
        long number = 0;
        bool isTooLong = false;
        while (true)
        {
            int feed = buffer.AsSpan(seen, end - seen).IndexOf((byte)'\n');
            if (feed >= 0)
            {
                number++;
                yield return new(number, isTooLong ? default : buffer.AsMemory(start, seen + feed - start), isTooLong);
                isTooLong = false;
                start = seen = seen + feed + 1;
                continue;
            }

            isTooLong |= end - start >= longest;
            start = isTooLong ? end : start;
            if (start > 0)
            {
                buffer.AsSpan(start, end - start).CopyTo(buffer);
                (start, end) = (0, end - start);
            }

            seen = end;
            if (end == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }

            int read = await FillAsync(stream, path, buffer.AsMemory(end), cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                break;
            }

            end += read;
        }

        if (isTooLong || end > 0)
        {
            yield return new(number + 1, isTooLong ? default : buffer.AsMemory(0, end), isTooLong);
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
