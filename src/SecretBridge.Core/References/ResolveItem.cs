using SecretBridge.Stores;

namespace SecretBridge.References;

/// <summary>One reference to resolve.</summary>
/// <param name="Uri">The reference.</param>
public sealed record ResolveItem(string Uri)
{
    /// <summary>Which names of the path a template has spelt as <c>data</c>, counted from 0.</summary>
    internal IReadOnlyList<int> DataNames { get; init; } = [];

    /// <summary>
    /// The path in its store. Where a template has <c>data</c> directly below a mount of KV version 2, that is the API's word
    /// and not a folder; below any other mount it is a folder.
    /// </summary>
    internal SecretPath PathIn(StoreLocation location) =>
        location.Store.Find<KvV2Store>() is not null && DataNames.Contains(location.Store.Root.Path.Segments.Count) && location.Path.Segments.Count > 1
            ? SecretPath.FromSegments(location.Path.Segments.Skip(1))
            : location.Path;
}
