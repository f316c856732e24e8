using SecretBridge.Reporting;

namespace SecretBridge.Audit.Consumers;

/// <summary>The files of a log, in the order of their first entries.</summary>
internal static class LogFiles
{
    private const int LongestFirstLine = 1 << 20;

    /// <summary>
    /// The files that paths mean: a file itself, of a folder all that lie in it. Two that begin with the same entry are copies, as
    /// while one is being packed, and are read once.
    /// </summary>
    /// <exception cref="BridgeException">A folder holds no file.</exception>
    internal static IReadOnlyList<string> Of(IReadOnlyList<string> paths)
    {
        string[] files = paths.Select(Path.GetFullPath).SelectMany(path => Directory.Exists(path) ? In(path) : [path]).Distinct(StringComparer.Ordinal).ToArray();
        return files.Length < 2 ? files : files
            .Select((file, index) => (File: file, Index: index, First: FirstLine(file)))
            .GroupBy(found => found.First is null ? (object)found.Index : RequestKey.Of(found.First))
            .Select(same => same.OrderBy(found => LineReader.IsPacked(found.File)).ThenByDescending(found => LengthOf(found.File)).First())
            .OrderBy(found => TimeOf(found.First) ?? DateTimeOffset.MaxValue).ThenBy(found => found.Index)
            .Select(found => found.File)
            .ToArray();
    }

    /// <summary>The first whole line of a file, unpacked; null where there is none yet or it cannot be read.</summary>
    internal static byte[]? FirstLine(string file)
    {
        try
        {
            using Stream stream = LineReader.Open(file);
            byte[] buffer = new byte[4096];
            int end = 0;
            while (end < LongestFirstLine)
            {
                if (end == buffer.Length)
                {
                    Array.Resize(ref buffer, buffer.Length * 4);
                }

                int read = stream.Read(buffer, end, buffer.Length - end);
                int feed = buffer.AsSpan(end, read).IndexOf((byte)'\n');
                if (feed >= 0)
                {
                    return buffer[..(end + feed)];
                }

                end += read;
                if (read == 0)
                {
                    break;
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
