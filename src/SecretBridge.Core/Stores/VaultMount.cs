namespace SecretBridge.Stores;

/// <summary>A secrets engine's mount.</summary>
public sealed record VaultMount
{
    /// <summary>The complete reference of the mount, such as <c>vault://prod@kv</c>.</summary>
    public required string Uri { get; init; }

    /// <summary>The mount without slashes at its ends; it may hold some.</summary>
    public required string Mount { get; init; }

    /// <summary>The engine's type, such as <c>kv</c>.</summary>
    public required string Type { get; init; }

    /// <summary>1 or 2 for a KV mount, else null.</summary>
    public int? KvVersion { get; init; }

    /// <summary>What whoever mounted it wrote about it.</summary>
    public string? Description { get; init; }

    /// <summary>The mount's accessor, as the audit log shows it.</summary>
    public string? Accessor { get; init; }

    /// <summary>The mount's options.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Versions kept of each secret, 0 for the server's default; null where the configuration was not read.</summary>
    public int? MaxVersions { get; init; }

    /// <summary>Whether writes must use check-and-set; null where the configuration was not read.</summary>
    public bool? CheckAndSetRequired { get; init; }

    /// <summary>How long after its writing a version is deleted, zero for never; null where the configuration was not read.</summary>
    public TimeSpan? DeleteVersionAfter { get; init; }
}
