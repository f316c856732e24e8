namespace SecretBridge.DevVault;

/// <summary>Certificates are made in memory when the server starts.</summary>
public sealed record TlsOptions
{
    /// <summary>The names on the server's certificate; the loopback addresses are always on it unless <see cref="OnlyHostNames"/>.</summary>
    public IReadOnlyList<string> HostNames { get; init; } = ["localhost"];

    /// <summary>Leaves the loopback addresses off the certificate, so that the name does not match.</summary>
    public bool OnlyHostNames { get; init; }

    /// <summary>How long the certificate is valid; a negative span makes one that has expired.</summary>
    public TimeSpan Validity { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Refuses clients without a certificate of the server's CA.</summary>
    public bool RequireClientCertificate { get; init; }
}
