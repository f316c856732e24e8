namespace SecretBridge.Health;

/// <summary>The usual causes of an unhealthy server, and what to do.</summary>
internal static class HealthHints
{
    public static string? For(VaultHealth health) => health.Status switch
    {
        HealthStatus.Unreachable when health.StatusCode is not null => "Something answers that is not Vault: check the address, its port, and whether a proxy or sign-on stands before it.",
        HealthStatus.Unreachable when health.Address.StartsWith("http:", StringComparison.Ordinal) && health.Message.Contains("speak", StringComparison.Ordinal) => "The server may want https.",
        HealthStatus.Unreachable => "Check the address and port, name resolution, firewall and proxy, and whether the server runs.",
        HealthStatus.TlsError => "Give the file of the authority that signed the server's certificate, or the name that the certificate is for; check that the server speaks https and not http.",
        _ => null,
    };
}
