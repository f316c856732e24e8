using System.Collections.Concurrent;
using System.Text;
using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>Where paths below a source root lead below a destination root.</summary>
internal sealed class PathMap
{
    private readonly Dictionary<string, SecretPath> _exact = new(StringComparer.Ordinal);
    private readonly List<(PathGlob Glob, MapRule Rule)> _globs = [];
    private readonly ConcurrentDictionary<string, bool> _used = new(StringComparer.Ordinal);

    private PathMap(bool isEmpty) => IsIdentity = isEmpty;

    /// <summary>Whether every path keeps its place.</summary>
    internal bool IsIdentity { get; }

    /// <summary>Whether no two paths can meet: paths keep their place, or one prefix is put for another.</summary>
    internal bool CannotCollide => IsIdentity || (_exact.Count == 0 && _globs.Count == 1 && IsPrefix(_globs[0].Rule));

    /// <exception cref="BridgeException">A rule cannot be right (<see cref="FaultKind.InvalidArgument"/>).</exception>
    internal static PathMap Of(IReadOnlyList<MapRule> rules)
    {
        var map = new PathMap(rules.Count == 0);
        foreach (MapRule given in rules)
        {
            // A trailing slash on both sides is a folder's mark: all below it.
            MapRule rule = given.Source.EndsWith('/') && (given.Destination.EndsWith('/') || given.Destination.Length == 0)
                ? new(given.Source + "**", given.Destination + "**")
                : given;
            var glob = PathGlob.Path(rule.Source);
            int wanted = PathGlob.Parts(rule.Destination).Count(part => part.IsWildcard);
            if (wanted != glob.Wildcards)
            {
                throw new BridgeException(FaultKind.InvalidArgument, rule.Source,
                    $"The map rule '{rule.Source}' = '{rule.Destination}' has {glob.Wildcards} wildcards at its source and {wanted} at its destination; each must find its counterpart.");
            }

            if (glob.Wildcards > 0)
            {
                map._globs.Add((glob, rule));
            }
            else if (!map._exact.TryAdd(SecretPath.Parse(rule.Source).Value, SecretPath.Parse(rule.Destination)))
            {
                throw new BridgeException(FaultKind.InvalidArgument, rule.Source, $"The map has two rules for '{rule.Source}'.");
            }
        }

        return map;
    }

    /// <summary>The sources of rules that no path has matched so far.</summary>
    internal IEnumerable<string> UnusedRules =>
        _exact.Keys.Concat(_globs.Select(glob => glob.Rule.Source)).Where(source => !_used.ContainsKey(source));

    /// <summary>Where a path leads; null where no rule matches.</summary>
    /// <exception cref="BridgeException">The rule makes a path that cannot be (<see cref="FaultKind.InvalidPath"/>).</exception>
    internal SecretPath? Apply(SecretPath relativePath)
    {
        if (IsIdentity)
        {
            return relativePath;
        }

        if (_exact.TryGetValue(relativePath.Value, out SecretPath exact))
        {
            _used[relativePath.Value] = true;
            return exact;
        }

        foreach ((PathGlob glob, MapRule rule) in _globs)
        {
            if (glob.Capture(relativePath.Value) is { } captured)
            {
                _used[rule.Source] = true;
                return SecretPath.Parse(Fill(rule.Destination, captured));
            }
        }

        return null;
    }

    private static string Fill(string template, string[] captured)
    {
        var text = new StringBuilder();
        int next = 0;
        foreach ((string part, bool isWildcard) in PathGlob.Parts(template))
        {
            text.Append(isWildcard ? captured[next++] : part);
        }

        // An inner "**/" that matched no folder leaves an empty name behind.
        return text.Replace("//", "/").ToString().TrimStart('/');
    }

    private static bool IsPrefix(MapRule rule) =>
        IsPrefixPattern(rule.Source) && IsPrefixPattern(rule.Destination);

    private static bool IsPrefixPattern(string pattern) =>
        pattern == "**"
        || (pattern.EndsWith("/**", StringComparison.Ordinal) && pattern.AsSpan(0, pattern.Length - 2).IndexOfAny('*', '?') < 0);
}
