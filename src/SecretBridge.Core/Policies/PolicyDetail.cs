namespace SecretBridge.Policies;

/// <summary>Those options of an operation that change what it asks of a server.</summary>
public sealed record PolicyDetail
{
    /// <summary>What the destination has may be written over: a conflict is merged, overwritten, or the newer side wins.</summary>
    public bool WritesOver { get; init; }

    /// <summary>What was written is read back.</summary>
    public bool Verify { get; init; }

    /// <summary>All versions are carried.</summary>
    public bool AllVersions { get; init; }

    /// <summary>Versions keep their numbers, so that placeholders are written and destroyed.</summary>
    public bool KeepVersionNumber { get; init; }

    /// <summary>What is deleted at the source is made deleted at the destination.</summary>
    public bool PreservesDeleted { get; init; }

    /// <summary>Each secret's metadata is carried or compared too.</summary>
    public bool IncludeMetadata { get; init; }

    /// <summary>Tags, a description or the source are written to each secret's metadata.</summary>
    public bool AddsMetadata { get; init; }

    /// <summary>What is set for the mount is carried.</summary>
    public bool IncludeMountConfig { get; init; }

    /// <summary>What the source lacks is deleted at the destination.</summary>
    public bool Mirror { get; init; }

    /// <summary>Only the names of keys are compared.</summary>
    public bool KeysOnly { get; init; }

    /// <summary>Histories are compared too.</summary>
    public bool IncludeVersion { get; init; }

    /// <summary>How much goes where something is removed.</summary>
    public PolicyRemoval Removal { get; init; }

    /// <summary>A subtree is removed without being compared.</summary>
    public bool Force { get; init; }

    /// <summary>A secret is written with a version that the caller knows, so that it is not read before.</summary>
    public bool CheckAndSet { get; init; }
}
