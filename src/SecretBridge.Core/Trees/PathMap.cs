using System.Collections.Concurrent;
using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>Where paths below a source root lead below a destination root.</summary>
internal sealed class PathMap
{
    private readonly Dictionary<string, SecretPath> _exact = new(StringComparer.Ordinal);
    private readonly List<PathRule> _rules = [];
    private readonly ConcurrentDictionary<string, bool> _used = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<SecretPath, SecretPath?> _asked = new();

    private PathMap(bool isEmpty) => IsIdentity = isEmpty;

    /// <summary>Whether every path keeps its place.</summary>
    internal bool IsIdentity { get; }

    /// <summary>Whether no two paths can meet: paths keep their place, or one prefix is put for another.</summary>
    internal bool CannotCollide => IsIdentity || (_exact.Count == 0 && _rules is [{ IsPrefix: true }]);

    /// <exception cref="BridgeException">A rule cannot be right (<see cref="FaultKind.InvalidArgument"/>).</exception>
    internal static PathMap Of(IReadOnlyList<MapRule> rules)
    {
        var map = new PathMap(rules.Count == 0);
        foreach (MapRule given in rules)
        {
            var rule = PathRule.Of(given);
            if (rule is not null)
            {
                map._rules.Add(rule);
            }
            else if (!map._exact.TryAdd(SecretPath.Parse(PathRule.Pattern(given.Source)).Value, SecretPath.Parse(given.Destination)))
            {
                throw new BridgeException(FaultKind.InvalidArgument, given.Source, $"The map has two rules for '{given.Source}'.");
            }
        }

        return map;
    }

    /// <summary>The sources of rules that no path has matched so far.</summary>
    internal IEnumerable<string> UnusedRules =>
        _exact.Keys.Concat(_rules.Select(rule => rule.Source)).Where(source => !_used.ContainsKey(source));

    /// <summary>Asks the rules that only their makers can answer, so that <see cref="Apply"/> knows this path.</summary>
    /// <exception cref="BridgeException">A rule makes a path that cannot be (<see cref="FaultKind.InvalidPath"/>).</exception>
    internal async ValueTask<SecretPath?> ApplyAsync(SecretPath relativePath, CancellationToken cancellationToken)
    {
        if (IsIdentity || _exact.ContainsKey(relativePath.Value) || !_rules.Exists(rule => rule.Transform is not null))
        {
            return Apply(relativePath);
        }

        foreach (PathRule rule in _rules)
        {
            if (await rule.LeadAsync(relativePath.Value, cancellationToken).ConfigureAwait(false) is { } target)
            {
                _used[rule.Source] = true;
                return _asked[relativePath] = SecretPath.Parse(target);
            }
        }

        return _asked[relativePath] = null;
    }

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

        if (_asked.TryGetValue(relativePath, out SecretPath? asked))
        {
            return asked;
        }

        foreach (PathRule rule in _rules)
        {
            if (rule.Lead(relativePath.Value) is { } target)
            {
                _used[rule.Source] = true;
                return SecretPath.Parse(target);
            }
        }

        return null;
    }
}
