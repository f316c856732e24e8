using System.Runtime.CompilerServices;
using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>One side of a comparison: its names in order, each with the path by which it is compared.</summary>
internal sealed class TreeSide(StoreLocation location, bool mayBeSecret, PathFilter filter, int? throttleLimit)
{
    internal StoreLocation Location => location;

    internal ISecretStore Store => location.Store;

    /// <summary>Whether it tells its names itself.</summary>
    internal bool CanList => Store.Capabilities.HasFlag(StoreCapabilities.List);

    /// <summary>Whether the reference may name one secret, not a folder.</summary>
    internal bool MayBeSecret => mayBeSecret && !location.Path.IsRoot;

    /// <summary>
    /// The names in UTF-8 byte order. A secret that the reference itself names comes first, with an empty path, whether or not
    /// there is a folder of that name too.
    /// </summary>
    internal async IAsyncEnumerable<SideName> NamesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        SideName? itself = MayBeSecret ? await ItselfAsync(cancellationToken).ConfigureAwait(false) : null;
        bool found = itself is { Fault: null };
        if (found)
        {
            yield return itself!;
        }

        using var walker = new TreeWalker(Store, location.Path, filter, null, throttleLimit);
        await foreach (WalkStep step in walker.RunAsync(cancellationToken).ConfigureAwait(false))
        {
            found = true;
            yield return new(step.RelativePath, step.Path, step.RelativePath, step.Fault);
        }

        // A token with rights below a folder alone may not look at the folder's own name; without a folder that is a fault.
        if (!found && !walker.RootExists && itself is not null)
        {
            yield return itself;
        }
    }

    /// <summary>
    /// The names put in the order of the paths that a map leads them to. A name that no rule matches keeps an impossible
    /// path of its own, and so finds no counterpart.
    /// </summary>
    /// <exception cref="BridgeException">The map leads two names to one.</exception>
    internal async Task<List<SideName>> MappedAsync(PathMap map, CancellationToken cancellationToken)
    {
        var names = new List<SideName>();
        await foreach (SideName name in NamesAsync(cancellationToken).ConfigureAwait(false))
        {
            // What is below a folder that could not be listed might lead anywhere: it stands before all.
            names.Add(name.Fault is not null ? name with { Compared = "" }
                : await map.ApplyAsync(name.Path, cancellationToken).ConfigureAwait(false) is { } target ? name with { Compared = target.Value }
                : name with { Compared = name.RelativePath + "/", Unmapped = true });
        }

        names.Sort((a, b) => Utf8Order.Instance.Compare(a.Compared, b.Compared));
        for (int i = 1; i < names.Count; i++)
        {
            if (names[i].Fault is null && names[i].Compared == names[i - 1].Compared && names[i - 1].Fault is null)
            {
                throw new BridgeException(FaultKind.MapCollision, UriOf(names[i]),
                    $"The map leads both '{UriOf(names[i - 1])}' and '{UriOf(names[i])}' to '{names[i].Compared}'.");
            }
        }

        return names;
    }

    internal string UriOf(SideName name) =>
        name.Fault is not null && name.RelativePath.EndsWith('/') ? location.UriOf(name.Path) + "/"
        : name.Fault is not null && name.RelativePath.Length == 0 ? location.Uri + "/"
        : location.UriOf(name.Path);

    private async Task<SideName?> ItselfAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await SourceExpander.IsSecretAsync(location, cancellationToken).ConfigureAwait(false)
                ? new("", SecretPath.Root, "", null)
                : null;
        }
        catch (BridgeException exception)
        {
            return new("", SecretPath.Root, "", exception);
        }
    }
}
