using System.Globalization;
using System.Text.RegularExpressions;
using SecretBridge.Reporting;

namespace SecretBridge.Routes;

/// <summary>The fields of one route in a file, taken as they come and checked where they stand.</summary>
internal sealed partial class RouteFields(string file, FilePosition position)
{
    /// <summary>The fields that a route may have.</summary>
    internal static readonly string[] Names = ["pattern", "target", "new_target", "mode", "allow_fallback_until", "description"];

    private static readonly string[] TimeFormats = ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    private string? _pattern;
    private FilePosition _patternAt;
    private IReadOnlyList<string> _target = [];
    private IReadOnlyList<string> _newTarget = [];
    private RouteMode _mode;
    private DateTimeOffset? _until;
    private string? _description;

    /// <summary>Whether a name is one that logins are kept under.</summary>
    internal static bool IsCredential(string name) => Credential().IsMatch(name);

    internal void Take(string name, string text, FilePosition at)
    {
        switch (name)
        {
            case "pattern":
                _pattern = Checked(name, text, at);
                _patternAt = at;
                break;
            case "target":
                _target = [Checked(name, text, at)];
                break;
            case "new_target":
                _newTarget = [Checked(name, text, at)];
                break;
            case "mode":
                _mode = Enum.GetNames<RouteMode>().FirstOrDefault(mode => mode.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } mode
                    ? Enum.Parse<RouteMode>(mode)
                    : throw at.Refuse(file, "'mode' must be proxy, shadow or cutover");
                break;
            case "allow_fallback_until":
                _until = Zone().IsMatch(text) && DateTimeOffset.TryParseExact(text, TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTimeOffset until)
                    ? until
                    : throw at.Refuse(file, "'allow_fallback_until' must be a time with its zone, such as 2026-12-01T18:00:00Z");
                break;
            default:
                _description = text;
                break;
        }
    }

    internal void TakeList(string name, IReadOnlyList<(string Text, FilePosition Position)> texts, FilePosition at)
    {
        IReadOnlyList<string> list = texts.Select(text => Checked(name, text.Text, text.Position)).ToArray();
        (_target, _newTarget) = name switch
        {
            "target" => (list, _newTarget),
            "new_target" => (_target, list),
            _ => throw at.Refuse(file, $"expected text in '{name}', not a list"),
        };
    }

    /// <summary>The route, after a look at it as a whole and at those before it.</summary>
    internal SecretRoute Route(IReadOnlyList<SecretRoute> before)
    {
        var route = new SecretRoute
        {
            Pattern = _pattern ?? throw position.Refuse(file, "expected 'pattern', the references that the route is for"),
            Target = _target,
            NewTarget = _newTarget,
            Mode = _mode,
            AllowFallbackUntil = _until,
            Description = _description,
            Position = before.Count + 1,
            File = file,
        };
        if (before.FirstOrDefault(other => other.Pattern == route.Pattern) is { } twin)
        {
            throw _patternAt.Refuse(file, string.Create(CultureInfo.InvariantCulture, $"route {twin.Position} has the same pattern, and this one would never be reached"));
        }

        try
        {
            RouteRule.Of(route);
            return route;
        }
        catch (BridgeException exception)
        {
            throw position.Refuse(file, exception.Message.TrimEnd('.'));
        }
    }

    private string Checked(string name, string text, FilePosition at)
    {
        try
        {
            return RoutePattern.Parse(text).Text;
        }
        catch (BridgeException exception)
        {
            // What stands there may be a value in the wrong place, and is not repeated.
            string flaw = exception.Message[(exception.Message.LastIndexOf(": ", StringComparison.Ordinal) + 2)..].TrimEnd('.');
            throw at.Refuse(file, exception.Target == text || exception.Kind == FaultKind.InvalidPath
                ? $"'{name}' is no reference with wildcards such as vault://backend@mount/**: {flaw}"
                : $"'{name}' cannot be used. {exception.Message.TrimEnd('.')}");
        }
    }

    [GeneratedRegex("token|secret|passw|credential|role_id|jwt|api_?key|private_?key", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Credential();

    [GeneratedRegex(@"(Z|[+-]\d\d:\d\d)\z")]
    private static partial Regex Zone();
}
