using System.Runtime.CompilerServices;
using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Trees;

namespace SecretBridge.Inventory;

/// <summary>Lists mounts, and counts what KV mounts hold, several at once.</summary>
public sealed class MountInventory
{
    private const int MostMounts = 4;

    private readonly MountInventoryOptions _options;
    private readonly IReporter _reporter;

    /// <summary>Prepares a listing.</summary>
    /// <exception cref="BridgeException">An option cannot be right.</exception>
    public MountInventory(MountInventoryOptions options, IReporter reporter)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _reporter = reporter;
    }

    /// <summary>
    /// Lists, in the order of names. Counts that are not whole are a fault of their row. A name that leads to no mount is a fault
    /// of the row, which has no type.
    /// </summary>
    public async IAsyncEnumerable<VaultMount> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IReadOnlyList<VaultMount> mounts = await ListAsync(cancellationToken).ConfigureAwait(false);

        // Half of what is allowed for each of two mounts, and so on: together they ask no more than one would.
        int limit = _options.ThrottleLimit ?? BoundedPipe.UsualDegree;
        int atOnce = Math.Clamp(_options.Count ? mounts.Count(mount => mount.KvVersion is not null) : limit, 1, Math.Min(limit, _options.Count ? MostMounts : limit));
        var progress = new ProgressMeter("Listing mounts", _reporter, _options.Time) { Total = mounts.Count };
        await foreach (VaultMount mount in BoundedPipe
            .SelectAsync(mounts.ToAsync(), atOnce, (mount, token) => LookAsync(mount, limit / atOnce, token), cancellationToken).ConfigureAwait(false))
        {
            progress.Count(mount.Fault is null ? "listed" : "not whole");
            yield return mount;
        }

        progress.Complete();
    }

    private async Task<IReadOnlyList<VaultMount>> ListAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<VaultMount> listed = [];
        try
        {
            listed = await _options.Backend.ListMountsAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (BridgeException exception) when (_options.Names.Count > 0 && exception.Kind is FaultKind.PermissionDenied or FaultKind.NotSupported)
        {
            _reporter.Verbose($"{exception.Message} The mounts that were named are asked for one by one.");
        }

        var mounts = listed.Where(mount => _options.IsWanted(mount.Mount) || _options.Names.Contains(mount.Mount)).ToList();
        foreach (string name in _options.Names.Where(name => listed.All(mount => mount.Mount != name)).Distinct())
        {
            VaultMount mount = await _options.Backend.FindMountAsync(name, cancellationToken).ConfigureAwait(false) ?? Missing(name);
            if (mounts.TrueForAll(other => other.Mount != mount.Mount))
            {
                mounts.Add(mount);
            }
        }

        return mounts.OrderBy(mount => mount.Mount, Utf8Order.Instance).ToArray();
    }

    private VaultMount Missing(string name) => new()
    {
        Uri = SecretReference.Create("vault", _options.Backend.Name, SecretPath.Parse(name)).ToString(),
        Mount = name,
        Type = "",
        Fault = new(FaultKind.MountNotFound, name, $"There is no mount '{name}' that the token may see. Check the name and the namespace."),
    };

    private async Task<VaultMount> LookAsync(VaultMount mount, int listings, CancellationToken cancellationToken)
    {
        VaultMount told = _options.Detailed ? await _options.Backend.WithConfigAsync(mount, cancellationToken).ConfigureAwait(false) : mount;
        return _options.Count && mount.KvVersion is not null ? await CountAsync(told, listings, cancellationToken).ConfigureAwait(false) : told;
    }

    private async Task<VaultMount> CountAsync(VaultMount mount, int listings, CancellationToken cancellationToken)
    {
        var root = new MeasuredRoot(mount.Uri, new(_options.Backend.StoreOf(mount), SecretPath.Root), 0);
        var folders = new OpenFolders(withContents: true, long.MaxValue);
        using var walker = new TreeWalker(root.Location!.Store, SecretPath.Root, new([], []), null, listings);
        await foreach (WalkStep step in walker.RunAsync(cancellationToken).ConfigureAwait(false))
        {
            folders.Enter(step.Fault is null ? step.Path.Parent : step.Path);
            if (step.Fault is { } fault)
            {
                folders.Current.AddUnreadable(fault);
                _reporter.Verbose(fault.Message);
            }
            else
            {
                folders.Current.Add(step.Path.Name, new(root, null));
            }
        }

        folders.Enter(SecretPath.Root);
        FolderTally all = folders.Root;
        return mount with { Secrets = all.Secrets, Folders = all.Folders, NameBytes = all.NameBytes, Unreadable = all.Unreadable, Fault = all.Whole(mount.Uri) };
    }
}
