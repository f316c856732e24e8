namespace SecretBridge.Stores;

/// <summary>How two payloads differ, by the names of their keys, never by value.</summary>
/// <param name="AddedKey">Keys that only the other payload has, in byte order.</param>
/// <param name="RemovedKey">Keys that only this payload has.</param>
/// <param name="ChangedKey">Keys that both have with different values.</param>
/// <param name="NumberPrecision">Whether two numbers counted as equal only because their nearest doubles are.</param>
public sealed record PayloadComparison(
    IReadOnlyList<string> AddedKey,
    IReadOnlyList<string> RemovedKey,
    IReadOnlyList<string> ChangedKey,
    bool NumberPrecision)
{
    /// <summary>Whether one payload is null and the other an object, be it an empty one.</summary>
    public bool NullDiffers { get; init; }

    /// <summary>Whether the payloads are equal.</summary>
    public bool AreEqual => !NullDiffers && AddedKey.Count + RemovedKey.Count + ChangedKey.Count == 0;

    internal static PayloadComparison Same { get; } = new([], [], [], false);
}
