namespace SecretBridge.Policies;

/// <summary>A policy for one side of an operation.</summary>
public sealed record VaultPolicy
{
    /// <summary>A name for it.</summary>
    public required string Name { get; init; }

    /// <summary>The connection that it is for.</summary>
    public required string Backend { get; init; }

    /// <summary>The namespace to write it in; empty for the root.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>What it allows.</summary>
    public required PolicyOperation For { get; init; }

    /// <summary>Which side of it.</summary>
    public required PolicySide Side { get; init; }

    /// <summary>The policy as text, as <c>vault policy write NAME -</c> takes it.</summary>
    public required string Hcl { get; init; }

    /// <summary>Its lines.</summary>
    public required IReadOnlyList<PolicyRule> Rules { get; init; }

    /// <summary>What to know about it.</summary>
    public IReadOnlyList<string> Note { get; init; } = [];

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
