using System.Buffers;
using System.Globalization;
using System.IO.Enumeration;
using System.Text.Json;
using SecretBridge.Stores;

namespace SecretBridge.Inventory;

/// <summary>Goes through the keys and values of a payload, nested ones too. Values are given as UTF-8, in a buffer that is cleared afterwards.</summary>
/// <param name="names">Names of keys to keep to, with wildcards; what is below such a key belongs to it. None keeps all.</param>
internal sealed class PayloadLeaves(IReadOnlyList<string> names)
{
    /// <summary>One value that is no object and no list.</summary>
    /// <param name="key">Its key, below others with dots between.</param>
    /// <param name="type">Its type.</param>
    /// <param name="text">A string's characters, or the JSON of another value.</param>
    internal delegate void Visit(string key, JsonTokenType type, ReadOnlySpan<byte> text);

    /// <summary>Takes the UTF-8 of a text, which is cleared afterwards.</summary>
    internal delegate void Characters(ReadOnlySpan<byte> text);

    /// <summary>The keys whose names are kept.</summary>
    internal IReadOnlyList<string> Keys(SecretPayload payload)
    {
        var keys = new List<string>();
        Go(payload, keys, null);
        return keys;
    }

    /// <summary>Visits the values of the keys that are kept.</summary>
    internal void Values(SecretPayload payload, Visit visit) => Go(payload, null, visit);

    /// <summary>Gives the characters of the string that a reader stands on.</summary>
    internal static void Text(ref Utf8JsonReader reader, Characters take)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length);
        try
        {
            take(buffer.AsSpan(0, reader.CopyString(buffer)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    private void Go(SecretPayload payload, List<string>? keys, Visit? visit)
    {
        var reader = new Utf8JsonReader(payload.Json.Span, JsonIndex.Options);
        if (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            Members(ref reader, "", names.Count == 0, keys, visit);
        }
    }

    private void Members(ref Utf8JsonReader reader, string above, bool isKept, List<string>? keys, Visit? visit)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            string key = above.Length == 0 ? name : above + "." + name;
            bool isNamed = names.Any(glob => FileSystemName.MatchesSimpleExpression(glob, name) || FileSystemName.MatchesSimpleExpression(glob, key));
            if (isNamed || names.Count == 0)
            {
                keys?.Add(key);
            }

            reader.Read();
            Value(ref reader, key, isKept || isNamed, keys, visit);
        }
    }

    private void Value(ref Utf8JsonReader reader, string key, bool isKept, List<string>? keys, Visit? visit)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                Members(ref reader, key, isKept, keys, visit);
                break;
            case JsonTokenType.StartArray:
                for (int index = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
                {
                    Value(ref reader, string.Create(CultureInfo.InvariantCulture, $"{key}[{index}]"), isKept, keys, visit);
                }

                break;
            case JsonTokenType.String when isKept && visit is not null:
                Text(ref reader, text => visit(key, JsonTokenType.String, text));
                break;
            default:
                if (isKept)
                {
                    visit?.Invoke(key, reader.TokenType, reader.ValueSpan);
                }

                break;
        }
    }
}
