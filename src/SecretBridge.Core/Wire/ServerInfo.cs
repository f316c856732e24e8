namespace SecretBridge.Wire;

/// <summary>What a server says of itself without a token.</summary>
/// <param name="Product"><c>Vault</c> or <c>OpenBao</c>; null where it cannot be told.</param>
/// <param name="Version">The server's version.</param>
/// <param name="ClusterName">The cluster's name; a sealed server does not tell it.</param>
/// <param name="ClusterId">The cluster's id.</param>
internal sealed record ServerInfo(string? Product, string? Version, string? ClusterName, string? ClusterId)
{
    public static ServerInfo Unknown { get; } = new(null, null, null, null);

    /// <summary>Whether paging and SCAN can be expected.</summary>
    public bool IsOpenBao => Product == "OpenBao";

    /// <summary>
    /// Whether it may know namespaces. The enterprise editions of Vault do, whose versions end in a mark such as <c>+ent</c>, and
    /// later releases of OpenBao; Vault's community edition takes no notice of them. Of a server that hides its version it is not known.
    /// </summary>
    public bool HasNamespaces => Product != "Vault" || Version?.Contains('+', StringComparison.Ordinal) != false;

    /// <summary>Reads the body of a health answer.</summary>
    public static ServerInfo FromHealth(JsonFields health) =>
        health.Text("version") is { Length: > 0 } version
            ? new(ProductOf(version, health), version, health.Text("cluster_name"), health.Text("cluster_id"))
            : Unknown with { ClusterName = health.Text("cluster_name"), ClusterId = health.Text("cluster_id") };

    // Both products have versions that begin with 2. Vault's health has told since 1.17 whether it is the enterprise
    // edition; OpenBao's first release was 2.0 and tells nothing of the kind.
    private static string ProductOf(string version, JsonFields health) =>
        version.StartsWith("0.", StringComparison.Ordinal) || version.StartsWith("1.", StringComparison.Ordinal)
        || version.Contains("+ent", StringComparison.Ordinal) || health.Has("enterprise")
            ? "Vault"
            : "OpenBao";
}
