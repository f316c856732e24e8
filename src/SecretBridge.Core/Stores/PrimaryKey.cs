namespace SecretBridge.Stores;

/// <summary>The key of a secret that is meant where none is named.</summary>
public static class PrimaryKey
{
    /// <summary>The keys that hold a secret's one value, the first that is there before the others.</summary>
    public static IReadOnlyList<string> Names { get; } = ["value", "accessToken", "apiKey", "token"];

    /// <summary>The first of <see cref="Names"/> that a payload has; null where it has none of them.</summary>
    public static string? Of(SecretPayload payload)
    {
        ArgumentNullException.ThrowIfNull(payload);
        return Names.FirstOrDefault(payload.Keys.Contains);
    }

    /// <summary>The key that a reference names, or a parameter.</summary>
    /// <param name="reference">The reference.</param>
    /// <param name="key">What a parameter says; null for nothing.</param>
    /// <returns>The key; null where neither names one.</returns>
    /// <exception cref="Reporting.BridgeException">They name different keys (<see cref="Reporting.FaultKind.InvalidArgument"/>).</exception>
    public static string? Named(SecretReference reference, string? key)
    {
        ArgumentNullException.ThrowIfNull(reference);
        return key is null || reference.Key is null || key == reference.Key
            ? reference.Key ?? key
            : throw new Reporting.BridgeException(Reporting.FaultKind.InvalidArgument, reference.ToString(),
                $"'{reference}' names a key, and -Key another: '{key}'.");
    }
}
