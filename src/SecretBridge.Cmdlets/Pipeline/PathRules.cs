using System.Collections;
using SecretBridge.Reporting;
using SecretBridge.Trees;

namespace SecretBridge.Pipeline;

/// <summary>Reads the rules of a path map from a hashtable, in its order.</summary>
internal static class PathRules
{
    /// <exception cref="BridgeException">A rule leads to nothing, or their order matters and the map has none (<see cref="FaultKind.InvalidArgument"/>).</exception>
    internal static MapRule[] Of(IDictionary? map)
    {
        MapRule[] rules = map is null
            ? []
            : map.Cast<DictionaryEntry>().Select(Rule).ToArray();

        // The first glob that matches wins. A plain hashtable gives its entries in another order in each process, so that a
        // run would not do what its plan said.
        return map is Hashtable && rules.Count(IsGlob) > 1
            ? throw new BridgeException(FaultKind.InvalidArgument, "Map",
                "-Map has several globs and no order, but the first that matches wins: write [ordered]@{ ... }.")
            : rules;
    }

    // A mistyped variable would lead to the destination's root.
    private static MapRule Rule(DictionaryEntry entry) => entry.Value is null
        ? throw new BridgeException(FaultKind.InvalidArgument, "Map", $"-Map leads '{entry.Key}' to $null; write '' where you mean the destination itself.")
        : new(entry.Key.ToString() ?? "", entry.Value.ToString() ?? "");

    private static bool IsGlob(MapRule rule) => rule.Source.AsSpan().IndexOfAny('*', '?') >= 0 || rule.Source.EndsWith('/');
}
