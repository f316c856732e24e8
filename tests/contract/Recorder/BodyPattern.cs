using System.Text.Json;

namespace SecretBridge.Contract;

/// <summary>
/// Compares an answer with what was recorded: status, keys, kinds and every value that is the same in each run.
/// Differences name the place and never a value that could be a secret.
/// </summary>
public static class BodyPattern
{
    public static IReadOnlyList<string> Differences(ExchangeExpectation expected, Answer answer, Func<string, string> fill)
    {
        var differences = new List<string>();
        if (answer.Status != expected.Status)
        {
            differences.Add($"status is {answer.Status}, recorded was {expected.Status}: {Shorten(answer.Body)}");
        }
        foreach ((string name, string value) in expected.Headers ?? new Dictionary<string, string>())
        {
            string actual = answer.Headers.GetValueOrDefault(name, "");
            if (actual != fill(value))
            {
                differences.Add($"header {name} is '{actual}', recorded was '{fill(value)}'");
            }
        }
        if (expected.Data is { } data && !System.Text.Encoding.UTF8.GetString(answer.Body).Contains("\"data\":" + data, StringComparison.Ordinal))
        {
            differences.Add($"data does not begin with {data}: {Shorten(answer.Body)}");
        }
        if (differences.Count > 0 || expected.Body.ValueKind == JsonValueKind.Undefined)
        {
            return differences;
        }
        if (expected.Body.ValueKind == JsonValueKind.Null)
        {
            return answer.Body.Length == 0 ? [] : [$"the body is not empty: {Shorten(answer.Body)}"];
        }
        if (answer.Body.Length == 0)
        {
            return ["the body is empty"];
        }
        if (answer.Headers.GetValueOrDefault("Content-Type") != "application/json")
        {
            differences.Add($"Content-Type is {answer.Headers.GetValueOrDefault("Content-Type")}");
        }
        using JsonDocument document = JsonDocument.Parse(answer.Body);
        Compare("", expected.Body, document.RootElement, fill, differences);
        return differences;
    }

    private static void Compare(string at, JsonElement expected, JsonElement actual, Func<string, string> fill, List<string> differences)
    {
        string? wildcard = expected.ValueKind == JsonValueKind.String ? expected.GetString() : null;
        switch (wildcard)
        {
            case "<number>" when actual.ValueKind == JsonValueKind.Number:
            case "<string>" when actual.ValueKind == JsonValueKind.String && actual.GetString() != "":
            case "<time>" when actual.ValueKind == JsonValueKind.String && actual.TryGetDateTimeOffset(out _):
                return;
            case "<number>" or "<string>" or "<time>":
                differences.Add($"{at} is {actual.ValueKind} where {wildcard} was recorded");
                return;
        }
        if (expected.ValueKind != actual.ValueKind)
        {
            differences.Add($"{at} is {actual.ValueKind}, recorded was {expected.ValueKind}");
            return;
        }
        switch (expected.ValueKind)
        {
            case JsonValueKind.Object:
                CompareObjects(at, expected, actual, fill, differences);
                break;
            case JsonValueKind.Array:
                CompareArrays(at, expected, actual, fill, differences);
                break;
            case JsonValueKind.String when fill(wildcard!) != actual.GetString():
                differences.Add($"{at} is {actual.GetRawText()}, recorded was {expected.GetRawText()}");
                break;
            case JsonValueKind.Number when expected.GetRawText() != actual.GetRawText():
                differences.Add($"{at} is {actual.GetRawText()}, recorded was {expected.GetRawText()}");
                break;
        }
    }

    private static void CompareObjects(string at, JsonElement expected, JsonElement actual, Func<string, string> fill, List<string> differences)
    {
        foreach (JsonProperty member in expected.EnumerateObject())
        {
            if (actual.TryGetProperty(member.Name, out JsonElement value))
            {
                Compare($"{at}/{member.Name}", member.Value, value, fill, differences);
            }
            else
            {
                differences.Add($"{at}/{member.Name} is missing");
            }
        }
        foreach (JsonProperty member in actual.EnumerateObject())
        {
            if (!expected.TryGetProperty(member.Name, out _))
            {
                differences.Add($"{at}/{member.Name} was not recorded");
            }
        }
    }

    private static void CompareArrays(string at, JsonElement expected, JsonElement actual, Func<string, string> fill, List<string> differences)
    {
        if (expected.GetArrayLength() != actual.GetArrayLength())
        {
            differences.Add($"{at} has {actual.GetArrayLength()} items, recorded were {expected.GetArrayLength()}: {actual.GetRawText()}");
            return;
        }
        for (int i = 0; i < expected.GetArrayLength(); i++)
        {
            Compare($"{at}/{i}", expected[i], actual[i], fill, differences);
        }
    }

    // Only errors are worth quoting; a body with data could hold a token.
    private static string Shorten(byte[] body)
    {
        string text = System.Text.Encoding.UTF8.GetString(body);
        return text.StartsWith("{\"errors\"", StringComparison.Ordinal) ? text.TrimEnd() : $"{body.Length} bytes";
    }
}
