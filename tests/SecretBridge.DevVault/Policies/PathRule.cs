namespace SecretBridge.DevVault;

/// <summary>One path block of a policy.</summary>
internal sealed record PathRule(string Path, Capabilities Capabilities)
{
    /// <summary>OpenBao: how many names a listing may return at once.</summary>
    public int? PaginationLimit { get; init; }

    public bool IsPrefix => Path.EndsWith('*');

    public bool HasSegmentWildcard { get; } =
        Path.StartsWith("+/", StringComparison.Ordinal) || Path.Contains("/+", StringComparison.Ordinal) || Path == "+";

    public bool IsExact => !IsPrefix && !HasSegmentWildcard;

    public bool Matches(string path)
    {
        if (!HasSegmentWildcard)
        {
            return IsPrefix ? path.StartsWith(Path[..^1], StringComparison.Ordinal) : path == Path;
        }

        string[] rule = (IsPrefix ? Path[..^1] : Path).Split('/');
        string[] asked = path.Split('/');
        if (IsPrefix ? asked.Length < rule.Length : asked.Length != rule.Length)
        {
            return false;
        }
        for (int i = 0; i < rule.Length; i++)
        {
            bool last = i == rule.Length - 1;
            bool same = rule[i] == "+" || rule[i] == asked[i] || (IsPrefix && last && asked[i].StartsWith(rule[i], StringComparison.Ordinal));
            if (!same)
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>Whether the rule can match anything at or below a mount.</summary>
    public bool Reaches(string mountPath)
    {
        string[] rule = Path.TrimEnd('*').Split('/');
        string[] mount = mountPath.TrimEnd('/').Split('/');
        for (int i = 0; i < mount.Length; i++)
        {
            if (i == rule.Length - 1 && IsPrefix)
            {
                return mount[i].StartsWith(rule[i], StringComparison.Ordinal);
            }
            if (i >= rule.Length || (rule[i] != "+" && rule[i] != mount[i]))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>Positive when this rule wins over another that matches too, by the documented order of priority.</summary>
    public int Precedence(PathRule other)
    {
        int byWildcard = FirstWildcard.CompareTo(other.FirstWildcard);
        if (byWildcard != 0)
        {
            return byWildcard;
        }
        if (IsPrefix != other.IsPrefix)
        {
            return IsPrefix ? -1 : 1;
        }
        int byPlus = other.WildcardSegments.CompareTo(WildcardSegments);
        if (byPlus != 0)
        {
            return byPlus;
        }
        int byLength = Path.Length.CompareTo(other.Path.Length);
        return byLength != 0 ? byLength : string.CompareOrdinal(Path, other.Path);
    }

    private int FirstWildcard
    {
        get
        {
            int plus = Path.StartsWith('+') ? 0 : Path.IndexOf("/+", StringComparison.Ordinal);
            int star = IsPrefix ? Path.Length - 1 : int.MaxValue;
            return HasSegmentWildcard ? Math.Min(plus == 0 ? 0 : plus + 1, star) : star;
        }
    }

    private int WildcardSegments => Path.Split('/').Count(segment => segment is "+" or "+*");
}
