using System.Text;
using System.Text.Json;

namespace SecretBridge.DevVault;

/// <summary>From a body's bytes or a query to fields.</summary>
internal static class RequestParser
{
    private const int MaxStrings = 1000;

    private static readonly Reply NotJson = Reply.Errors(400, "error parsing JSON");

    public static RequestFields Body(ReadOnlySpan<byte> body, string? contentType, VaultFlavour flavour)
    {
        if (body.IsEmpty)
        {
            return RequestFields.None(flavour);
        }
        if (IsForm(body, contentType))
        {
            return Query(Encoding.UTF8.GetString(body), flavour);
        }

        try
        {
            if (flavour == VaultFlavour.OpenBao)
            {
                RefuseTooManyStrings(body);
            }
            var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 512 });
            JsonElement root = JsonElement.ParseValue(ref reader);
            bool complete = root.ValueKind is JsonValueKind.Object or JsonValueKind.Null;

            // Vault reads one value and looks no further; OpenBao wants the body to end there.
            bool ends = flavour == VaultFlavour.Vault || body[(int)reader.BytesConsumed..].IndexOfAnyExcept(" \t\r\n"u8) < 0;
            return complete && ends ? new RequestFields(root, flavour) : throw new RefusalException(NotJson);
        }
        catch (JsonException)
        {
            throw new RefusalException(NotJson);
        }
    }

    public static RequestFields Query(string query, VaultFlavour flavour)
    {
        if (query.Length == 0)
        {
            return RequestFields.None(flavour);
        }

        var values = new JsonMap();
        foreach (string part in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] pair = part.Split('=', 2);
            string name = Unescape(pair[0]), value = pair.Length > 1 ? Unescape(pair[1]) : "";
            values[name] = values.TryGetValue(name, out object? before)
                ? before is List<string> several ? [.. several, value] : new List<string> { (string)before!, value }
                : value;
        }
        return new RequestFields(GoJson.Parse(GoJson.Serialize(values)), flavour);
    }

    private static string Unescape(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    private static bool IsForm(ReadOnlySpan<byte> body, string? contentType) =>
        contentType is not null
        && contentType.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase)
        && body[0] is not ((byte)'{' or (byte)'[');

    private static void RefuseTooManyStrings(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 512 });
        int strings = 0;
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && ++strings > MaxStrings)
            {
                throw new RefusalException(Reply.Errors(400, "refused JSON input due to high complexity: exceeded maximum number of strings"));
            }
        }
    }
}
