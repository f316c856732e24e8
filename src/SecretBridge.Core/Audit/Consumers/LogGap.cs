using System.Globalization;
using System.Text.RegularExpressions;

namespace SecretBridge.Audit.Consumers;

/// <summary>Whether rotated files of a folder lack one, as far as numbers in their names tell it.</summary>
internal static partial class LogGap
{
    /// <summary>The name of a file that is missing; null where none is known to be.</summary>
    internal static string? Find(IReadOnlyList<string> logs) => logs
        .SelectMany(path => Directory.Exists(path) ? Directory.GetFiles(path) : [path])
        .Select(Path.GetFullPath)
        .Select(file => (Folder: Path.GetDirectoryName(file), Match: Numbered().Match(Path.GetFileName(file))))
        .Where(found => found.Match.Success)
        .GroupBy(found => (found.Folder, Stem: found.Match.Groups[1].Value), found => int.Parse(found.Match.Groups[2].ValueSpan, CultureInfo.InvariantCulture))
        .Select(group => Missing(group.Key.Stem, group.ToHashSet()))
        .FirstOrDefault(missing => missing is not null);

    // Numbers count from 0 or 1, the newest first.
    private static string? Missing(string stem, HashSet<int> numbers)
    {
        int gap = Enumerable.Range(1, numbers.Max()).FirstOrDefault(number => !numbers.Contains(number));
        return gap == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{stem}.{gap}");
    }

    // Longer numbers are dates.
    [GeneratedRegex(@"^(.+)\.([0-9]{1,4})(\.gz)?$")]
    private static partial Regex Numbered();
}
