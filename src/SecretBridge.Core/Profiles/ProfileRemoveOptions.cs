using SecretBridge.Stores;

namespace SecretBridge.Profiles;

/// <summary>How to remove profiles.</summary>
public sealed record ProfileRemoveOptions
{
    /// <summary>Finds the stores that references mean.</summary>
    public required IStoreResolver Stores { get; init; }

    /// <summary>Whether all versions and the metadata go for good. A store without versions keeps nothing in any case.</summary>
    public bool AllVersions { get; init; }

    /// <summary>Asks before each profile that was found, by its reference.</summary>
    public required Func<string, CancellationToken, Task<ProfileApproval>> Approve { get; init; }
}
