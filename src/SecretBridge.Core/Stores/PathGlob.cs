using System.Text;
using System.Text.RegularExpressions;
using SecretBridge.Reporting;

namespace SecretBridge.Stores;

/// <summary>
/// A glob over relative paths: <c>*</c> and <c>?</c> stay within one name, <c>**</c> spans folders, all else is literal and
/// case-sensitive.
/// </summary>
internal sealed class PathGlob
{
    private readonly Regex _regex;
    private readonly bool _nameOnly;
    private readonly PathGlob? _folder;

    private PathGlob(Regex regex, bool nameOnly, int wildcards, PathGlob? folder)
    {
        _regex = regex;
        _nameOnly = nameOnly;
        _folder = folder;
        Wildcards = wildcards;
    }

    /// <summary>How many wildcards the glob has.</summary>
    internal int Wildcards { get; }

    /// <summary>A filter: a glob without a slash is matched against the last name; a trailing slash means all below a folder.</summary>
    internal static PathGlob Filter(string pattern)
    {
        string whole = pattern.EndsWith('/') ? pattern + "**" : pattern;
        bool nameOnly = !whole.Contains('/', StringComparison.Ordinal) && whole != "**";
        PathGlob? folder = whole.EndsWith("/**", StringComparison.Ordinal) ? Path(whole[..^3]) : null;
        return Build(whole, nameOnly, folder);
    }

    /// <summary>A glob over the whole relative path.</summary>
    internal static PathGlob Path(string pattern) => Build(pattern, nameOnly: false, folder: null);

    internal bool IsMatch(string relativePath) =>
        _regex.IsMatch(_nameOnly ? relativePath[(relativePath.LastIndexOf('/') + 1)..] : relativePath);

    /// <summary>Whether everything below a folder matches, so that it need not be listed.</summary>
    internal bool CoversFolder(string relativeFolder)
    {
        if (_folder is null)
        {
            return _regex.ToString() == "^(.+)$";
        }

        for (int end = relativeFolder.Length; end > 0; end = relativeFolder.LastIndexOf('/', end - 1))
        {
            if (_folder.IsMatch(relativeFolder[..end]))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What each wildcard matched, in order; null where the path does not match.</summary>
    internal string[]? Capture(string relativePath)
    {
        Match match = _regex.Match(relativePath);
        return match.Success ? match.Groups.Values.Skip(1).Select(group => group.Value).ToArray() : null;
    }

    /// <summary>Splits a pattern into literal text and wildcards, which come as <c>*</c>, <c>**</c> and <c>?</c>.</summary>
    internal static IEnumerable<(string Text, bool IsWildcard)> Parts(string pattern)
    {
        var literal = new StringBuilder();
        for (int i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] is not ('*' or '?'))
            {
                literal.Append(pattern[i]);
                continue;
            }

            if (literal.Length > 0)
            {
                yield return (literal.ToString(), false);
                literal.Clear();
            }

            bool spans = pattern[i] == '*' && i + 1 < pattern.Length && pattern[i + 1] == '*';
            yield return (spans ? "**" : pattern[i].ToString(), true);
            i += spans ? 1 : 0;
        }

        if (literal.Length > 0)
        {
            yield return (literal.ToString(), false);
        }
    }

    private static PathGlob Build(string pattern, bool nameOnly, PathGlob? folder)
    {
        if (pattern.Length == 0 || pattern.StartsWith('/') || pattern.Contains("***", StringComparison.Ordinal))
        {
            throw new BridgeException(FaultKind.InvalidArgument, pattern,
                $"'{pattern}' is not a glob of relative paths: it is empty, starts with '/' or holds '***'.");
        }

        var regex = new StringBuilder("^");
        int wildcards = 0;
        bool startsName = true;
        (string Text, bool IsWildcard)[] parts = Parts(pattern).ToArray();
        for (int i = 0; i < parts.Length; i++)
        {
            (string text, bool isWildcard) = parts[i];
            if (isWildcard)
            {
                wildcards++;
                bool mayBeNothing = text == "**" && startsName && i + 1 < parts.Length && parts[i + 1].Text.StartsWith('/');
                regex.Append(mayBeNothing ? "(?:(.+)/)?" : text switch { "**" => "(.+)", "*" => "([^/]*)", _ => "([^/])" });
                if (mayBeNothing)
                {
                    // A "**/" at the start of a name also stands for no folder at all; its slash is in the group.
                    parts[i + 1].Text = parts[i + 1].Text[1..];
                }
            }
            else
            {
                regex.Append(Regex.Escape(text));
            }

            startsName = isWildcard ? text == "**" && startsName && regex[^1] == '?' : text.EndsWith('/') || (text.Length == 0 && startsName);
        }

        regex.Append('$');
        return new(new Regex(regex.ToString(), RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.NonBacktracking),
            nameOnly, wildcards, folder);
    }
}
