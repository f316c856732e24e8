using SecretBridge.Reporting;

namespace SecretBridge.Stores;

/// <summary>A secrets engine's mount.</summary>
public sealed record VaultMount : IFaultRow
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

    /// <summary>How the mount is tuned, such as <c>default_lease_ttl</c> in seconds; empty where the server does not tell.</summary>
    public IReadOnlyDictionary<string, string> Config { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Whether the mount is not replicated; null where the server does not tell.</summary>
    public bool? IsLocal { get; init; }

    /// <summary>Whether the server's seal wraps what the mount keeps; null where the server does not tell.</summary>
    public bool? HasSealWrap { get; init; }

    /// <summary>The version of the engine's plugin that runs; null where the server does not tell.</summary>
    public string? PluginVersion { get; init; }

    /// <summary>Versions kept of each secret, 0 for the server's default; null where the configuration was not read.</summary>
    public int? MaxVersions { get; init; }

    /// <summary>Whether writes must use check-and-set; null where the configuration was not read.</summary>
    public bool? CheckAndSetRequired { get; init; }

    /// <summary>How long after its writing a version is deleted, zero for never; null where the configuration was not read.</summary>
    public TimeSpan? DeleteVersionAfter { get; init; }

    /// <summary>How many secrets were found in a KV mount; null where they were not counted.</summary>
    public long? Secrets { get; init; }

    /// <summary>How many folders hold them; null where they were not counted.</summary>
    public long? Folders { get; init; }

    /// <summary>The UTF-8 bytes of the names of secrets and folders, each name once; null where they were not counted.</summary>
    public long? NameBytes { get; init; }

    /// <summary>How many folders and names could not be read, so that what is below them is missing from the counts; null where nothing was counted.</summary>
    public long? Unreadable { get; init; }

    /// <summary>How what the engine holds comes to another place.</summary>
    public MigrationPath MigrationPath => MigrationPaths.Of(Type);

    /// <summary>What that means, in a sentence.</summary>
    public string MigrationNote => MigrationPaths.Note(MigrationPath);

    /// <summary>Why the counts are not whole; null where they are.</summary>
    public string? Reason => Fault?.Message;

    /// <summary>The reference.</summary>
    public override string ToString() => Uri;

    BridgeException? IFaultRow.Fault => Fault;

    internal BridgeException? Fault { get; init; }
}
