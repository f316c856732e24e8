using SecretBridge.Reporting;

namespace SecretBridge.Audit.Consumers;

/// <summary>The files of a log, in the order of their first entries.</summary>
internal static class LogFiles
{
    private const int LongestFirstLine = 1 << 20;

    private static ReadOnlySpan<byte> Blank => "\r\n \t"u8;

    /// <summary>
    /// The files that paths mean, each with its first line: a file itself, of a folder all that lie in it. Two that begin with the
    /// same entry are copies, as while one is being packed, and are read once.
    /// </summary>
    /// <param name="paths">Files and folders.</param>
    /// <param name="withCopies">Whether copies are read too: one of them may be cut off, and nobody knows which.</param>
    /// <exception cref="BridgeException">A folder holds no file.</exception>
    internal static IReadOnlyList<(string File, byte[]? First)> Of(IReadOnlyList<string> paths, bool withCopies = false)
    {
        string[] files = paths.Select(Path.GetFullPath).SelectMany(path => Directory.Exists(path) ? In(path) : [path]).Distinct(StringComparer.Ordinal).ToArray();
        return files.Length < 2 ? [.. files.Select(file => (file, (byte[]?)null))] : files
            .Select((file, index) => (File: file, Index: index, First: FirstLine(file)))
            .Select(found => (found.File, found.Index, found.First, Time: TimeOf(found.First)))
            .GroupBy(found => withCopies || found.Time is null ? (object)found.Index : RequestKey.Of(found.First!))
            .Select(same => same.OrderBy(found => LineReader.IsPacked(found.File)).ThenByDescending(found => LengthOf(found.File)).First())
            .OrderBy(found => found.Time ?? DateTimeOffset.MaxValue).ThenBy(found => found.Index)
            .Select(found => (found.File, found.First))
            .ToArray();
    }

    /// <summary>Whether the first block of a file still begins with the line that it began with.</summary>
    internal static bool BeginsWith(in LineBlock block, byte[] first) =>
        block.IsTooLong || block.Text.Span.TrimStart(Blank).StartsWith(first.AsSpan().TrimStart(Blank));

    /// <summary>The first whole line of a file that is not blank, unpacked; null where there is none yet or it cannot be read.</summary>
    internal static byte[]? FirstLine(string file)
    {
        try
        {
            using Stream stream = LineReader.Open(file);
            byte[] buffer = new byte[4096];
            int start = 0, end = 0;
            while (end < LongestFirstLine)
            {
                if (end == buffer.Length)
                {
                    Array.Resize(ref buffer, buffer.Length * 4);
                }

                int read = stream.Read(buffer, end, buffer.Length - end);
                if (read == 0)
                {
                    break;
                }

                int seen = end;
                end += read;
                while (buffer.AsSpan(seen, end - seen).IndexOf((byte)'\n') is >= 0 and var feed)
                {
                    if (!buffer.AsSpan(start, seen + feed - start).Trim(Blank).IsEmpty)
                    {
                        return buffer[start..(seen + feed)];
                    }

                    start = seen = seen + feed + 1;
                }
            }

            return null;
        }
        catch (Exception exception) when (exception is BridgeException or IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static DateTimeOffset? TimeOf(byte[]? line) =>
        line is not null && VaultLogEntry.TryRead(line, since: null, out VaultLogEntry entry) ? entry.Time : null;

    private static long LengthOf(string file) => new FileInfo(file) is { Exists: true } info ? info.Length : 0;

    private static string[] In(string folder) =>
        Directory.GetFiles(folder).Order(StringComparer.Ordinal).ToArray() is { Length: > 0 } files ? files
        : throw new BridgeException(FaultKind.InvalidArgument, folder, $"The folder '{folder}' holds no file.");
}
