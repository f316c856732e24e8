using System.Globalization;
using System.Text;

namespace SecretBridge.Stores;

/// <summary>What servers take for custom metadata.</summary>
internal static class MetadataLimits
{
    internal const int MostKeys = 64;
    internal const int LongestKey = 128;
    internal const int LongestValue = 512;

    /// <summary>Why no server would take these pairs; null where one would. Names keys, never values.</summary>
    internal static string? WhyNotHold(IReadOnlyDictionary<string, string> custom) => custom.Count > MostKeys
        ? string.Create(CultureInfo.InvariantCulture, $"it would have {custom.Count} keys of custom metadata, and {MostKeys} are the most")
        : custom.Select(pair => Flaw(pair.Key, pair.Value)).FirstOrDefault(flaw => flaw is not null);

    private static string? Flaw(string key, string value)
    {
        string? flaw = Flaw(key, LongestKey);
        return flaw is not null ? $"a key of its custom metadata {flaw}"
            : Flaw(value, LongestValue) is { } other ? $"the custom metadata '{key}' {other}"
            : null;
    }

    private static string? Flaw(string text, int most) => text.Length == 0 ? "is empty"
        : Encoding.UTF8.GetByteCount(text) > most ? string.Create(CultureInfo.InvariantCulture, $"is longer than {most} bytes")
        : text.EnumerateRunes().All(IsPrintable) ? null
        : "holds characters that cannot be printed";

    // As Go's unicode.IsPrint: of all spaces only the plain one.
    private static bool IsPrintable(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
