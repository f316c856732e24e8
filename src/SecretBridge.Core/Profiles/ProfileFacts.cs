namespace SecretBridge.Profiles;

/// <summary>What profiles are found by. Null is what is not known; an empty list is known to be empty.</summary>
internal sealed record ProfileFacts
{
    internal string? Description { get; init; }

    /// <summary>Who answers for it; empty for nobody.</summary>
    internal string? Owner { get; init; }

    internal IReadOnlyList<string>? Tags { get; init; }

    internal IReadOnlyList<string>? AllowedWorkflows { get; init; }

    internal static ProfileFacts Of(SealedProfile profile) => new()
    {
        Description = profile.Description,
        Owner = profile.Owner ?? "",
        Tags = profile.Tags,
        AllowedWorkflows = profile.AllowedWorkflows,
    };
}
