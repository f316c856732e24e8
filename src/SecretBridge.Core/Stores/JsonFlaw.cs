using System.Text.Json;

namespace SecretBridge.Stores;

/// <summary>Finds what would not survive a server in JSON that a user gives.</summary>
internal static class JsonFlaw
{
    /// <summary>What is wrong, in words that hold no value; null where nothing is.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    internal static string? Find(ReadOnlySpan<byte> json)
    {
        var names = new Stack<HashSet<string>>();
        var reader = new Utf8JsonReader(json, JsonIndex.Options);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return "it is not a JSON object";
        }

        do
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    names.Push(new(StringComparer.Ordinal));
                    break;
                case JsonTokenType.EndObject:
                    names.Pop();
                    break;
                case JsonTokenType.String when !IsWellFormed(ref reader):
                    return "a value holds half of a surrogate pair or bytes that are not UTF-8, which servers silently replace";
                case JsonTokenType.PropertyName when !IsWellFormed(ref reader):
                    return "a key holds half of a surrogate pair or bytes that are not UTF-8, which servers silently replace";
                case JsonTokenType.PropertyName when !names.Peek().Add(reader.GetString()!):
                    return $"the key '{reader.GetString()}' stands in it twice";
            }
        }
        while (reader.Read());

        return null;
    }

    private static bool IsWellFormed(ref Utf8JsonReader reader)
    {
        try
        {
            // Unescaping fails on half a surrogate pair, decoding on bytes that are not UTF-8.
            _ = reader.GetString();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
