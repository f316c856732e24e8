namespace SecretBridge.Wire;

/// <summary>Requests for the state of a server, its mounts and the token's rights.</summary>
internal static class SysRequests
{
    /// <summary>Health needs no token and refuses a namespace; each of its statuses is an answer.</summary>
    public static VaultRequest Health(TimeSpan? timeout) => new()
    {
        Method = HttpMethod.Get,
        Path = "sys/health",
        SendsToken = false,
        Namespace = null,
        Retry = RetryRule.Once,
        TakesAnyStatus = true,
        Timeout = timeout,
        MaxReply = 1 << 20,
    };

    public static VaultRequest SealStatus() => new()
    {
        Method = HttpMethod.Get,
        Path = "sys/seal-status",
        SendsToken = false,
        Namespace = null,
        Retry = RetryRule.Once,
    };

    public static VaultRequest Mounts() => new() { Method = HttpMethod.Get, Path = "sys/mounts" };

    public static VaultRequest VisibleMounts() => new() { Method = HttpMethod.Get, Path = "sys/internal/ui/mounts" };

    /// <summary>Asks which mount a path lies in; any right on or below the mount suffices.</summary>
    public static VaultRequest Preflight(string path) => new() { Method = HttpMethod.Get, Path = "sys/internal/ui/mounts/" + path };

    public static VaultRequest CapabilitiesSelf(IEnumerable<string> paths) => new()
    {
        Method = HttpMethod.Post,
        Path = "sys/capabilities-self",
        Body = JsonBody.Of(writer =>
        {
            writer.WriteStartArray("paths"u8);
            foreach (string path in paths)
            {
                writer.WriteStringValue(path);
            }

            writer.WriteEndArray();
        }),
    };
}
