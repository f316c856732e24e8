using System.Runtime.CompilerServices;
using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>
/// Walks one folder of one store depth-first, in the UTF-8 byte order of full paths. Listings of the folders that come next
/// run ahead in parallel, so many at a time and so many in store, so that order costs no speed and memory is bounded.
/// </summary>
internal sealed class TreeWalker : IDisposable
{
    private const int AheadForEachRequest = 4;

    private readonly ISecretStore _store;
    private readonly SecretPath _root;
    private readonly PathFilter _filter;
    private readonly int? _depth;
    private readonly SemaphoreSlim _requests;
    private readonly int _maximumAhead;
    private int _ahead;

    internal TreeWalker(ISecretStore store, SecretPath root, PathFilter filter, int? depth, int? throttleLimit)
    {
        int listings = throttleLimit ?? BoundedPipe.UsualDegree;
        _store = store;
        _root = root;
        _filter = filter;
        _depth = depth;
        _requests = new(listings);
        _maximumAhead = listings * AheadForEachRequest;
    }

    public void Dispose() => _requests.Dispose();

    /// <summary>Whether the root was there when it was listed. Meaningful after the first step, or at the end.</summary>
    internal bool RootExists { get; private set; } = true;

    internal async IAsyncEnumerable<WalkStep> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (await _store.TryScanAsync(_root, cancellationToken).ConfigureAwait(false) is { } paths)
        {
            RootExists = paths.Count > 0;
            foreach (SecretPath path in paths.Where(path => _depth is null || path.Segments.Count <= _depth).Order())
            {
                if (_filter.Keeps(path.Value))
                {
                    yield return WalkStep.Secret(path);
                }
            }

            yield break;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var open = new List<FolderNode>();
        var root = new FolderNode(SecretPath.Root, 1);
        Start(root, stop.Token);
        try
        {
            await TakeAsync(root).ConfigureAwait(false);
            RootExists = root.Listing!.Exists || root.Fault is not null;
            if (root.Fault is { } rootFault)
            {
                yield return WalkStep.Folder(root.Path, rootFault);
            }

            open.Add(root);
            while (open.Count > 0)
            {
                FolderNode folder = open[^1];
                IReadOnlyList<ListedName> names = folder.Listing!.Names;
                if (folder.Next == names.Count)
                {
                    open.RemoveAt(open.Count - 1);
                    continue;
                }

                int index = folder.Next++;
                ListedName name = names[index];
                if (Flaw(folder, name) is { } flaw)
                {
                    yield return flaw;
                }
                else if (!name.IsFolder)
                {
                    SecretPath path = folder.Path.Append(name.Name);
                    if (_filter.Keeps(path.Value))
                    {
                        yield return WalkStep.Secret(path);
                    }
                }
                else if (folder.Children(Enter)[index] is { } child)
                {
                    RunAhead(open, child, stop.Token);
                    await TakeAsync(child).ConfigureAwait(false);
                    folder.Forget(index);

                    // A folder that vanished since its parent was listed has no names: that is a race, not a fault.
                    if (child.Fault is { } fault)
                    {
                        yield return WalkStep.Folder(child.Path, fault);
                    }

                    open.Add(child);
                }
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await SettleAsync([root, .. open]).ConfigureAwait(false);
        }
    }

    private static WalkStep? Flaw(FolderNode folder, ListedName name)
    {
        try
        {
            _ = SecretPath.FromSegments([name.Name]);
            return null;
        }
        catch (BridgeException exception)
        {
            string text = folder.Path.IsRoot ? name.Listed : folder.Path.Value + "/" + name.Listed;
            return new(folder.Path, text, exception);
        }
    }

    private FolderNode? Enter(FolderNode parent, string name)
    {
        if (parent.Depth >= _depth || Flaw(parent, new(name, true)) is not null)
        {
            return null;
        }

        SecretPath path = parent.Path.Append(name);
        return _filter.Prunes(path.Value) ? null : new(path, parent.Depth + 1);
    }

    private void Start(FolderNode node, CancellationToken cancellationToken)
    {
        _ahead++;
        node.Request = ListAsync(node, cancellationToken);
    }

    private Task TakeAsync(FolderNode node)
    {
        _ahead--;
        return node.Request!;
    }

    private async Task ListAsync(FolderNode node, CancellationToken cancellationToken)
    {
        await _requests.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            node.Listing = await _store.ListAsync(_root.Append(node.Path), cancellationToken).ConfigureAwait(false);
        }
        catch (BridgeException exception)
        {
            node.Fault = exception;
            node.Listing = FolderListing.Absent;
        }
        finally
        {
            _requests.Release();
        }
    }

    // Starts the listing that is wanted now, then those that come next in the order of the walk, as far as they are known.
    private void RunAhead(List<FolderNode> open, FolderNode wanted, CancellationToken cancellationToken)
    {
        if (wanted.Request is null)
        {
            Start(wanted, cancellationToken);
        }

        for (int level = open.Count - 1; level >= 0 && _ahead < _maximumAhead; level--)
        {
            StartBelow(open[level], open[level].Next, cancellationToken);
        }
    }

    private void StartBelow(FolderNode folder, int from, CancellationToken cancellationToken)
    {
        FolderNode?[] children = folder.Children(Enter);
        for (int i = from; i < children.Length && _ahead < _maximumAhead; i++)
        {
            if (children[i] is not { } child)
            {
                continue;
            }

            if (child.Request is null)
            {
                Start(child, cancellationToken);
            }

            StartBelow(child, 0, cancellationToken);
        }
    }

    private async Task SettleAsync(IEnumerable<FolderNode?> nodes)
    {
        foreach (FolderNode? node in nodes)
        {
            if (node?.Request is { } request)
            {
                await request.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await SettleAsync(node.Children(Enter)).ConfigureAwait(false);
            }
        }
    }
}
