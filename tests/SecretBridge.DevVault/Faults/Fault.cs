using System.Text.RegularExpressions;

namespace SecretBridge.DevVault;

/// <summary>Something to go wrong, and for which requests.</summary>
public sealed record Fault
{
    private readonly Regex? _path;
    private int _seen;
    private int _struck;

    public required FaultKind Kind { get; init; }

    /// <summary>Null: any method.</summary>
    public string? Method { get; init; }

    /// <summary>A glob over the decoded path without /v1/: <c>*</c> within a segment, <c>**</c> over all. Null: any path.</summary>
    public string? Path
    {
        get => null;
        init => _path = value is null ? null : new Regex(
            "^" + Regex.Escape(value).Replace(@"\*\*", ".*", StringComparison.Ordinal).Replace(@"\*", "[^/]*", StringComparison.Ordinal) + "$",
            RegexOptions.CultureInvariant);
    }

    /// <summary>A further condition.</summary>
    public Func<RequestRecord, bool>? When { get; init; }

    /// <summary>So many matching requests pass unharmed first.</summary>
    public int Skip { get; init; }

    /// <summary>How often it strikes; null: always.</summary>
    public int? Times { get; init; } = 1;

    /// <summary>The chance to strike, drawn from the server's seeded generator.</summary>
    public double Probability { get; init; } = 1;

    public int Status { get; init; } = 500;

    public string? Body { get; init; }

    public string ContentType { get; init; } = "application/json";

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    public string? Location { get; init; }

    public Gate? Gate { get; init; }

    public TimeSpan Delay { get; init; }

    /// <summary>What <see cref="FaultKind.Interfere"/> does.</summary>
    public Action? Do { get; init; }

    /// <summary>How often it has struck.</summary>
    public int Struck => Volatile.Read(ref _struck);

    internal bool Strikes(RequestRecord request, Random random)
    {
        bool matches = (Method is null || Method == request.Method)
            && (_path is null || _path.IsMatch(request.Path))
            && (When is null || When(request));
        if (!matches || _seen++ < Skip || _struck >= Times || (Probability < 1 && random.NextDouble() >= Probability))
        {
            return false;
        }
        _struck++;
        return true;
    }
}
