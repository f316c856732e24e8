using System.Text.Json;
using SecretBridge.Stores;

namespace SecretBridge.Profiles;

/// <summary>
/// Replaces secrets in lines of output. It knows them as they are, line by line, without the blanks around them that a shell drops, and
/// where they are JSON each text and number in them; not in any encoding.
/// </summary>
internal sealed class OutputMask
{
    // Anything shorter stands in ordinary words, so that masking it would only spoil them.
    private const int Shortest = 6;

    private readonly string[] _lines;

    internal OutputMask(IEnumerable<string> secrets) =>
        _lines = secrets.SelectMany(secret => Leaves(secret).Prepend(secret))
            .SelectMany(secret => secret.Split('\n', '\r'))
            .Select(line => line.Trim())
            .Where(line => line.Length >= Shortest)
            .Distinct(StringComparer.Ordinal)
            .OrderByDescending(line => line.Length)
            .ToArray();

    internal string Apply(string line)
    {
        foreach (string secret in _lines)
        {
            line = line.Replace(secret, SealedValue.Mask, StringComparison.Ordinal);
        }

        return line;
    }

    private static string[] Leaves(string secret)
    {
        if (secret.AsSpan().TrimStart() is not ['{' or '[', ..])
        {
            return [];
        }

        try
        {
            using var json = JsonDocument.Parse(secret);
            return Leaves(json.RootElement).ToArray();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // It only begins like JSON, or holds what is no text.
            return [];
        }
    }

    private static IEnumerable<string> Leaves(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member => Leaves(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Leaves),
        JsonValueKind.String => [element.GetString()!],
        JsonValueKind.Number => [element.GetRawText()],
        _ => [],
    };
}
