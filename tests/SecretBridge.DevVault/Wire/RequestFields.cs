using System.Globalization;
using System.Text.Json;

namespace SecretBridge.DevVault;

/// <summary>The fields of a request, from its body or its query, read as leniently as the server reads them.</summary>
internal sealed class RequestFields(JsonElement? root, VaultFlavour flavour)
{
    private readonly JsonElement? _root = root is { ValueKind: JsonValueKind.Object } ? root : null;

    public static RequestFields None(VaultFlavour flavour) => new(null, flavour);

    public bool IsEmpty => _root is not { } root || !root.EnumerateObject().Any();

    public JsonElement Root => _root ?? default;

    public bool Has(string name) => _root is { } root && root.TryGetProperty(name, out _);

    public JsonElement? Get(string name) =>
        _root is { } root && root.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public RequestFields Object(string name) => new(Get(name), flavour);

    public string? Text(string name) => Get(name) is { } value ? TextOf(value) : null;

    public bool? Flag(string name) => Get(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { } value => TextOf(value) is "1" or "t" or "T" or "true" or "TRUE" or "True",
    };

    public int? Int(string name)
    {
        if (Get(name) is not { } value)
        {
            return null;
        }
        if (TryInt(value, out int number))
        {
            return number;
        }
        string text = TextOf(value);
        throw new RefusalException(Reply.Errors(400, flavour == VaultFlavour.Vault
            ? $"error converting input {text} for field \"{name}\": cannot parse '' as int: strconv.ParseInt: parsing \"{text}\": invalid syntax"
            : $"error converting input for field \"{name}\": '' cannot parse value as 'int': strconv.ParseInt: invalid syntax"));
    }

    /// <summary>Numbers, a number, or numbers as text, with the flavour's complaint about the first that is none.</summary>
    public IReadOnlyList<int>? Ints(string name)
    {
        if (Get(name) is not { } value)
        {
            return null;
        }
        JsonElement[] items = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [value];
        var numbers = new List<int>();
        for (int i = 0; i < items.Length; i++)
        {
            if (!TryInt(items[i], out int number))
            {
                string all = string.Join(' ', items.Select(TextOf));
                throw new RefusalException(flavour == VaultFlavour.Vault
                    ? Reply.Failure(500, $"error converting input [{all}] for field \"{name}\": 1 error(s) decoding:\n\n* cannot parse '[{i}]' as int: strconv.ParseInt: parsing \"{TextOf(items[i])}\": invalid syntax")
                    : Reply.Errors(400, $"Field validation failed: error converting input for field \"{name}\": decoding failed due to the following error(s):\n\n'[{i}]' cannot parse value as 'int': strconv.ParseInt: invalid syntax"));
            }
            numbers.Add(number);
        }
        return numbers;
    }

    public TimeSpan? Duration(string name)
    {
        if (Get(name) is not { } value)
        {
            return null;
        }
        string text = TextOf(value);
        return GoDuration.Parse(text, flavour, out string error) ?? throw new RefusalException(Reply.Errors(400, flavour == VaultFlavour.Vault
            ? $"error converting input {text} for field \"{name}\": {error}"
            : $"error converting input for field \"{name}\": {error}"));
    }

    /// <summary>A list, or text with commas.</summary>
    public IReadOnlyList<string>? Strings(string name) => Get(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Array } value => [.. value.EnumerateArray().Select(TextOf)],
        { } value => [.. TextOf(value).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)],
    };

    public Dictionary<string, string>? Map(string name) =>
        Get(name) is { ValueKind: JsonValueKind.Object } value
            ? value.EnumerateObject().ToDictionary(GoJson.Name, member => TextOf(member.Value), StringComparer.Ordinal)
            : null;

    public static bool TryInt(JsonElement value, out int number)
    {
        number = 0;
        return value.ValueKind switch
        {
            JsonValueKind.Number => value.TryGetInt32(out number) || Truncated(value, out number),
            JsonValueKind.String => TextOf(value) is "" || int.TryParse(TextOf(value), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number),
            JsonValueKind.True => (number = 1) == 1,
            JsonValueKind.False => true,
            _ => false,
        };
    }

    public static string TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => GoJson.Text(value),
        JsonValueKind.True => "1",
        JsonValueKind.False => "0",
        _ => value.GetRawText(),
    };

    private static bool Truncated(JsonElement value, out int number)
    {
        number = (int)Math.Clamp(value.GetDouble(), int.MinValue, int.MaxValue);
        return true;
    }
}
