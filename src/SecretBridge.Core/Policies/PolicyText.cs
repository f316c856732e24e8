using System.Text.Json;
using SecretBridge.Reporting;

namespace SecretBridge.Policies;

/// <summary>Reads policies: the part of HCL that they are written in, or JSON.</summary>
internal static class PolicyText
{
    /// <summary>The lines of a policy.</summary>
    /// <param name="text">The policy.</param>
    /// <param name="name">What it was read from, for errors.</param>
    /// <exception cref="BridgeException">It is no policy (<see cref="FaultKind.InvalidConfiguration"/>).</exception>
    internal static IReadOnlyList<PolicyLine> Read(string text, string name)
    {
        try
        {
            text = text.TrimStart('\uFEFF');
            IReadOnlyList<PolicyLine> lines = text.TrimStart().StartsWith('{') ? ReadJson(text) : new HclReader(text).ReadPolicy();
            return lines.Count > 0 ? lines : throw new FormatException("it has no path");
        }
        catch (Exception exception) when (exception is FormatException or JsonException or InvalidOperationException)
        {
            throw new BridgeException(FaultKind.InvalidConfiguration, name, $"'{name}' cannot be read as a policy: {exception.Message.TrimEnd('.')}.", exception);
        }
    }

    private static List<PolicyLine> ReadJson(string text)
    {
        using var document = JsonDocument.Parse(text, new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        if (!document.RootElement.TryGetProperty("path", out JsonElement paths))
        {
            return [];
        }

        return [.. Each(paths).SelectMany(group => group.EnumerateObject()).SelectMany(path =>
            Each(path.Value).Select(block => PolicyLine.Of(path.Name, [.. block.EnumerateObject().Select(member => KeyValuePair.Create(member.Name, Texts(member.Value)))])))];
    }

    private static JsonElement[] Each(JsonElement value) => value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [value];

    private static IReadOnlyList<string> Texts(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => [.. value.EnumerateArray().Select(one => one.ToString())],
        JsonValueKind.Object => [],
        _ => [value.ToString()],
    };
}
