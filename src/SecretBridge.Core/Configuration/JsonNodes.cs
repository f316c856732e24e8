using System.Text;
using System.Text.Json;
using SecretBridge.Reporting;

namespace SecretBridge.Configuration;

/// <summary>Reads JSON into nodes. Such files are edited by hand: comments and trailing commas are taken.</summary>
internal static class JsonNodes
{
    private static readonly JsonReaderOptions Options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = 64 };

    /// <exception cref="BridgeException">It is not JSON (<see cref="FaultKind.InvalidConfiguration"/>). The parser's own words are not
    /// repeated: they hold what stands in the file, which may be a secret.</exception>
    internal static ConfigNode Read(ReadOnlySpan<byte> json, string file)
    {
        var reader = new Utf8JsonReader(json, Options);
        string expected = "a JSON object";
        try
        {
            reader.Read();
            ConfigNode node = Value(ref reader, json, file, ref expected);
            expected = "the end of the file";
            return reader.Read() ? throw FilePosition.Of(json, reader.TokenStartIndex).Refuse(file, "expected the end of the file") : node;
        }
        catch (JsonException exception)
        {
            FilePosition position = At(json, exception);
            bool isEnd = position == FilePosition.Of(json, json.Length);
            throw position.Refuse(file, isEnd ? $"the file ends where {expected} was expected" : $"expected {expected}");
        }
    }

    private static ConfigNode Value(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, string file, ref string expected)
    {
        var position = FilePosition.Of(json, reader.TokenStartIndex);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                return new(NodeKind.Object, position) { Members = Members(ref reader, json, file, ref expected) };
            case JsonTokenType.StartArray:
                expected = "a value or ]";
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    Value(ref reader, json, file, ref expected);
                    expected = "a comma or ]";
                }

                return new(NodeKind.List, position);
            case JsonTokenType.String:
                return new(NodeKind.Text, position) { Text = Characters(ref reader, position, file) };
            case JsonTokenType.Number:
                return new(NodeKind.Number, position) { Text = Encoding.UTF8.GetString(reader.ValueSpan) };
            case JsonTokenType.True or JsonTokenType.False:
                return new(NodeKind.Flag, position) { Text = reader.TokenType == JsonTokenType.True ? "true" : "false" };
            default:
                return new(NodeKind.Null, position);
        }
    }

    private static List<ConfigMember> Members(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, string file, ref string expected)
    {
        var members = new List<ConfigMember>();
        expected = "a field's name in double quotes or }";
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var position = FilePosition.Of(json, reader.TokenStartIndex);
            string name = Characters(ref reader, position, file);
            if (members.Exists(member => member.Name == name))
            {
                throw position.Refuse(file, $"expected each field once, and '{FieldName.Shown(name)}' is given twice");
            }

            expected = "a colon and a value: text in double quotes, a number, true, false, null, an object or a list";
            reader.Read();
            members.Add(new(name, position, Value(ref reader, json, file, ref expected)));
            expected = "a comma or }";
        }

        return members;
    }

    private static string Characters(ref Utf8JsonReader reader, FilePosition position, string file)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw position.Refuse(file, "expected text of whole characters, and this escapes half of one");
        }
    }

    private static FilePosition At(ReadOnlySpan<byte> json, JsonException exception)
    {
        int start = 0;
        for (long line = exception.LineNumber ?? 0; line > 0; line--)
        {
            start += json[start..].IndexOf((byte)'\n') + 1;
        }

        return FilePosition.Of(json, start + (exception.BytePositionInLine ?? 0));
    }
}
