using System.IO.Enumeration;
using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Audit;

/// <summary>Which events a query keeps.</summary>
internal sealed class AuditFilter
{
    private readonly AuditQuery _query;
    private readonly Func<string, bool>[] _uris;

    /// <exception cref="BridgeException">A reference is none (<see cref="FaultKind.InvalidReference"/>).</exception>
    internal AuditFilter(AuditQuery query)
    {
        _query = query;
        _uris = query.Uris.Select(Matcher).ToArray();
    }

    internal bool Keeps(BridgeAuditEvent found) =>
        (_query.Since is null || found.Time >= _query.Since)
        && (_query.Until is null || found.Time < _query.Until)
        && Matches(_query.Actions, found.Action)
        && Matches(_query.Workflows, found.Workflow)
        && Matches(_query.Actors, found.Actor)
        && (_uris.Length == 0 || Array.Exists(_uris, matches => matches(found.Uri)));

    private static bool Matches(IReadOnlyList<string> patterns, string? text) =>
        patterns.Count == 0 || (text is not null && patterns.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, text, ignoreCase: true)));

    // A '?' of a version is no wildcard.
    private static Func<string, bool> Matcher(string uri)
    {
        if (uri.Contains('*', StringComparison.Ordinal))
        {
            return text => FileSystemName.MatchesSimpleExpression(uri, text, ignoreCase: false);
        }

        var wanted = SecretReference.Parse(uri);
        return text => TryParse(text) is { } reference
            && (wanted.Scheme is null || wanted.Scheme == reference.Scheme)
            && (wanted.Backend is null || string.Equals(wanted.Backend, reference.Backend, StringComparison.OrdinalIgnoreCase))
            && (wanted.Scheme is null ? EndsWith(reference.Path, wanted.Path) : reference.Path.IsAtOrBelow(wanted.Path));
    }

    // A bare name stands in a mount that only the connection of that time knew.
    private static bool EndsWith(SecretPath path, SecretPath name) =>
        path == name || path.Value.EndsWith("/" + name.Value, StringComparison.Ordinal);

    private static SecretReference? TryParse(string text)
    {
        try
        {
            return SecretReference.Parse(text);
        }
        catch (BridgeException)
        {
            return null;
        }
    }
}
