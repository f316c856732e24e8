using System.Globalization;
using SecretBridge.Reporting;

namespace SecretBridge.Audit;

/// <summary>The files of one trail: the one that is written, and the rotated ones beside it, packed or not.</summary>
internal static class AuditFiles
{
    private const string Packed = ".gz";

    /// <summary>Moves each file to the next number, the written one to 1. What would come after the last is deleted.</summary>
    internal static void Rotate(string path, int keep)
    {
        foreach (string ending in (string[])["", Packed])
        {
            File.Delete(Numbered(path, keep) + ending);
            for (int number = keep - 1; number >= 1; number--)
            {
                Move(Numbered(path, number) + ending, Numbered(path, number + 1) + ending);
            }
        }

        Move(path, Numbered(path, 1));
    }

    /// <summary>
    /// Opens the files of a trail, the oldest first, all at once: one that is rotated while they are read would be missed.
    /// </summary>
    internal static IReadOnlyList<OpenedFile> Open(string path)
    {
        path = LineLock.Followed(path);
        using FileStream? guard = LineLock.TryTake(path);
        return OldestFirst(path).Select(OpenedFile.Open).ToArray();
    }

    /// <summary>The files of a trail that are there, the oldest first.</summary>
    internal static IReadOnlyList<string> OldestFirst(string path)
    {
        string folder = Path.GetDirectoryName(path) is { Length: > 0 } parent ? parent : ".";
        string prefix = Path.GetFileName(path) + ".";
        if (!Directory.Exists(folder))
        {
            return [];
        }

        List<string> files = Directory.EnumerateFiles(folder)
            .Select(file => (File: file, Number: NumberOf(Path.GetFileName(file), prefix)))
            .Where(found => found.Number is not null)
            .OrderByDescending(found => found.Number)
            .Select(found => found.File)
            .ToList();
        if (File.Exists(path))
        {
            files.Add(path);
        }

        return files;
    }

    private static int? NumberOf(string name, string prefix)
    {
        if (!name.StartsWith(prefix, StringComparison.Ordinal))
        {
            return null;
        }

        string rest = name[prefix.Length..];
        rest = rest.EndsWith(Packed, StringComparison.Ordinal) ? rest[..^Packed.Length] : rest;
        return int.TryParse(rest, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
    }

    private static void Move(string from, string to)
    {
        if (File.Exists(from))
        {
            File.Move(from, to, overwrite: true);
        }
    }

    private static string Numbered(string path, int number) => string.Create(CultureInfo.InvariantCulture, $"{path}.{number}");
}
