namespace SecretBridge.Policies;

/// <summary>One line of a policy.</summary>
public sealed record PolicyRule
{
    /// <summary>The path as the policy has it, not escaped; <c>*</c> at its end stands for all that begins so.</summary>
    public required string Path { get; init; }

    /// <summary>What it allows, in Vault's words.</summary>
    public required IReadOnlyList<string> Capabilities { get; init; }

    /// <summary>Those of them that the operation can do without.</summary>
    public IReadOnlyList<string> Optional { get; init; } = [];

    /// <summary>What each is needed for.</summary>
    public required string Why { get; init; }

    /// <summary>The line as it stands in the policy.</summary>
    public override string ToString() => PolicyHcl.Line(this);
}
