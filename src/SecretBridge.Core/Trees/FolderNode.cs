using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>A folder that a walk has come to know of, and its listing once that was asked for.</summary>
internal sealed class FolderNode(SecretPath path, int depth)
{
    private volatile FolderListing? _listing;
    private FolderNode?[]? _children;

    /// <summary>The path below the root of the walk.</summary>
    internal SecretPath Path => path;

    /// <summary>How many levels down: the root is 1.</summary>
    internal int Depth => depth;

    /// <summary>The request for the listing; null while it was not sent.</summary>
    internal Task? Request { get; set; }

    /// <summary>The listing, empty where it failed; null until it came.</summary>
    internal FolderListing? Listing
    {
        get => _listing;
        set => _listing = value;
    }

    /// <summary>Why the folder could not be listed.</summary>
    internal BridgeException? Fault { get; set; }

    /// <summary>The index of the next name to be visited.</summary>
    internal int Next { get; set; }

    /// <summary>The folders in this folder by the index of their name, null for a name that is not to be entered. None until the listing came.</summary>
    internal FolderNode?[] Children(Func<FolderNode, string, FolderNode?> enter)
    {
        if (_children is null)
        {
            if (Listing is not { } listing)
            {
                return [];
            }

            _children = new FolderNode?[listing.Names.Count];
            for (int i = 0; i < _children.Length; i++)
            {
                _children[i] = listing.Names[i].IsFolder ? enter(this, listing.Names[i].Name) : null;
            }
        }

        return _children;
    }

    /// <summary>Lets go of a folder that was walked.</summary>
    internal void Forget(int child) => _children![child] = null;
}
