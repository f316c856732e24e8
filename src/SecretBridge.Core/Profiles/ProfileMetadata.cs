using System.Text;
using System.Text.Json;
using SecretBridge.Stores;

namespace SecretBridge.Profiles;

/// <summary>
/// What is kept of a profile beside the secret, as custom metadata, so that it can be found without being read. Lists are JSON text. A
/// blank means that it is not told here: custom metadata cannot be empty, and a key once written is never taken away.
/// </summary>
internal static class ProfileMetadata
{
    private const string Blank = " ";

    // What KV version 2 takes: 512 bytes a value, printable characters only.
    private const int MaximumLength = 512;

    internal static ProfileFacts Read(IReadOnlyDictionary<string, string> metadata)
    {
        string? owner = Text(metadata, "owner");
        IReadOnlyList<string>? tags = List(metadata, "tags");
        return new()
        {
            Description = Text(metadata, "description"),

            // Whoever wrote the tags would have written an owner.
            Owner = owner ?? (tags is not null && !metadata.ContainsKey("owner") ? "" : null),
            Tags = tags,
            AllowedWorkflows = List(metadata, "allowed_workflows"),
        };
    }

    /// <summary>What to write for a profile; an entry that was there before and has nothing to tell any more becomes a blank.</summary>
    internal static Dictionary<string, string> Write(ProfileFacts facts, IReadOnlyDictionary<string, string>? before)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        Put("description", facts.Description);
        Put("owner", facts.Owner);
        foreach ((string key, string value) in Lists(facts))
        {
            Put(key, value);
        }

        return metadata;

        void Put(string key, string? value)
        {
            bool isTold = !string.IsNullOrEmpty(value) && Fits(value);
            if (isTold || (!string.IsNullOrEmpty(value) || before?.ContainsKey(key) != false))
            {
                metadata[key] = isTold ? value! : Blank;
            }
        }
    }

    /// <summary>The lists as custom metadata spells them.</summary>
    internal static (string Key, string Value)[] Lists(ProfileFacts facts) =>
        [("tags", Json(facts.Tags)), ("allowed_workflows", Json(facts.AllowedWorkflows))];

    /// <summary>Whether custom metadata can hold a value.</summary>
    internal static bool Fits(string value) => Encoding.UTF8.GetByteCount(value) <= MaximumLength && !value.Any(char.IsControl);

    private static string Json(IReadOnlyList<string>? list) => JsonSerializer.Serialize(list ?? [], SecretPayload.Relaxed);

    private static string? Text(IReadOnlyDictionary<string, string> metadata, string key) =>
        metadata.TryGetValue(key, out string? value) && !string.IsNullOrWhiteSpace(value) ? value : null;

    private static string[]? List(IReadOnlyDictionary<string, string> metadata, string key)
    {
        try
        {
            return Text(metadata, key) is { } json && JsonSerializer.Deserialize<string[]>(json) is { } list && !list.Contains(null) ? list : null;
        }
        catch (JsonException)
        {
            // Somebody else's entry of the same name.
            return null;
        }
    }
}
