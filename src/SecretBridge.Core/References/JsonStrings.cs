using System.Text;
using System.Text.Json;
using SecretBridge.Reporting;

namespace SecretBridge.References;

/// <summary>Finds the strings of a JSON text where they stand, with comments and commas at the end allowed. Nothing else is touched.</summary>
internal static class JsonStrings
{
    private static readonly JsonReaderOptions Options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = 512 };

    /// <summary>The places of all strings, names of members too, between their quotes, in characters.</summary>
    /// <exception cref="BridgeException">It is not JSON (<see cref="FaultKind.InvalidConfiguration"/>); the message says where, never what.</exception>
    public static IReadOnlyList<(int Start, int Length)> Find(string text, string file)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        var found = new List<(int Start, int Length)>();
        int bytes = 0, characters = 0;
        var reader = new Utf8JsonReader(utf8, Options);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
                {
                    int start = (int)reader.TokenStartIndex + 1;
                    characters += Encoding.UTF8.GetCharCount(utf8, bytes, start - bytes);
                    int length = Encoding.UTF8.GetCharCount(utf8, start, reader.ValueSpan.Length);
                    found.Add((characters, length));
                    bytes = start + reader.ValueSpan.Length;
                    characters += length;
                }
            }
        }
        catch (JsonException exception)
        {
            throw NotJson(utf8, file, exception);
        }

        return found;
    }

    /// <summary>The text of a string, and where each of its characters is spelt; one more place tells the end.</summary>
    public static (string Value, int[] Places) Decode(string text, int start, int length)
    {
        var value = new StringBuilder(length);
        var places = new List<int>(length + 1);
        for (int index = start; index < start + length;)
        {
            places.Add(index);
            if (text[index] != '\\')
            {
                value.Append(text[index++]);
                continue;
            }

            char kind = text[index + 1];
            value.Append(kind switch
            {
                'u' => (char)Convert.ToUInt16(text.Substring(index + 2, 4), 16),
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'b' => '\b',
                'f' => '\f',
                _ => kind,
            });
            index += kind == 'u' ? 6 : 2;
        }

        places.Add(start + length);
        return (value.ToString(), places.ToArray());
    }

    // Its own message may repeat what stands there.
    private static BridgeException NotJson(byte[] utf8, string file, JsonException exception)
    {
        long line = exception.LineNumber ?? 0;
        int lineStart = 0;
        for (long passed = 0; passed < line; passed++)
        {
            lineStart += utf8.AsSpan(lineStart).IndexOf((byte)'\n') + 1;
        }

        int length = (int)Math.Min(exception.BytePositionInLine ?? 0, utf8.Length - lineStart);
        return new(FaultKind.InvalidConfiguration, file,
            $"'{file}' is not JSON: line {line + 1}, column {Encoding.UTF8.GetCharCount(utf8, lineStart, length) + 1}. Nothing in it was rewritten.");
    }
}
