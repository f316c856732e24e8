using System.Text;
using System.Text.RegularExpressions;
using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>One rule of a map that is for more than one path.</summary>
internal sealed class PathRule
{
    private const string RegexMark = "regex:";
    private const string GlobMark = "glob:";

    private readonly Func<string, string?> _lead;

    private PathRule(MapRule rule, bool isPrefix, Func<string, string?> lead)
    {
        Source = rule.Source;
        Transform = rule.Transform;
        IsPrefix = isPrefix;
        _lead = lead;
    }

    internal string Source { get; }

    internal Func<string, CancellationToken, ValueTask<string?>>? Transform { get; }

    /// <summary>Whether it only puts one prefix for another.</summary>
    internal bool IsPrefix { get; }

    /// <summary>The rule, ready to be asked; null where it is for one exact path.</summary>
    /// <exception cref="BridgeException">It cannot be right (<see cref="FaultKind.InvalidArgument"/>).</exception>
    internal static PathRule? Of(MapRule given)
    {
        ArgumentNullException.ThrowIfNull(given.Destination);
        if (given.Source.StartsWith(RegexMark, StringComparison.Ordinal))
        {
            Regex regex = Compile(given.Source);
            return new(given, isPrefix: false, path => !regex.IsMatch(path) ? null : given.Transform is null ? Tidy(regex.Replace(path, given.Destination)) : path);
        }

        // A trailing slash on both sides is a folder's mark: all below it.
        string source = Pattern(given.Source), destination = given.Destination;
        if (source.EndsWith('/') && (given.Transform is not null || destination.EndsWith('/') || destination.Length == 0))
        {
            (source, destination) = (source + "**", destination + "**");
        }

        var glob = PathGlob.Path(source);
        if (given.Transform is not null)
        {
            return new(given, isPrefix: false, path => glob.Capture(path) is null ? null : path);
        }

        int wanted = PathGlob.Parts(destination).Count(part => part.IsWildcard);
        if (wanted != glob.Wildcards)
        {
            throw new BridgeException(FaultKind.InvalidArgument, given.Source,
                $"The map rule '{source}' = '{destination}' has {glob.Wildcards} wildcards at its source and {wanted} at its destination; each must find its counterpart.");
        }

        return glob.Wildcards == 0 ? null : new(given, IsPrefixPattern(source) && IsPrefixPattern(destination),
            path => glob.Capture(path) is { } captured ? Fill(destination, captured) : null);
    }

    /// <summary>The glob or path of a source, without the mark that says so.</summary>
    internal static string Pattern(string source) => source.StartsWith(GlobMark, StringComparison.Ordinal) ? source[GlobMark.Length..] : source;

    /// <summary>Whether it matters where in a map a rule stands.</summary>
    internal static bool IsOrdered(string source) =>
        source.StartsWith(RegexMark, StringComparison.Ordinal) || source.AsSpan().IndexOfAny('*', '?') >= 0 || source.EndsWith('/');

    /// <summary>Where a path leads; null where the rule is not for it.</summary>
    internal string? Lead(string path) => _lead(path);

    /// <summary>As <see cref="Lead"/>, asking whoever makes the destination.</summary>
    internal async ValueTask<string?> LeadAsync(string path, CancellationToken cancellationToken) =>
        _lead(path) is not { } target ? null
        : Transform is null ? target
        : await Transform(path, cancellationToken).ConfigureAwait(false);

    private static Regex Compile(string source)
    {
        try
        {
            return new(source[RegexMark.Length..], RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.NonBacktracking);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            throw new BridgeException(FaultKind.InvalidArgument, source,
                $"The map rule '{source}' is no regular expression that can be used: {exception.Message} Look-around and back-references are not among what can.", exception);
        }
    }

    private static string Fill(string template, string[] captured)
    {
        var text = new StringBuilder();
        int next = 0;
        foreach ((string part, bool isWildcard) in PathGlob.Parts(template))
        {
            text.Append(isWildcard ? captured[next++] : part);
        }

        return Tidy(text.ToString());
    }

    // An inner "**/" or a group that matched no folder leaves an empty name behind.
    private static string Tidy(string path) => path.Replace("//", "/", StringComparison.Ordinal).TrimStart('/');

    private static bool IsPrefixPattern(string pattern) =>
        pattern == "**"
        || (pattern.EndsWith("/**", StringComparison.Ordinal) && pattern.AsSpan(0, pattern.Length - 2).IndexOfAny('*', '?') < 0);
}
