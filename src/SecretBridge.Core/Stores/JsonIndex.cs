using System.Text.Json;
using SecretBridge.Wire;

namespace SecretBridge.Stores;

/// <summary>Where the members of a JSON object and the items of an array stand in its bytes.</summary>
internal static class JsonIndex
{
    // As deep as a reply may be: what was read can also be looked into.
    internal static readonly JsonReaderOptions Options = ReplyEnvelope.Options;

    /// <summary>The members of an object in their order. Of a repeated name the last one counts, as for Go servers.</summary>
    internal static Dictionary<string, Range> Members(ReadOnlySpan<byte> json)
    {
        var members = new Dictionary<string, Range>(StringComparer.Ordinal);
        var reader = new Utf8JsonReader(json, Options);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            members[name] = Skip(ref reader);
        }

        return members;
    }

    /// <summary>The items of an array.</summary>
    internal static List<Range> Items(ReadOnlySpan<byte> json)
    {
        var items = new List<Range>();
        var reader = new Utf8JsonReader(json, Options);
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            items.Add(Skip(ref reader));
        }

        return items;
    }

    private static Range Skip(ref Utf8JsonReader reader)
    {
        int start = (int)reader.TokenStartIndex;
        reader.Skip();
        return start..(int)reader.BytesConsumed;
    }
}
