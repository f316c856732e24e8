using System.Globalization;
using System.Text;

namespace SecretBridge.DevVault;

/// <summary>
/// The request target as the client wrote it, decoded once. ASP.NET's own path cannot tell x%2Fy from x%252Fy.
/// </summary>
internal readonly record struct RawTarget(string Path, string Query)
{
    public static RawTarget Parse(string target)
    {
        int scheme = target.StartsWith('/') ? -1 : target.IndexOf("://", StringComparison.Ordinal);
        if (scheme > 0)
        {
            int slash = target.IndexOf('/', scheme + 3);
            target = slash < 0 ? "/" : target[slash..];
        }
        int mark = target.IndexOf('?', StringComparison.Ordinal);
        return mark < 0
            ? new(Decode(target), "")
            : new(Decode(target[..mark]), target[(mark + 1)..]);
    }

    /// <summary>Where Go's router sends a path with empty or dot segments; null when the path is clean.</summary>
    public string? Cleaned()
    {
        if (!Path.Contains("//", StringComparison.Ordinal) && !Path.Contains("/.", StringComparison.Ordinal))
        {
            return null;
        }

        var kept = new List<string>();
        foreach (string segment in Path.Split('/'))
        {
            if (segment == "..")
            {
                kept.RemoveRange(Math.Max(0, kept.Count - 1), Math.Min(1, kept.Count));
            }
            else if (segment is not ("" or "."))
            {
                kept.Add(segment);
            }
        }
        string path = "/" + string.Join('/', kept);
        string cleaned = Path.EndsWith('/') && path != "/" ? path + "/" : path;
        return cleaned == Path ? null : Encode(cleaned) + (Query.Length > 0 ? "?" + Query : "");
    }

    /// <summary>Whether every rune is one that Go's unicode.IsPrint accepts; the server refuses other paths.</summary>
    public bool IsPrintable()
    {
        foreach (Rune rune in Path.EnumerateRunes())
        {
            if (rune.Value is >= ' ' and < 0x7f)
            {
                continue;
            }
            bool printable = Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
                or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
            if (!printable)
            {
                return false;
            }
        }
        return true;
    }

    private static string Decode(string path) => path.Contains('%', StringComparison.Ordinal) ? Uri.UnescapeDataString(path) : path;

    private static string Encode(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
}
