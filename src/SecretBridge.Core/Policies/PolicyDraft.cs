using SecretBridge.Reporting;

namespace SecretBridge.Policies;

/// <summary>A policy in the making: which capabilities each path needs, and what for.</summary>
internal sealed class PolicyDraft(PolicyOptions options, PolicySide side, PolicyPlace place, IReporter reporter)
{
    private static readonly string[] Order = ["create", "read", "update", "patch", "delete", "list", "scan", "sudo"];

    private readonly Dictionary<string, SortedDictionary<string, (string Why, bool IsOptional)>> _paths = new(StringComparer.Ordinal);
    private readonly List<string> _order = [];
    private readonly HashSet<string> _trees = new(StringComparer.Ordinal);

    internal PolicySide Side => side;

    internal PolicyPlace Place => place;

    internal List<string> Roots { get; } = [];

    internal List<string> Notes { get; } = [];

    /// <summary>Whether two drafts end up on one token.</summary>
    internal bool IsOfSameToken(PolicyDraft other) => ReferenceEquals(place.Client, other.Place.Client);

    internal void Note(string note)
    {
        if (!Notes.Contains(note))
        {
            Notes.Add(note);
        }
    }

    internal void Add(string path, string capability, string why, bool isOptional = false, bool isTree = false)
    {
        if (isOptional && !options.IncludeOptional)
        {
            return;
        }

        Check(path, isTree);
        if (!_paths.TryGetValue(path, out SortedDictionary<string, (string Why, bool IsOptional)>? capabilities))
        {
            _paths[path] = capabilities = new(Comparer<string>.Create((a, b) => Array.IndexOf(Order, a).CompareTo(Array.IndexOf(Order, b))));
            _order.Add(path);
        }

        if (isTree)
        {
            _trees.Add(path);
        }

        if (!capabilities.TryGetValue(capability, out var known) || (known.IsOptional && !isOptional))
        {
            capabilities[capability] = (why, isOptional);
        }
    }

    /// <summary>
    /// The lines. The most exact path that matches decides alone: where it stands inside a wider one of the same token, it
    /// says that one's capabilities too, or goes where it would say no more.
    /// </summary>
    internal IReadOnlyList<PolicyRule> Rules(IEnumerable<PolicyDraft> sameToken)
    {
        (PolicyDraft Draft, string Path)[] trees = [.. sameToken.SelectMany(draft => draft._trees.Select(path => (draft, path)))];
        var rules = new List<PolicyRule>();
        foreach (string path in _order)
        {
            Widen(path, trees.Where(tree => tree.Path != path));
            if (!_trees.Any(tree => tree != path && PolicyPath.Covers(tree, path) && _paths[path].Keys.All(_paths[tree].ContainsKey)))
            {
                rules.Add(Rule(path, _paths[path]));
            }
        }

        return rules;
    }

    private void Widen(string path, IEnumerable<(PolicyDraft Draft, string Path)> trees)
    {
        bool isTree = _trees.Contains(path);
        bool isFolder = path.EndsWith('/');
        foreach ((PolicyDraft draft, string tree) in trees)
        {
            bool covers = PolicyPath.Covers(tree, path);

            // A rule without a slash at its end decides of the listing of the folder of that name too.
            bool coversFolder = isTree || isFolder ? covers : PolicyPath.Covers(tree, path + "/");
            foreach ((string capability, (string Why, bool IsOptional) need) in draft._paths[tree])
            {
                if (capability is "list" or "scan" ? coversFolder : covers && !isFolder)
                {
                    _paths[path].TryAdd(capability, need);
                }
            }
        }
    }

    private static PolicyRule Rule(string path, SortedDictionary<string, (string Why, bool IsOptional)> capabilities) => new()
    {
        Path = path,
        Capabilities = [.. capabilities.Keys],
        Optional = [.. capabilities.Where(one => one.Value.IsOptional).Select(one => one.Key)],
        Why = string.Join("; ", capabilities.GroupBy(one => one.Value).Select(same =>
            $"{string.Join(", ", same.Select(one => one.Key))}: {same.Key.Why}{(same.Key.IsOptional ? " (it can do without)" : "")}")),
    };

    private void Check(string path, bool isTree)
    {
        string shown = Wire.PathSegment.Printable(path);
        if (PolicyPath.WhyNot(isTree ? path[..^1] : path) is { } flaw)
        {
            throw new BridgeException(FaultKind.NotSupported, shown, $"No policy can name '{shown}': {flaw}. Give the folder above it.");
        }

        if (PolicyPath.Widening(isTree ? path[..^1] : path, isTree) is not { } wider || _paths.ContainsKey(path))
        {
            return;
        }

        if (!options.AllowWider)
        {
            throw new BridgeException(FaultKind.NotSupported, shown,
                $"A policy for '{shown}' would allow more than that: {wider}. -AllowWider writes it all the same.");
        }

        string said = $"'{shown}' allows more than that one name: {wider}.";
        Note(said);
        reporter.Warning(said);
    }
}
