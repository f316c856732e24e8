using System.Text;
using System.Text.RegularExpressions;
using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Routes;

/// <summary>A reference with wildcards: what a route is for, or where it leads.</summary>
internal sealed partial class RoutePattern
{
    private const string Hidden = "(not shown)";

    private readonly SecretReference _reference;
    private readonly PathGlob _glob;

    private RoutePattern(string text, SecretReference reference)
    {
        Text = text;
        _reference = reference;
        _glob = PathGlob.Path(reference.Path.Value);
        IReadOnlyList<string> names = reference.Path.Segments;
        Prefix = names[^1] == "**" && !names.SkipLast(1).Any(IsWild) ? SecretPath.FromSegments(names.SkipLast(1)) : null;
    }

    internal string Text { get; }

    internal bool HasScheme => _reference.Scheme is not null;

    internal int Wildcards => _glob.Wildcards;

    /// <summary>The folder of a pattern that is for everything below one; null for another pattern.</summary>
    internal SecretPath? Prefix { get; }

    /// <exception cref="BridgeException">It is none (<see cref="FaultKind.InvalidReference"/>). What may be a credential is not repeated.</exception>
    internal static RoutePattern Parse(string text)
    {
        if (Credential().IsMatch(text) || Query().IsMatch(text) || text.Contains('#', StringComparison.Ordinal))
        {
            throw new BridgeException(FaultKind.InvalidReference, Hidden,
                "What was given is no pattern of references. It is not shown: routes take no login, no version and no key. Log in with Connect-VaultBackend -Name, and write vault://name@mount/**.");
        }

        // In a pattern ? is any character of a name; in a reference it would begin a version.
        string escaped = text.Replace("?", "%3F", StringComparison.Ordinal);
        try
        {
            var reference = SecretReference.Parse(escaped);
            return reference.Path.IsRoot ? throw Refuse(text, "it names a whole store; write ** for everything in it")
                : reference.Path.Segments.Any(name => name != "**" && name.Contains("**", StringComparison.Ordinal)) ? throw Refuse(text, "** must be a name of its own")
                : new(text, reference);
        }
        catch (BridgeException exception) when (escaped != text)
        {
            throw new BridgeException(exception.Kind, text, exception.Message.Replace(escaped, text, StringComparison.Ordinal), exception);
        }
    }

    /// <summary>What each wildcard stands for in a reference; null where the pattern is not for it.</summary>
    internal string[]? Capture(SecretReference reference) => WhyOfOtherKind(reference) is null ? Capture(reference.Path) : null;

    /// <summary>What each wildcard stands for in a path, whatever its scheme.</summary>
    internal string[]? Capture(SecretPath path) => _glob.Capture(path.Value);

    /// <summary>Why the pattern is not for a reference.</summary>
    internal string? WhyNot(SecretReference reference) =>
        WhyOfOtherKind(reference) ?? (Capture(reference.Path) is not null ? null : WhyOtherPath(reference.Path.Segments));

    /// <summary>The reference that results when the wildcards stand for something.</summary>
    /// <exception cref="BridgeException">They make a path that cannot be (<see cref="FaultKind.InvalidPath"/>).</exception>
    internal SecretReference Fill(IReadOnlyList<string> captured)
    {
        var text = new StringBuilder();
        int next = 0;
        foreach ((string part, bool isWildcard) in PathGlob.Parts(_reference.Path.Value))
        {
            text.Append(isWildcard ? captured[next++] : part);
        }

        // A "**/" that matched no folder leaves an empty name behind.
        string path = text.ToString().Replace("//", "/", StringComparison.Ordinal).TrimStart('/');
        return SecretReference.Create(_reference.Scheme!, _reference.Backend, SecretPath.Parse(path));
    }

    /// <summary>Whether it is for everything that another pattern is for, as far as that can be told by a look at both.</summary>
    internal bool Covers(RoutePattern other) => Capture(other._reference) is not null && (Prefix is not null || Text == other.Text);

    public override string ToString() => Text;

    private string? WhyOfOtherKind(SecretReference reference) =>
        reference.Scheme != _reference.Scheme ? $"it is for {Kind(_reference)}, and this is one of {Kind(reference)}"
        : string.Equals(reference.Backend, _reference.Backend, StringComparison.OrdinalIgnoreCase) ? null
        : _reference.Backend is null ? $"it is for references that name no backend, and this one names '{reference.Backend}'"
        : $"it is for references that name the backend '{_reference.Backend}'";

    private string WhyOtherPath(IReadOnlyList<string> path)
    {
        IReadOnlyList<string> names = _reference.Path.Segments;
        for (int index = 0; index < names.Count && !IsWild(names[index]); index++)
        {
            if (index == path.Count || names[index] != path[index])
            {
                return index == path.Count ? $"the path ends before '{names[index]}'" : $"name {index + 1} of the path is '{path[index]}', not '{names[index]}'";
            }
        }

        return "its wildcards do not match the rest of the path";
    }

    private static string Kind(SecretReference reference) => reference.Scheme is { } scheme ? scheme + "://" : "bare names";

    private static bool IsWild(string name) => name.AsSpan().IndexOfAny('*', '?') >= 0;

    private static BridgeException Refuse(string text, string flaw) => new(FaultKind.InvalidReference, text, $"'{text}' is not a pattern of references: {flaw}.");

    // A login before the server's name, as URLs have it.
    [GeneratedRegex(@"^([^/]*://)?[^/]*:[^/@]*@")]
    private static partial Regex Credential();

    [GeneratedRegex(@"\?[^/]*=")]
    private static partial Regex Query();
}
