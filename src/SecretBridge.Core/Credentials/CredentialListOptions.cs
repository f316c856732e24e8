using SecretBridge.Stores;

namespace SecretBridge.Credentials;

/// <summary>Which credentials to list.</summary>
public sealed record CredentialListOptions
{
    /// <summary>Finds the stores that references mean.</summary>
    public required IStoreResolver Stores { get; init; }

    /// <summary>The mount, or a folder in it, that holds the layout.</summary>
    public required string MountUri { get; init; }

    /// <summary>The agents, where they are known by name, so that the list of all agents need not be read; empty for all that match.</summary>
    public IReadOnlyList<string> Agents { get; init; } = [];

    /// <summary>Which agents; every one unless it is given.</summary>
    public Func<string, bool> IsAgent { get; init; } = _ => true;

    /// <summary>Which credentials; every one unless it is given.</summary>
    public Func<string, bool> IsCredential { get; init; } = _ => true;

    /// <summary>The credentials, where they are known by name: one that a named agent does not have is a fault; empty for all that match.</summary>
    internal IReadOnlyList<string> Credentials { get; init; } = [];

    /// <summary>Whether to read no metadata, so that only the ids are known.</summary>
    public bool NameOnly { get; init; }

    /// <summary>How many requests may be in flight.</summary>
    public int ThrottleLimit { get; init; } = 16;

    /// <summary>Checks what can be checked before any request.</summary>
    /// <exception cref="Reporting.BridgeException">An option cannot be right.</exception>
    public void Validate()
    {
        CredentialPath.Root(MountUri);
        BoundedPipe.CheckDegree(ThrottleLimit);
    }
}
