namespace SecretBridge.Stores;

/// <summary>The names in one folder.</summary>
/// <param name="Exists">False where the server knows no such folder. It may have vanished since its parent was listed.</param>
/// <param name="Names">The names in UTF-8 byte order, folders compared with their slash.</param>
public sealed record FolderListing(bool Exists, IReadOnlyList<ListedName> Names)
{
    /// <summary>The listing of a folder that does not exist.</summary>
    public static FolderListing Absent { get; } = new(false, []);

    /// <summary>Makes a listing of names as a server sends them: folders end in a slash.</summary>
    public static FolderListing Of(IEnumerable<string> listed) => new(true,
        listed.Order(Utf8Order.Instance)
            .Select(name => name.EndsWith('/') ? new ListedName(name[..^1], true) : new ListedName(name, false))
            .ToArray());

    /// <summary>The listing of a folder in a store that knows the paths of all its secrets.</summary>
    internal static FolderListing Below(SecretPath folder, IEnumerable<string> paths)
    {
        string prefix = folder.IsRoot ? "" : folder.Value + "/";
        var names = paths
            .Where(path => path.StartsWith(prefix, StringComparison.Ordinal))
            .Select(path => path[prefix.Length..])
            .Select(rest => rest.IndexOf('/', StringComparison.Ordinal) is >= 0 and var slash ? rest[..(slash + 1)] : rest)
            .Distinct(StringComparer.Ordinal)
            .ToList();
        return names.Count == 0 ? Absent : Of(names);
    }
}
