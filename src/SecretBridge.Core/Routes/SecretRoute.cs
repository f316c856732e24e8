namespace SecretBridge.Routes;

/// <summary>A rule that leads references to where their secrets are read.</summary>
public sealed record SecretRoute
{
    /// <summary>
    /// The references that it is for, such as <c>external/hashicorp/**</c>: <c>*</c> and <c>?</c> stay within one name, <c>**</c> as a
    /// name of its own spans several. Scheme and backend are those of the reference, and none where it has none.
    /// </summary>
    public required string Pattern { get; init; }

    /// <summary>The old authority, such as <c>vault://kv/**</c>; of several the first that has the secret.</summary>
    public required IReadOnlyList<string> Target { get; init; }

    /// <summary>The new authority, in the same way; empty where there is none yet.</summary>
    public IReadOnlyList<string> NewTarget { get; init; } = [];

    /// <summary>Which of the two answers.</summary>
    public RouteMode Mode { get; init; }

    /// <summary>Until when the old authority may stand in for the new one after the cutover; null for never.</summary>
    public DateTimeOffset? AllowFallbackUntil { get; init; }

    /// <summary>What people want to know of it.</summary>
    public string? Description { get; init; }

    /// <summary>Its place among the routes, from 1: the first that matches counts.</summary>
    public int Position { get; init; }

    /// <summary>The file that it stands in; null where it stands in none.</summary>
    public string? File { get; init; }

    /// <summary>The pattern.</summary>
    public override string ToString() => Pattern;
}
