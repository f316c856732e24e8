using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>
/// Tells which names a destination has, with one listing a folder. A folder that its parent does not list is not asked
/// for. Keeps the listings used last; what was forgotten is listed again.
/// </summary>
internal sealed class DestinationFolders(ISecretStore store, SecretPath root, CancellationToken cancellationToken)
{
    private const int Kept = 256;

    private readonly Dictionary<SecretPath, LinkedListNode<(SecretPath Folder, Task<HashSet<string>?> Names)>> _listings = [];
    private readonly LinkedList<(SecretPath Folder, Task<HashSet<string>?> Names)> _recent = new();
    private readonly object _gate = new();

    /// <summary>Whether a secret may be there. True as well where the folder cannot be listed.</summary>
    internal async Task<bool> MayExistAsync(SecretPath path) =>
        await NamesAsync(path.Parent).ConfigureAwait(false) is not { } names || names.Contains(path.Name);

    private Task<HashSet<string>?> NamesAsync(SecretPath folder)
    {
        lock (_gate)
        {
            if (_listings.TryGetValue(folder, out var known))
            {
                _recent.Remove(known);
                _recent.AddFirst(known);
                return known.Value.Names;
            }

            Task<HashSet<string>?> names = ListAsync(folder);
            _listings[folder] = _recent.AddFirst((folder, names));
            if (_recent.Count > Kept)
            {
                _listings.Remove(_recent.Last!.Value.Folder);
                _recent.RemoveLast();
            }

            return names;
        }
    }

    private async Task<HashSet<string>?> ListAsync(SecretPath folder)
    {
        // The caller holds a lock; nothing but the start of the request happens inside it.
        await Task.Yield();
        // A secret may have the very name of the destination: the folder that it is in lies above, and is listed by itself.
        if (folder != root && folder.IsAtOrBelow(root) && await NamesAsync(folder.Parent).ConfigureAwait(false) is { } above && !above.Contains(folder.Name + "/"))
        {
            return [];
        }

        try
        {
            FolderListing listing = await store.ListAsync(folder, cancellationToken).ConfigureAwait(false);
            return listing.Names.Select(name => name.Listed).ToHashSet(StringComparer.Ordinal);
        }
        catch (BridgeException)
        {
            // Not lost: the secret itself is read before it is written, and that read says what is wrong.
            return null;
        }
    }
}
