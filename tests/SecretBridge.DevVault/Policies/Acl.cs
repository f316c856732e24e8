namespace SecretBridge.DevVault;

/// <summary>What a token's policies add up to. Paths here begin with the namespace.</summary>
internal sealed class Acl
{
    public static readonly Acl Root = new([], isRoot: true);

    private readonly Dictionary<string, PathRule> _exact = new(StringComparer.Ordinal);
    private readonly List<PathRule> _wild = [];

    public Acl(IEnumerable<PathRule> rules, bool isRoot = false)
    {
        IsRoot = isRoot;
        foreach (IGrouping<string, PathRule> same in rules.Where(rule => !rule.Path.Contains("{{", StringComparison.Ordinal)).GroupBy(rule => rule.Path))
        {
            PathRule merged = same.Aggregate(Merge);
            if (merged.IsExact)
            {
                _exact[merged.Path] = merged;
            }
            else
            {
                _wild.Add(merged);
            }
        }
        _wild.Sort((left, right) => right.Precedence(left));
    }

    public bool IsRoot { get; }

    public PathRule? Find(string path, bool listing)
    {
        if (_exact.TryGetValue(path, out PathRule? rule))
        {
            return rule;
        }
        // A listing asks with a final slash; a rule written without one grants it too.
        if (listing && _exact.TryGetValue(path.TrimEnd('/'), out rule))
        {
            return rule;
        }
        return _wild.Find(wild => wild.Matches(path));
    }

    public bool Allows(string path, Operation operation)
    {
        if (IsRoot)
        {
            return true;
        }
        Capabilities wanted = operation switch
        {
            Operation.Create => Capabilities.Create,
            Operation.Update => Capabilities.Update,
            Operation.Delete => Capabilities.Delete,
            Operation.List => Capabilities.List,
            Operation.Scan => Capabilities.Scan,
            Operation.Patch => Capabilities.Patch,
            _ => Capabilities.Read,
        };
        return Find(path, operation is Operation.List or Operation.Scan) is { } rule && rule.Capabilities.HasFlag(wanted);
    }

    public bool MaySudo(string path) => IsRoot || (Find(path, false) is { } rule && rule.Capabilities.HasFlag(Capabilities.Sudo));

    public bool ReachesInto(string mountPath) =>
        IsRoot || _exact.Values.Concat(_wild).Any(rule =>
            rule.Capabilities is not (Capabilities.None or Capabilities.Deny) && rule.Reaches(mountPath));

    public IReadOnlyList<string> CapabilitiesOn(string path)
    {
        if (IsRoot)
        {
            return ["root"];
        }
        Capabilities granted = Find(path, listing: true)?.Capabilities ?? Capabilities.None;
        return granted is Capabilities.None
            ? ["deny"]
            : [.. Enum.GetValues<Capabilities>()
                .Where(one => one != Capabilities.None && granted.HasFlag(one))
#pragma warning disable CA1308 // Policies are written in lower case.
                .Select(one => one.ToString().ToLowerInvariant())
#pragma warning restore CA1308
                .Order(StringComparer.Ordinal)];
    }

    private static PathRule Merge(PathRule left, PathRule right)
    {
        Capabilities both = left.Capabilities | right.Capabilities;
        return left with
        {
            Capabilities = both.HasFlag(Capabilities.Deny) ? Capabilities.Deny : both,
            PaginationLimit = left.PaginationLimit is { } one && right.PaginationLimit is { } other ? Math.Max(one, other) : left.PaginationLimit ?? right.PaginationLimit,
        };
    }
}
