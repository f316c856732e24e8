using SecretBridge.Stores;

namespace SecretBridge.Inventory;

/// <summary>
/// The folders that a walk in the order of paths is in, from the root down. A folder's count is whole when the walk leaves it,
/// so that memory grows with the depth of a tree and not with its size.
/// </summary>
/// <param name="withContents">Whether a folder's contents count in the folders above it too.</param>
/// <param name="largeBytes">From so many bytes a secret is large.</param>
internal sealed class OpenFolders(bool withContents, long largeBytes)
{
    private readonly Stack<FolderTally> _open = new([new("", "", 0, largeBytes)]);
    private IReadOnlyList<string> _path = [];

    internal FolderTally Root => _open.Last();

    /// <summary>Goes to a folder, and gives the folders that were left, the innermost first.</summary>
    internal IReadOnlyList<FolderTally> Enter(SecretPath folder)
    {
        if (folder.IsRoot && _path.Count == 0)
        {
            return [];
        }

        IReadOnlyList<string> path = folder.Segments;
        int common = 0;
        while (common < path.Count && common < _path.Count && path[common] == _path[common])
        {
            common++;
        }

        var left = new List<FolderTally>();
        while (_open.Count - 1 > common)
        {
            FolderTally tally = _open.Pop();
            _open.Peek().Add(tally, withContents);
            left.Add(tally);
        }

        for (int level = common; level < path.Count; level++)
        {
            _open.Push(new(path[level], string.Join('/', path.Take(level + 1)) + "/", level + 1, largeBytes));
        }

        _path = path;
        return left;
    }

    /// <summary>The folder that the walk is in.</summary>
    internal FolderTally Current => _open.Peek();
}
