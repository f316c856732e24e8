namespace SecretBridge.DevVault;

/// <summary>
/// Items by slash-separated names, listed a folder at a time. A name may be item and folder at once, and a folder
/// exists only while it holds something.
/// </summary>
internal sealed class NameTree<T>
    where T : class
{
    private readonly Folder _root = new();
    private readonly Dictionary<string, T> _items = new(StringComparer.Ordinal);

    public int Count => _items.Count;

    public IEnumerable<KeyValuePair<string, T>> All => _items.OrderBy(item => item.Key, Utf8Order.Instance);

    public T? Get(string path) => _items.GetValueOrDefault(path);

    public void Set(string path, T item)
    {
        if (!_items.TryAdd(path, item))
        {
            _items[path] = item;
            return;
        }
        Folder folder = _root;
        string[] segments = path.Split('/');
        for (int i = 0; i < segments.Length - 1; i++)
        {
            if (!folder.Folders.TryGetValue(segments[i], out Folder? next))
            {
                folder.Forget();
                folder.Folders[segments[i]] = next = new Folder();
            }
            folder = next;
        }
        folder.Names.Add(segments[^1]);
        folder.Forget();
    }

    public bool Remove(string path)
    {
        if (!_items.Remove(path))
        {
            return false;
        }
        Remove(_root, path.Split('/'), 0);
        return true;
    }

    /// <summary>What is in a folder, sorted, folders with a slash; null where there is none. The path is empty or ends in a slash.</summary>
    public IReadOnlyList<string>? List(string path)
    {
        Folder? folder = _root;
        foreach (string segment in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!folder.Folders.TryGetValue(segment, out folder))
            {
                return null;
            }
        }
        IReadOnlyList<string> names = folder.Listing();
        return names.Count == 0 ? null : names;
    }

    /// <summary>All items below a folder, in the order of Go's stack: a folder's own items, then its last subfolder first.</summary>
    public IEnumerable<string> Scan(string path)
    {
        var pending = new Stack<string>([""]);
        while (pending.TryPop(out string? below))
        {
            foreach (string name in List(path + below) ?? [])
            {
                if (name.EndsWith('/'))
                {
                    pending.Push(below + name);
                }
                else
                {
                    yield return below + name;
                }
            }
        }
    }

    private static bool Remove(Folder folder, string[] segments, int depth)
    {
        if (depth == segments.Length - 1)
        {
            folder.Names.Remove(segments[depth]);
            folder.Forget();
        }
        else if (Remove(folder.Folders[segments[depth]], segments, depth + 1))
        {
            folder.Folders.Remove(segments[depth]);
            folder.Forget();
        }
        return folder.Names.Count == 0 && folder.Folders.Count == 0;
    }

    private sealed class Folder
    {
        private string[]? _listing;

        public HashSet<string> Names { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, Folder> Folders { get; } = new(StringComparer.Ordinal);

        public void Forget() => _listing = null;

        public IReadOnlyList<string> Listing() =>
            _listing ??= [.. Names.Concat(Folders.Keys.Select(name => name + "/")).Order(Utf8Order.Instance)];
    }
}
