using System.Collections;
using SecretBridge.Trees;

namespace SecretBridge.Pipeline;

/// <summary>Reads the rules of a path map from a hashtable, in its order where it has one.</summary>
internal static class PathRules
{
    internal static MapRule[] Of(IDictionary? map) => map is null
        ? []
        : map.Cast<DictionaryEntry>().Select(entry => new MapRule(entry.Key.ToString() ?? "", entry.Value?.ToString() ?? "")).ToArray();
}
