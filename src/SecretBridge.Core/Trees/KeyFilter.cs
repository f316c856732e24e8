using System.IO.Enumeration;

namespace SecretBridge.Trees;

/// <summary>Tells which top-level keys a comparison leaves out. <c>*</c> and <c>?</c> are wildcards; names are case-sensitive.</summary>
internal static class KeyFilter
{
    /// <summary>The keys to leave out; null where none is.</summary>
    internal static Predicate<string>? Of(IReadOnlyList<string> patterns)
    {
        // The matcher takes a backslash for an escape; in the name of a key it is a character like others.
        string[] expressions = [.. patterns.Select(pattern => pattern.Replace("\\", "\\\\", StringComparison.Ordinal))];
        return expressions.Length == 0 ? null : key => expressions.Any(expression => FileSystemName.MatchesSimpleExpression(expression, key, ignoreCase: false));
    }
}
