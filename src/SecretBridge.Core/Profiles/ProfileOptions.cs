using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Profiles;

/// <summary>How to read profiles.</summary>
public sealed record ProfileOptions
{
    /// <summary>Finds the stores that references mean.</summary>
    public required IStoreResolver Stores { get; init; }

    /// <summary>
    /// The secret's name with <c>*</c> and <c>?</c>; case-sensitive. With it, or with a reference that ends in a slash, a
    /// reference means a folder. Null reads the very secret that a reference names.
    /// </summary>
    public string? Name { get; init; }

    /// <summary>The version to read where a reference names none; null for the latest.</summary>
    public int? Version { get; init; }

    /// <summary>Checks what can be checked before any request.</summary>
    /// <exception cref="BridgeException">An option cannot be right.</exception>
    public void Validate()
    {
        if (Version < 1)
        {
            throw new BridgeException(FaultKind.InvalidArgument, nameof(Version), "Version must be 1 or more.");
        }

        if (Name is "")
        {
            throw new BridgeException(FaultKind.InvalidArgument, nameof(Name), "Name must not be empty.");
        }
    }
}
