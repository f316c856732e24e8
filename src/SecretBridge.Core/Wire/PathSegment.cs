using System.Buffers;
using System.Globalization;
using System.Text;
using SecretBridge.Reporting;

namespace SecretBridge.Wire;

/// <summary>One name of a path: which names can be sent at all, and how they are written in a URL.</summary>
internal static class PathSegment
{
    private static readonly SearchValues<char> Unreserved =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_~./");

    /// <summary>Why a name cannot be used; null where it can.</summary>
    public static string? Flaw(ReadOnlySpan<char> segment)
    {
        switch (segment)
        {
            case "":
                return "a name in it is empty";
            case "." or "..":
                // .NET and proxies collapse these even when escaped, and would reach another secret.
                return $"'{segment}' is not a name";
        }

        while (!segment.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(segment, out Rune rune, out int length) != OperationStatus.Done)
            {
                return "it holds half of a surrogate pair";
            }

            if (!IsPrintable(rune))
            {
                return $"it holds U+{rune.Value:X4}, which servers refuse as not printable";
            }

            segment = segment[length..];
        }

        return null;
    }

    /// <summary>Writes a path of unescaped names as the path of a URL, each name escaped by itself.</summary>
    /// <exception cref="BridgeException">A name in it cannot be sent (<see cref="FaultKind.InvalidPath"/>).</exception>
    public static string Encode(string path)
    {
        string[] segments = path.Split('/');
        foreach (string segment in segments)
        {
            if (Flaw(segment) is { } flaw)
            {
                throw new BridgeException(FaultKind.InvalidPath, path, $"The path '{Printable(path)}' cannot be used: {flaw}.");
            }
        }

        return path.AsSpan().IndexOfAnyExcept(Unreserved) < 0
            ? path
            : string.Join('/', segments.Select(Uri.EscapeDataString));
    }

    /// <summary>Text for a message: what could steer a terminal is replaced.</summary>
    public static string Printable(string text) =>
        string.Concat(text.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '\uFFFD' : c));

    // The server's rule is Go's unicode.IsPrint: letters, marks, numbers, punctuation, symbols and the ASCII space.
    private static bool IsPrintable(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator);
}
