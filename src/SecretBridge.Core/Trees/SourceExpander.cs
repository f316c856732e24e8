using System.Runtime.CompilerServices;
using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>Turns the items given to an operation into the secrets they lead to: folders are walked, rows are taken as they are.</summary>
/// <param name="stores">Finds the stores.</param>
/// <param name="filter">What to keep.</param>
/// <param name="depth">How many folders deep to go.</param>
/// <param name="throttleLimit">How many listings may be in flight; null for the usual number.</param>
/// <param name="seekTwin">Whether to look for a secret that has the very name of a folder given as a root: one more request a root.</param>
internal sealed class SourceExpander(IStoreResolver stores, PathFilter filter, int? depth, int? throttleLimit, bool seekTwin = false)
{
    internal async IAsyncEnumerable<SourceStep> RunAsync(
        IAsyncEnumerable<TreeItem> items, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (TreeItem item in items.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            (SecretReference? reference, StoreLocation? location, BridgeException? fault) =
                await ResolveAsync(item, cancellationToken).ConfigureAwait(false);
            if (fault is not null)
            {
                yield return Refused(item, fault);
            }
            else if (!location!.Store.Capabilities.HasFlag(StoreCapabilities.List) && item.RelativePath is null)
            {
                // What cannot be listed can still be asked for one secret by its exact name.
                yield return item.Uri.EndsWith('/') || location.Path.IsRoot
                    ? Refused(item, new(FaultKind.NotSupported, item.Uri, $"'{item.Uri}' is a folder, and its store cannot list one: name each secret."))
                    : await SecretItselfAsync(item, reference!, location, cancellationToken).ConfigureAwait(false);
            }
            else if (item.RelativePath is { Length: > 0 } relative && !relative.EndsWith('/'))
            {
                if (filter.Keeps(relative))
                {
                    yield return Row(item, relative, reference!, location!);
                }
            }
            else
            {
                await foreach (SourceStep step in WalkAsync(item, reference!, location!, cancellationToken).ConfigureAwait(false))
                {
                    yield return step;
                }
            }
        }
    }

    /// <summary>Whether there is a secret, in whatever state, at a place that is no folder.</summary>
    internal static async Task<bool> IsSecretAsync(StoreLocation location, CancellationToken cancellationToken) =>
        location.Store.Capabilities.HasFlag(StoreCapabilities.Metadata)
            ? await location.Store.ReadMetadataAsync(location.Path, cancellationToken).ConfigureAwait(false) is not null
            : (await location.Store.ReadAsync(location.Path, null, cancellationToken).ConfigureAwait(false)).State != SecretState.Absent;

    private static SourceStep Refused(TreeItem item, BridgeException fault) =>
        new() { Uri = item.Uri, Root = item.Root ?? item.Uri, RelativePath = item.RelativePath ?? "", Fault = fault };

    private static SourceStep Row(TreeItem item, string relative, SecretReference reference, StoreLocation location)
    {
        var path = SecretPath.Parse(relative);
        StoreLocation root = location.Path.Value == path.Value || location.Path.Value.EndsWith("/" + path.Value, StringComparison.Ordinal)
            ? location with { Path = SecretPath.Parse(location.Path.Value[..^path.Value.Length]) }
            : location;
        return new()
        {
            Uri = location.Pinned(reference.Version, null),
            Root = item.Root ?? root.Uri,
            RelativePath = relative,
            Relative = path,
            Location = location,
            RootLocation = root,
            Version = reference.Version,
        };
    }

    private async Task<(SecretReference?, StoreLocation?, BridgeException?)> ResolveAsync(TreeItem item, CancellationToken cancellationToken)
    {
        try
        {
            var reference = SecretReference.Parse(item.Uri);
            _ = SecretPath.Parse(item.RelativePath ?? "");
            if (reference.Key is not null)
            {
                throw new BridgeException(FaultKind.InvalidReference, item.Uri,
                    $"'{item.Uri}' names one key of a secret; trees are made of whole secrets.");
            }

            return (reference, await stores.ResolveAsync(reference, cancellationToken).ConfigureAwait(false), null);
        }
        catch (BridgeException exception) when (exception.Kind is not (FaultKind.NotConnected or FaultKind.InvalidArgument))
        {
            return (null, null, exception);
        }
    }

    private async IAsyncEnumerable<SourceStep> WalkAsync(
        TreeItem item, SecretReference reference, StoreLocation location, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // A folder out of a row keeps its place below the root of that row.
        SecretPath above = item.RelativePath is { Length: > 0 } relative ? SecretPath.Parse(relative) : SecretPath.Root;
        string rootUri = item.Root ?? location.Uri;
        bool found = false;
        using var walker = new TreeWalker(location.Store, location.Path, filter, depth, throttleLimit);
        if (reference.Version is null)
        {
            await foreach (WalkStep step in walker.RunAsync(cancellationToken).ConfigureAwait(false))
            {
                found = true;
                yield return new()
                {
                    Uri = UriOf(location, step),
                    Root = rootUri,
                    RelativePath = above.IsRoot ? step.RelativePath : above.Value + "/" + step.RelativePath,
                    Relative = above.Append(step.Path),
                    Location = location with { Path = location.Path.Append(step.Path) },
                    RootLocation = location,
                    IsListed = true,
                    Fault = step.Fault,
                };
            }
        }

        if (found && seekTwin && item.RelativePath is null && !item.Uri.EndsWith('/')
            && await TwinAsync(item, location, cancellationToken).ConfigureAwait(false) is { } twin)
        {
            yield return twin;
        }

        if (!found && (!walker.RootExists || reference.Version is not null) && !location.Path.IsRoot)
        {
            yield return await SecretItselfAsync(item, reference, location, cancellationToken).ConfigureAwait(false);
        }
    }

    // The folder's contents were meant, and the secret of the same name is none of them: it must not be missed in silence.
    private static async Task<SourceStep?> TwinAsync(TreeItem item, StoreLocation location, CancellationToken cancellationToken)
    {
        try
        {
            return !location.Path.IsRoot && await IsSecretAsync(location, cancellationToken).ConfigureAwait(false)
                ? new() { Uri = location.Uri, Root = item.Root ?? location.Uri, RelativePath = "", IsTwin = true }
                : null;
        }
        catch (BridgeException)
        {
            // A token with rights below a folder alone cannot tell, and has no right to that secret either.
            return null;
        }
    }

    // A reference that is no folder may be a secret: it then lands below the destination under its own name.
    private static async Task<SourceStep> SecretItselfAsync(
        TreeItem item, SecretReference reference, StoreLocation location, CancellationToken cancellationToken)
    {
        try
        {
            return await IsSecretAsync(location, cancellationToken).ConfigureAwait(false)
                ? Row(item with { Root = null }, location.Path.Name, reference, location)
                : Refused(item, new(FaultKind.SecretNotFound, location.Uri, location.Store.Capabilities.HasFlag(StoreCapabilities.List)
                    ? $"There is neither a folder nor a secret at '{location.Uri}'."
                    : $"There is no secret at '{location.Uri}'. If it is a folder, name each secret in it: its store cannot list one."));
        }
        catch (BridgeException exception)
        {
            return Refused(item with { Uri = location.Uri }, exception);
        }
    }

    private static string UriOf(StoreLocation location, WalkStep step) =>
        step.Fault is null ? location.UriOf(step.Path)
        : step.RelativePath.Length == 0 ? location.Uri + "/"
        : step.Path.Value + "/" == step.RelativePath ? location.UriOf(step.Path) + "/"
        : location.UriOf(step.Path);
}
