namespace SecretBridge.DevVault;

/// <summary>What a server is started as.</summary>
public sealed record DevVaultOptions
{
    public VaultFlavour Flavour { get; init; } = VaultFlavour.OpenBao;

    /// <summary>Where to listen; port 0 takes a free one.</summary>
    public Uri Listen { get; init; } = new("http://127.0.0.1:0");

    /// <summary>Listens on a unix socket instead; <see cref="DevVaultServer.Address"/> is then unix:///path.</summary>
    public string? UnixSocket { get; init; }

    /// <summary>Null: a random one.</summary>
    public string? RootToken { get; init; }

    /// <summary>Whether secret/ is there from the start as KV v2, as on a development server.</summary>
    public bool WithSecretMount { get; init; } = true;

    /// <summary>The clock of leases, deletion times and quotas.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Whether replies tell no time, as behind a proxy that takes the header out.</summary>
    public bool WithoutDate { get; init; }

    /// <summary>Null: plain HTTP.</summary>
    public TlsOptions? Tls { get; init; }

    /// <summary>The version that sys/health tells; null: that of the flavour.</summary>
    public string? Version { get; init; }

    /// <summary>Requests without <c>X-Vault-Request: true</c> get 412, as from an agent that was told so.</summary>
    public bool RequireRequestHeader { get; init; }

    /// <summary>Larger bodies get 413.</summary>
    public int MaxRequestBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>Larger values get 500, as raft storage answers; null: no limit, as in memory.</summary>
    public int? MaxEntryBytes { get; init; }

    /// <summary>How many requests each new KV v2 mount first refuses as being upgraded.</summary>
    public int UpgradeRefusals { get; init; }

    /// <summary>Seeds whatever is random about faults.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How many requests the log keeps; counting goes on beyond. 0 for benchmarks.</summary>
    public int RequestLogCapacity { get; init; } = 50_000;

    /// <summary>A file for an audit log from the start; the only way on OpenBao.</summary>
    public string? AuditFile { get; init; }

    /// <summary>Makes this node a standby of another server, with which it shares all data.</summary>
    public DevVaultServer? ActiveNode { get; init; }

    /// <summary>Whether a standby answers 307 to the active node instead of forwarding.</summary>
    public bool StandbyRedirects { get; init; }
}
