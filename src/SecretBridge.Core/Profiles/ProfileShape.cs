using System.Text.Json;
using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Profiles;

/// <summary>Reads the payload of a secret as a profile, and says by key what does not fit. A value is never told.</summary>
internal sealed class ProfileShape(string uri, SecretPayload payload, string? failing = null)
{
    internal static readonly string[] Known = ["name", "description", "owner", "tags", "env", "secrets", "allowed_workflows"];

    internal SealedProfile Read(string secretName) => payload.Keys.Any(Known.Contains) ? Shaped(secretName) : throw new BridgeException(
        FaultKind.InvalidProfile, uri, $"The secret '{uri}' is not a profile: it has none of the keys {string.Join(", ", Known)}.");

    /// <summary>Everything that does not fit, by key; empty where it is a profile.</summary>
    internal IReadOnlyList<(string Key, string Message)> Flaws()
    {
        if (!payload.Keys.Any(Known.Contains))
        {
            return [("", $"It has none of the keys {string.Join(", ", Known)}.")];
        }

        var flaws = new List<(string, string)>();
        (string Key, Action Look)[] looks =
        [
            ("name", () => Text("name")), ("description", () => Text("description")), ("owner", () => Text("owner")), ("tags", () => List("tags")),
            ("env", () => Environment()), ("secrets", () => Sealed("secrets")), ("allowed_workflows", () => List("allowed_workflows")),
        ];
        foreach ((string key, Action look) in looks)
        {
            try
            {
                look();
            }
            catch (BridgeException exception)
            {
                flaws.Add((key, exception.Message));
            }
        }

        return flaws;
    }

    internal IReadOnlyList<string> UnknownKeys => payload.Keys.Except(Known, StringComparer.Ordinal).ToArray();

    private SealedProfile Shaped(string secretName) => new()
    {
        Uri = uri,
        Name = Text("name") ?? secretName,
        Description = Text("description"),
        Owner = Text("owner"),
        Tags = List("tags"),
        Environment = Environment(),
        Secrets = Sealed("secrets"),
        AllowedWorkflows = List("allowed_workflows"),
        Reason = UnknownKeys is { Count: > 0 } unknown
            ? $"It has keys that a profile does not know: {string.Join(", ", unknown)}." : null,
    };

    private string? Text(string key) => Kind(key) switch
    {
        JsonTokenType.None or JsonTokenType.Null => null,
        JsonTokenType.String => payload.GetValue(key)!.Reveal(),
        _ => throw Refuse(key, "text"),
    };

    private string[] List(string key)
    {
        if (Kind(key) is JsonTokenType.None or JsonTokenType.Null)
        {
            return [];
        }

        return payload.GetValue(key)!.RevealObject() is object?[] items && Array.TrueForAll(items, item => item is string)
            ? Array.ConvertAll(items, item => (string)item!)
            : throw Refuse(key, "an array of text");
    }

    private Dictionary<string, string> Environment()
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string name, SealedValue value) in Sealed("env"))
        {
            // Numbers and booleans keep their spelling; a setting is text in the end.
            settings[name] = TokenOf(value) is JsonTokenType.StartObject or JsonTokenType.StartArray or JsonTokenType.Null
                ? throw Refuse($"env.{name}", "text, a number or a boolean")
                : value.Reveal()!;
        }

        return settings;
    }

    internal IReadOnlyDictionary<string, SealedValue> Sealed(string key) => Kind(key) switch
    {
        JsonTokenType.None or JsonTokenType.Null => new Dictionary<string, SealedValue>(StringComparer.Ordinal),
        JsonTokenType.StartObject => SecretPayload.Parse(payload.GetValue(key)!.Json, uri).ToDictionary(),
        _ => throw Refuse(key, "an object"),
    };

    private JsonTokenType Kind(string key) => payload.GetValue(key) is { } value ? TokenOf(value) : JsonTokenType.None;

    private static JsonTokenType TokenOf(SealedValue value)
    {
        var reader = new Utf8JsonReader(value.Json);
        reader.Read();
        return reader.TokenType;
    }

    private BridgeException Refuse(string key, string wanted) =>
        new(FaultKind.InvalidProfile, uri, $"{failing ?? $"The secret '{uri}' is not a profile"}: its key '{key}' must be {wanted}.");
}
