using SecretBridge.Stores;

namespace SecretBridge.Profiles;

/// <summary>Tells by name what is other in two contents of a profile.</summary>
internal static class ProfileDifference
{
    /// <summary>The keys that differ, those of env and secrets one by one.</summary>
    internal static IReadOnlyList<string> Keys(SecretPayload? before, SecretPayload after)
    {
        SecretPayload none = SecretPayload.FromValues([]);
        return Compare(before ?? none, after)
            .SelectMany(key => key is "env" or "secrets" && Members(before, key) is { } old && Members(after, key) is { } now
                ? Compare(old, now).Select(name => $"{key}.{name}")
                : [key])
            .ToArray();
    }

    private static IEnumerable<string> Compare(SecretPayload before, SecretPayload after)
    {
        PayloadComparison comparison = before.Compare(after, throughDouble: false);
        return comparison.AddedKey.Concat(comparison.RemovedKey).Concat(comparison.ChangedKey).Order(Utf8Order.Instance);
    }

    // Null where it is no object, so that it is told as a whole.
    private static SecretPayload? Members(SecretPayload? payload, string key) =>
        payload?.GetValue(key) is not { } value ? SecretPayload.FromValues([])
        : value.Json is [(byte)'{', ..] ? SecretPayload.Parse(value.Json, key)
        : null;
}
