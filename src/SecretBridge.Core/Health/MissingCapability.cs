namespace SecretBridge.Health;

/// <summary>A line of a policy that the token in hand lacks, or of which it lacks a part.</summary>
public sealed record MissingCapability
{
    /// <summary>The line's path.</summary>
    public required string Path { get; init; }

    /// <summary>Those of its capabilities that the token does not have there.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    /// <summary>What the token has there.</summary>
    public required IReadOnlyList<string> Held { get; init; }

    /// <summary>The path, and what is missing on it.</summary>
    public override string ToString() => $"{Path}: {string.Join(", ", Missing)}";
}
