using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace SecretBridge.Wire;

/// <summary>Takes every known secret out of text that came from a server, before the text goes into a message.</summary>
internal static partial class SecretScrubber
{
    private const string Mask = "(sealed)";
    private const int LongestQuote = 300;

    /// <summary>Scrubs server text for a message.</summary>
    /// <param name="text">What the server said.</param>
    /// <param name="token">The token that was sent.</param>
    /// <param name="body">The body that was sent: all strings and numbers in it count as secret.</param>
    public static string Scrub(string text, SecretText? token, ReadOnlyMemory<byte> body)
    {
        IEnumerable<string> secrets = ValuesIn(body);
        if (token is not null)
        {
            secrets = secrets.Append(token.Reveal());
        }

        // The longest first, so that a secret that holds another one leaves nothing of itself behind.
        foreach (string secret in secrets.Distinct(StringComparer.Ordinal).OrderByDescending(secret => secret.Length))
        {
            text = Replace(text, secret);
        }

        // One line, so that no line of it can begin with a build server's command.
        text = string.Join(' ', PathSegment.Printable(text.Replace('\n', ' ').Replace('\t', ' ')).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return text.Length <= LongestQuote ? text : text[..LongestQuote] + "…";
    }

    /// <summary>Takes user and password out of every address in a text.</summary>
    public static string ScrubAddresses(string text) => UserInfo().Replace(text, "");

    [GeneratedRegex(@"(?<=//)[^/\s]*@", RegexOptions.CultureInvariant)]
    private static partial Regex UserInfo();

    private static string Replace(string text, string secret)
    {
        foreach (string form in new[] { secret, JsonEncodedText.Encode(secret).ToString(), Uri.EscapeDataString(secret) }.Distinct(StringComparer.Ordinal))
        {
            // Escapes are written with hexadecimal digits of either case.
            text = form.Length >= 4 ? text.Replace(form, Mask, StringComparison.OrdinalIgnoreCase) : ReplaceWord(text, form);
        }

        return text;
    }

    // A value such as "a" is no secret inside other words.
    private static string ReplaceWord(string text, string word)
    {
        if (word.Length == 0)
        {
            return text;
        }

        var result = new StringBuilder();
        int from = 0;
        for (int at = text.IndexOf(word, StringComparison.Ordinal); at >= 0; at = text.IndexOf(word, from, StringComparison.Ordinal))
        {
            int end = at + word.Length;
            bool isWord = (at == 0 || !char.IsLetterOrDigit(text[at - 1])) && (end == text.Length || !char.IsLetterOrDigit(text[end]));
            result.Append(text, from, at - from).Append(isWord ? Mask : word);
            from = end;
        }

        return result.Append(text, from, text.Length - from).ToString();
    }

    private static List<string> ValuesIn(ReadOnlyMemory<byte> body)
    {
        var values = new List<string>();
        var reader = new Utf8JsonReader(body.Span, ReplyEnvelope.Options);
        try
        {
            while (!body.IsEmpty && reader.Read())
            {
                if (reader.TokenType == JsonTokenType.String)
                {
                    values.Add(reader.GetString()!);
                }
                else if (reader.TokenType == JsonTokenType.Number && reader.ValueSpan.Length >= 4)
                {
                    values.Add(Encoding.UTF8.GetString(reader.ValueSpan));
                }
            }
        }
        catch (JsonException)
        {
            // Bodies are built here and are JSON; a value cut short would still be scrubbed as far as it was read.
        }

        return values;
    }
}
