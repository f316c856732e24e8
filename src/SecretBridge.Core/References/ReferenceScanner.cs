using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.References;

/// <summary>
/// Finds references in text by whole tokens, and says what each becomes. Only the part that has moved is replaced; what follows
/// it stays as it is spelt.
/// </summary>
internal sealed partial class ReferenceScanner(ReferenceMap map)
{
    private const string Quotes = "\"'`";
    private const string Ends = "\"'`<>)}];";

    /// <summary>What is found in a text and was not rewritten, and why: places, never contents.</summary>
    public List<(int Start, string Why)> Doubts { get; } = [];

    /// <summary>The references to rewrite, in their order.</summary>
    /// <param name="text">The text.</param>
    /// <param name="isValue">Whether the text is one value, as a JSON string is: its ends are those of a token.</param>
    public IEnumerable<FoundReference> Find(string text, bool isValue = false)
    {
        int next = 0;
        foreach (Match scheme in Scheme().Matches(text))
        {
            if (scheme.Index < next)
            {
                continue;
            }

            foreach ((int end, int shownEnd) in Candidates(text, scheme.Index, isValue))
            {
                if (Rewrite(text, scheme.Index, end, shownEnd) is { } found)
                {
                    next = end;
                    yield return found;
                    break;
                }

                if (IsReference(text[scheme.Index..end]))
                {
                    next = end;
                    break;
                }
            }
        }
    }

    /// <summary>
    /// Where a token may end: at the closing quote where it began with one, as names may hold spaces; else at the first character
    /// that ends one. What is shown of a token ends at the latter: the rest of a quoted text may be anything.
    /// </summary>
    private static IEnumerable<(int End, int ShownEnd)> Candidates(string text, int start, bool isValue)
    {
        int plain = start;
        while (plain < text.Length && !IsEnd(text, plain))
        {
            plain++;
        }

        int quoted = isValue && start == 0 ? text.Length
            : start > 0 && Quotes.Contains(text[start - 1], StringComparison.Ordinal) ? text.IndexOf(text[start - 1], start)
            : -1;
        if (quoted > plain && text.AsSpan(start, quoted - start).IndexOfAny('\n', '\r') < 0 && !Scheme().IsMatch(text[plain..quoted]))
        {
            yield return (quoted, plain);
        }

        yield return (plain, plain);
    }

    private static bool IsEnd(string text, int index)
    {
        char c = text[index];
        return char.IsWhiteSpace(c) || char.IsControl(c) || Ends.Contains(c, StringComparison.Ordinal)
            // A comma may be part of a name; one that ends a list's item has something else after it.
            || (c == ',' && (index + 1 == text.Length || char.IsWhiteSpace(text[index + 1]) || Ends.Contains(text[index + 1], StringComparison.Ordinal)
                || SchemeHere().IsMatch(text, index + 1)));
    }

    private FoundReference? Rewrite(string text, int start, int end, int shownEnd)
    {
        string token = text[start..end];
        if (!IsReference(token) || SecretReference.Parse(token) is not { Path.IsRoot: false } reference)
        {
            return null;
        }

        if (map.Find(reference, out bool isAmbiguous) is not { } move)
        {
            if (isAmbiguous)
            {
                Doubts.Add((start, "it names no connection, and copies from several lead to different places"));
            }

            return null;
        }

        if (move.IsRootNow(reference))
        {
            Doubts.Add((start, "it names a secret whose place is the root of a store now, and a root is no secret"));
            return null;
        }

        int moved = start + EndOfNames(token, move.From.Path.Segments.Count);
        string target = Written(move.Target(reference));
        string tail = text[moved..end];
        if (move.From.Path.IsRoot)
        {
            target += "/";
        }
        else if (move.To.Path.IsRoot && tail.StartsWith('/'))
        {
            moved++;
            tail = tail[1..];
        }

        string? note = null;
        int replacedEnd = moved;
        if (reference.Version is { } version)
        {
            // What follows the version is the key alone, so that all up to it is written anew.
            int question = tail.IndexOf('?', StringComparison.Ordinal);
            int hash = tail.IndexOf('#', StringComparison.Ordinal);
            int versionEnd = hash < 0 ? tail.Length : hash;
            bool isCopied = move.Given is { FromVersion: { } from, ToVersion: not null } && from == version;
            target += tail[..question] + (isCopied ? string.Create(CultureInfo.InvariantCulture, $"?version={move.Given.ToVersion}") : "");
            replacedEnd = moved + versionEnd;
            note = isCopied ? null : $"The pinned version {version} is one of the old place and was left out: the latest is meant now.";
        }

        if (text.AsSpan(start, replacedEnd - start).SequenceEqual(target))
        {
            return null;
        }

        int shown = Math.Max(shownEnd, replacedEnd);
        return new(start, replacedEnd - start, target, text[start..shown], target + text[replacedEnd..shown], note);
    }

    /// <summary>Where the first names of a token end, past its scheme and connection.</summary>
    private static int EndOfNames(string token, int names)
    {
        int index = token.IndexOf("://", StringComparison.Ordinal) + 3;
        if (names == 0)
        {
            return index;
        }

        for (int count = 0; index < token.Length; index++)
        {
            if (token[index] is '?' or '#' || (token[index] == '/' && ++count == names))
            {
                break;
            }
        }

        return index;
    }

    // Escapes whatever could end a token where it is written; a reader decodes it.
    private static string Written(SecretReference target)
    {
        var text = new StringBuilder();
        foreach (Rune rune in target.ToString().EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune) || Rune.IsControl(rune) || (rune.IsAscii && "\"'`<>()[]{};|&,\\$*!^".Contains((char)rune.Value, StringComparison.Ordinal)))
            {
                foreach (byte part in Encoding.UTF8.GetBytes(rune.ToString()))
                {
                    text.Append(CultureInfo.InvariantCulture, $"%{part:X2}");
                }
            }
            else
            {
                text.Append(rune.ToString());
            }
        }

        return text.ToString();
    }

    private static bool IsReference(string token)
    {
        try
        {
            SecretReference.Parse(token);
            return true;
        }
        catch (BridgeException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"(?<![A-Za-z0-9+.\-_%])(?:vault|builtin|scaivault)://", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Scheme();

    [GeneratedRegex(@"\G(?:vault|builtin|scaivault)://", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SchemeHere();
}
