using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>Include and exclude globs together.</summary>
internal sealed class PathFilter
{
    private readonly PathGlob[] _include;
    private readonly PathGlob[] _exclude;

    internal PathFilter(IEnumerable<string> include, IEnumerable<string> exclude)
    {
        _include = include.Select(PathGlob.Filter).ToArray();
        _exclude = exclude.Select(PathGlob.Filter).ToArray();
    }

    internal bool Keeps(string relativePath) =>
        (_include.Length == 0 || Array.Exists(_include, glob => glob.IsMatch(relativePath)))
        && !Array.Exists(_exclude, glob => glob.IsMatch(relativePath));

    /// <summary>Whether nothing below a folder can be kept, so that it need not be listed.</summary>
    internal bool Prunes(string relativeFolder) => Array.Exists(_exclude, glob => glob.CoversFolder(relativeFolder));
}
