using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>Tells which source path would lead to a destination. Only exact paths and globs can be followed backwards.</summary>
internal sealed class MapInverse
{
    private readonly PathMap _map;
    private readonly PathMap[] _backwards;

    private MapInverse(PathMap map, PathMap[] backwards) => (_map, _backwards) = (map, backwards);

    /// <exception cref="BridgeException">A rule cannot be followed backwards (<see cref="FaultKind.InvalidArgument"/>).</exception>
    internal static MapInverse Of(IReadOnlyList<MapRule> rules) =>
        new(PathMap.Of(rules), rules.Select(rule => PathMap.Of([Backwards(rule)])).ToArray());

    /// <summary>The source path; null where no rule leads to that destination.</summary>
    internal SecretPath? SourceOf(SecretPath destination)
    {
        if (_map.IsIdentity)
        {
            return destination;
        }

        foreach (PathMap backwards in _backwards)
        {
            // An earlier rule may lead that source elsewhere.
            if (backwards.Apply(destination) is { } source && _map.Apply(source) == destination)
            {
                return source;
            }
        }

        return null;
    }

    private static MapRule Backwards(MapRule rule)
    {
        if (rule.Transform is not null || rule.Source.StartsWith("regex:", StringComparison.Ordinal))
        {
            throw new BridgeException(FaultKind.InvalidArgument, rule.Source,
                $"The map rule '{rule.Source}' cannot be followed backwards, which a mirror and a source that cannot be listed need. Use exact paths and globs.");
        }

        string source = PathRule.Pattern(rule.Source);
        bool isFolder = source.EndsWith('/') && (rule.Destination.EndsWith('/') || rule.Destination.Length == 0);
        return isFolder
            ? new("glob:" + rule.Destination + "**", source + "**")
            : new("glob:" + rule.Destination, source);
    }
}
