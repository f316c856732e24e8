using SecretBridge.Stores;
using SecretBridge.Wire;

namespace SecretBridge.Health;

/// <summary>What to ask a server, and what counts as healthy.</summary>
public sealed record HealthOptions
{
    /// <summary>The connection to ask through; null asks an address without a token.</summary>
    public VaultBackend? Backend { get; init; }

    /// <summary>The address, where no connection is given.</summary>
    public string? Address { get; init; }

    /// <summary>How certificates are checked, where no connection is given.</summary>
    public TlsOptions Tls { get; init; } = new();

    /// <summary>A proxy, where no connection is given.</summary>
    public string? Proxy { get; init; }

    /// <summary>A standby counts as healthy.</summary>
    public bool StandbyOk { get; init; }

    /// <summary>A disaster recovery secondary counts as healthy.</summary>
    public bool DrSecondaryOk { get; init; }

    /// <summary>Whether to check token and mount besides, where a connection is given.</summary>
    public bool Detailed { get; init; }

    /// <summary>A reference whose list, read and write capabilities are checked; implies <see cref="Detailed"/>.</summary>
    public string? Path { get; init; }

    /// <summary>Lines of a policy that the token is held against; null for none.</summary>
    internal IReadOnlyList<RequiredCapability>? Required { get; init; }

    /// <summary>How long one answer may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long to wait for the server to become healthy; zero asks once.</summary>
    public TimeSpan Wait { get; init; }

    /// <summary>How long to pause between two questions while waiting.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>What is asked.</summary>
    public override string ToString() => Backend?.ToString() ?? SecretScrubber.ScrubAddresses(Address ?? "");
}
