using System.IO.Enumeration;

namespace SecretBridge.Trees;

/// <summary>Tells which top-level keys a comparison leaves out. <c>*</c> and <c>?</c> are wildcards; names are case-sensitive.</summary>
internal static class KeyFilter
{
    /// <summary>The keys to leave out; null where none is.</summary>
    internal static Predicate<string>? Of(IReadOnlyList<string> patterns) => patterns.Count == 0
        ? null
        : key => patterns.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, key, ignoreCase: false));
}
