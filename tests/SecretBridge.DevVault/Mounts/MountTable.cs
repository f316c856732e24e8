using System.Diagnostics.CodeAnalysis;

namespace SecretBridge.DevVault;

/// <summary>Mounts by path; a path belongs to the longest mount that covers it.</summary>
internal sealed class MountTable
{
    private readonly Dictionary<string, Mount> _mounts = new(StringComparer.Ordinal);

    public IEnumerable<Mount> All => _mounts.Values.OrderBy(mount => mount.Path, Utf8Order.Instance);

    public void Add(Mount mount) => _mounts[mount.Path] = mount;

    public bool Remove(string path) => _mounts.Remove(path);

    public bool TryGet(string path, [MaybeNullWhen(false)] out Mount mount) => _mounts.TryGetValue(path, out mount);

    /// <summary>A new mount may stand neither inside another nor around one.</summary>
    public Mount? Conflict(string path) =>
        _mounts.Values.FirstOrDefault(mount =>
            mount.Path.StartsWith(path, StringComparison.Ordinal) || path.StartsWith(mount.Path, StringComparison.Ordinal));

    public Mount? Find(string path)
    {
        int slash = path.IndexOf('/', StringComparison.Ordinal);
        while (slash >= 0)
        {
            if (_mounts.TryGetValue(path[..(slash + 1)], out Mount? mount))
            {
                return mount;
            }
            slash = path.IndexOf('/', slash + 1);
        }
        return _mounts.GetValueOrDefault(path + "/");
    }
}
