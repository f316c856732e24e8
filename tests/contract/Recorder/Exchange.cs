using System.Text.Json;

namespace SecretBridge.Contract;

/// <summary>A request, and what a real server answered.</summary>
/// <param name="Name">A sentence, unique in its list.</param>
/// <param name="Server">Which of the servers of the recording was asked: each starts empty, in a state of its own.</param>
/// <param name="Capture">Values of the answer, by JSON path, that later requests name as <c>{{name}}</c>.</param>
/// <param name="After">How long to wait first, as in 3s.</param>
/// <param name="Repeat">So many times, with <c>{{n}}</c> counting from 1.</param>
public sealed record Exchange(
    string Name,
    string Server,
    ExchangeRequest Request,
    ExchangeExpectation Expect,
    IReadOnlyDictionary<string, string>? Capture = null,
    string? After = null,
    int? Repeat = null)
{
    /// <summary>Only brings the server where the next exchanges need it; its body was not recorded.</summary>
    public bool IsArrangement => Name.StartsWith("arranged: ", StringComparison.Ordinal);

    public TimeSpan Wait => After is null ? TimeSpan.Zero : TimeSpan.FromSeconds(int.Parse(After.TrimEnd('s'), System.Globalization.CultureInfo.InvariantCulture));

    internal static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingDefault,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
