using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace SecretBridge.Wire;

/// <summary>The members of a small JSON object by name, read leniently: a member of another type than expected is as if absent.</summary>
internal sealed class JsonFields
{
    private readonly Dictionary<string, ReadOnlyMemory<byte>> _members = new(StringComparer.Ordinal);

    public static JsonFields Empty { get; } = new();

    public IEnumerable<string> Names => _members.Keys;

    public static JsonFields Of(ReadOnlyMemory<byte> json)
    {
        var fields = new JsonFields();
        var reader = new Utf8JsonReader(json.Span, ReplyEnvelope.Options);
        if (json.IsEmpty || !reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return fields;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            int start = (int)reader.TokenStartIndex;
            reader.Skip();
            fields._members[name] = json[start..(int)reader.BytesConsumed];
        }

        return fields;
    }

    public bool Has(string name) => _members.ContainsKey(name);

    public ReadOnlyMemory<byte> Raw(string name) => _members.GetValueOrDefault(name);

    public JsonFields Object(string name) => Of(Raw(name));

    public string? Text(string name) => Value(name, JsonTokenType.String) is { IsEmpty: false } json ? Read(json) : null;

    public bool Flag(string name) => Raw(name).Span.SequenceEqual("true"u8);

    public long? Number(string name)
    {
        ReadOnlySpan<byte> json = Value(name, JsonTokenType.Number).Span;
        return Utf8Parser.TryParse(json, out long integer, out int used) && used == json.Length ? integer
            : double.TryParse(json, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? (long)number
            : null;
    }

    public DateTimeOffset? Time(string name) => Text(name) is { Length: > 0 } text
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset time)
            ? time
            : null;

    public IReadOnlyList<string> Strings(string name)
    {
        var strings = new List<string>();
        var reader = new Utf8JsonReader(Raw(name).Span, ReplyEnvelope.Options);
        if (Raw(name).IsEmpty || !reader.Read() || reader.TokenType != JsonTokenType.StartArray)
        {
            return strings;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.String)
            {
                strings.Add(reader.GetString()!);
            }

            reader.Skip();
        }

        return strings;
    }

    public IReadOnlyDictionary<string, string> Map(string name)
    {
        JsonFields fields = Object(name);
        return fields.Names.Where(key => fields.Text(key) is not null).ToDictionary(key => key, key => fields.Text(key)!, StringComparer.Ordinal);
    }

    /// <summary>Every member as text: a string's characters, the JSON of anything else. A null is left out.</summary>
    public IReadOnlyDictionary<string, string> Texts() => _members
        .Where(member => !member.Value.Span.SequenceEqual("null"u8))
        .ToDictionary(member => member.Key, member => Text(member.Key) ?? Encoding.UTF8.GetString(member.Value.Span), StringComparer.Ordinal);

    private static string Read(ReadOnlyMemory<byte> json)
    {
        var reader = new Utf8JsonReader(json.Span);
        reader.Read();
        return reader.GetString()!;
    }

    private ReadOnlyMemory<byte> Value(string name, JsonTokenType type)
    {
        ReadOnlyMemory<byte> json = Raw(name);
        if (json.IsEmpty)
        {
            return default;
        }

        var reader = new Utf8JsonReader(json.Span, ReplyEnvelope.Options);
        reader.Read();
        return reader.TokenType == type ? json : default;
    }
}
