namespace SecretBridge.DevVault;

internal sealed partial class Cluster
{
    /// <summary>Sealed by a request rather than by a test's setting of a node's state.</summary>
    public bool IsSealed { get; set; }

    /// <summary>Where a request belongs, by its header and its path.</summary>
    public (Namespace Namespace, string Path) Locate(string? header, string path)
    {
        lock (Gate)
        {
            Namespace named = NamespaceOf(header) ?? throw new RefusalException(Reply.Errors(404, "namespace not found"));
            return DescendInto(named, path);
        }
    }

    /// <summary>The namespace that a header names; null when there is none such. Vault 1.8 ignores the header.</summary>
    private Namespace? NamespaceOf(string? header)
    {
        if (Flavour == VaultFlavour.Vault || string.IsNullOrEmpty(header))
        {
            return Root;
        }

        var kept = new List<string>();
        foreach (string segment in header.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (segment == ".." && kept.Count > 0)
            {
                kept.RemoveAt(kept.Count - 1);
            }
            else if (segment is not ("." or ".."))
            {
                kept.Add(segment);
            }
        }
        string path = kept.Count == 0 ? "" : string.Join('/', kept) + "/";
        return path is "root/" ? Root : FindNamespace(path);
    }

    /// <summary>A path may begin with namespaces below the one it is asked in: the longest that exists counts.</summary>
    public (Namespace Namespace, string Path) DescendInto(Namespace from, string path)
    {
        if (_namespaces.Count == 1)
        {
            return (from, path);
        }
        Namespace? child = _namespaces
            .Where(one => one.Path.Length > from.Path.Length && (from.Path + path).StartsWith(one.Path, StringComparison.Ordinal))
            .MaxBy(one => one.Path.Length);
        return child is null ? (from, path) : (child, (from.Path + path)[child.Path.Length..]);
    }
}
