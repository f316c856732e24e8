using System.Globalization;
using System.Text;
using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Inventory;

/// <summary>Counts what lies in one folder while the walk is in it.</summary>
internal sealed class FolderTally(string name, string relativePath, int level, long largeBytes)
{
    private const int UsualMaxVersions = 10;

    private readonly List<long> _byDepth = [];
    private long _versions, _deletedVersions, _destroyedVersions, _deleted, _destroyed, _without;
    private long _neverUpdated, _nearVersions, _near, _due, _bytes, _large;
    private long? _largestBytes;
    private string? _largest;
    private DateTimeOffset? _oldest, _newest, _next;
    private BridgeException? _fault;

    internal string Name => name;

    internal int Level => level;

    internal long Secrets { get; private set; }

    internal long Unreadable { get; private set; }

    internal long Folders { get; private set; }

    internal long NameBytes { get; private set; }

    internal void Add(string secret, MeasuredStep step)
    {
        Secrets++;
        NameBytes += Encoding.UTF8.GetByteCount(secret);
        AddDepth(0, 1);
        if (step.Fault is { } fault)
        {
            AddUnreadable(fault);
        }

        if (step.Metadata is { } metadata)
        {
            Add(metadata, step);
        }
        else
        {
            _near += step.IsNearSizeLimit ? 1 : 0;
        }

        if (step.Bytes is { } bytes)
        {
            _bytes += bytes;
            _large += bytes >= largeBytes ? 1 : 0;
            Larger(bytes, step.Step!.Uri);
        }
    }

    internal void AddUnreadable(BridgeException fault)
    {
        Unreadable++;
        _fault ??= fault;
    }

    /// <summary>Adds a folder that the walk has left.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="withContents">Whether what was counted in it counts here too.</param>
    internal void Add(FolderTally folder, bool withContents)
    {
        Folders++;
        NameBytes += Encoding.UTF8.GetByteCount(folder.Name);
        if (!withContents)
        {
            return;
        }

        Secrets += folder.Secrets;
        Folders += folder.Folders;
        NameBytes += folder.NameBytes;
        for (int depth = 0; depth < folder._byDepth.Count; depth++)
        {
            AddDepth(depth + 1, folder._byDepth[depth]);
        }

        _versions += folder._versions;
        _deletedVersions += folder._deletedVersions;
        _destroyedVersions += folder._destroyedVersions;
        _deleted += folder._deleted;
        _destroyed += folder._destroyed;
        _without += folder._without;
        _neverUpdated += folder._neverUpdated;
        _nearVersions += folder._nearVersions;
        _near += folder._near;
        _due += folder._due;
        _next = Earlier(_next, folder._next);
        _oldest = Earlier(_oldest, folder._oldest);
        _newest = Later(_newest, folder._newest);
        _bytes += folder._bytes;
        _large += folder._large;
        Larger(folder._largestBytes, folder._largest);
        Unreadable += folder.Unreadable;
        _fault ??= folder._fault;
    }

    /// <summary>The row of what was counted so far.</summary>
    internal SubtreeMeasure Row(MeasuredRoot root, MeasureOptions options)
    {
        bool hasMetadata = root.HasMetadata && !options.NamesOnly, hasSizes = options.IncludeSize;
        string uri = level == 0 || root.Location is null ? root.Uri : root.Location.UriOf(SecretPath.Parse(relativePath)) + "/";
        return new()
        {
            Uri = uri,
            Root = root.Uri,
            RelativePath = relativePath,
            Level = level,
            Secrets = Secrets,
            Folders = Folders,
            SecretsByDepth = _byDepth.ToArray(),
            DeepestLevel = Math.Max(0, _byDepth.Count - 1),
            NameBytes = NameBytes,
            Versions = Told(hasMetadata, _versions),
            DeletedVersions = Told(hasMetadata, _deletedVersions),
            DestroyedVersions = Told(hasMetadata, _destroyedVersions),
            DeletedLatest = Told(hasMetadata, _deleted),
            DestroyedLatest = Told(hasMetadata, _destroyed),
            WithoutVersion = Told(hasMetadata, _without),
            OldestChange = _oldest,
            NewestChange = _newest,
            NeverUpdated = Told(hasMetadata, _neverUpdated),
            NearMaxVersions = Told(hasMetadata, _nearVersions),
            NearLimits = Told(hasMetadata || hasSizes, _near),
            DeleteAfterDue = Told(hasMetadata, _due),
            NextDeletion = _next,
            TotalBytes = Told(hasSizes, _bytes),
            LargestBytes = _largestBytes,
            LargestSecret = _largest,
            Large = Told(hasSizes, _large),
            Unreadable = Unreadable,
            Fault = Whole(uri),
        };
    }

    /// <summary>The failure that stands for all that could not be read; null where everything was.</summary>
    /// <param name="uri">Where it was not.</param>
    internal BridgeException? Whole(string uri) => _fault is null ? null : new(_fault.Kind, uri, string.Create(CultureInfo.InvariantCulture,
        $"Not all of '{uri}' was counted: {Unreadable} {(Unreadable == 1 ? "item" : "items")} could not be read, the first because: {_fault.Message}"), _fault);

    private static long? Told(bool isKnown, long figure) => isKnown ? figure : null;

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one is null || other < one ? other ?? one : one;

    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) => one is null || other > one ? other ?? one : one;

    private void Add(SecretMetadata metadata, MeasuredStep step)
    {
        SecretState state = metadata.StateAt(step.Now);
        _versions += metadata.Versions.Count;
        _deletedVersions += metadata.Versions.Count(version => version.StateAt(step.Now) == SecretState.Deleted);
        _destroyedVersions += metadata.Versions.Count(version => version.Destroyed);
        _deleted += state == SecretState.Deleted ? 1 : 0;
        _destroyed += state == SecretState.Destroyed ? 1 : 0;
        _without += state == SecretState.MetadataOnly ? 1 : 0;
        _neverUpdated += metadata.CurrentVersion == 1 ? 1 : 0;
        if (state != SecretState.MetadataOnly)
        {
            _oldest = Earlier(_oldest, metadata.UpdatedTime);
            _newest = Later(_newest, metadata.UpdatedTime);
        }

        // The larger of both counts: a secret's own number cannot lower the mount's.
        int most = Math.Max(metadata.MaxVersions, step.Root.MaxVersions) is > 0 and var set ? set : UsualMaxVersions;
        bool isNearVersions = IsNear(metadata.Versions.Count, most) && step.Root.Location!.Store.Capabilities.HasFlag(StoreCapabilities.Versions);
        _nearVersions += isNearVersions ? 1 : 0;
        _near += isNearVersions || step.IsNearSizeLimit || IsNear(metadata.CustomMetadata.Count, MetadataLimits.MostKeys) ? 1 : 0;
        if (state == SecretState.Live && metadata.Versions.FirstOrDefault(version => version.Number == metadata.CurrentVersion)?.DeletionTime is { } deletion)
        {
            _due++;
            _next = Earlier(_next, deletion);
        }
    }

    /// <summary>Whether a figure has come to 80 % of a limit.</summary>
    internal static bool IsNear(long figure, long limit) => figure * 10 >= limit * 8;

    private void AddDepth(int depth, long secrets)
    {
        while (_byDepth.Count <= depth)
        {
            _byDepth.Add(0);
        }

        _byDepth[depth] += secrets;
    }

    private void Larger(long? bytes, string? uri)
    {
        if (bytes is not null && (_largestBytes is null || bytes > _largestBytes))
        {
            (_largestBytes, _largest) = (bytes, uri);
        }
    }
}
