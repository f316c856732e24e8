using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Profiles;

/// <summary>How to read profiles.</summary>
public sealed record ProfileOptions
{
    /// <summary>Finds the stores that references mean.</summary>
    public required IStoreResolver Stores { get; init; }

    /// <summary>The version to read where a reference names none; null for the latest.</summary>
    public int? Version { get; init; }

    /// <summary>Patterns with <c>*</c> and <c>?</c>, any case, one of which a tag must match; empty for any profile.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>A pattern with <c>*</c> and <c>?</c>, any case, that the owner must match; null for any.</summary>
    public string? Owner { get; init; }

    /// <summary>
    /// The workflow that will use the profiles; null for none. A profile that was asked for by name and does not allow it is refused; one
    /// that a pattern found is left out. A profile that names no workflow allows any.
    /// </summary>
    public string? Workflow { get; init; }

    /// <summary>Whether to read what stands beside the secrets only: no secret is asked for.</summary>
    public bool MetadataOnly { get; init; }

    /// <summary>How many reads may be in flight.</summary>
    public int ThrottleLimit { get; init; } = 16;

    /// <summary>Checks what can be checked before any request.</summary>
    /// <exception cref="BridgeException">An option cannot be right.</exception>
    public void Validate()
    {
        if (Version < 1)
        {
            throw new BridgeException(FaultKind.InvalidArgument, nameof(Version), "Version must be 1 or more.");
        }

        if (Version is not null && MetadataOnly)
        {
            throw new BridgeException(FaultKind.InvalidArgument, nameof(Version), "Metadata belongs to the whole secret, not to a version: leave out Version or MetadataOnly.");
        }

        if (Workflow is "")
        {
            throw new BridgeException(FaultKind.InvalidArgument, nameof(Workflow), "Workflow must not be empty.");
        }

        BoundedPipe.CheckDegree(ThrottleLimit);
    }
}
