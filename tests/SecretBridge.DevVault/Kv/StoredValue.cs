using System.Text.Json;

namespace SecretBridge.DevVault;

/// <summary>A secret's payload: the digits as they were sent, and the form that KV v2 answers with.</summary>
internal sealed class StoredValue(byte[] exact)
{
    private byte[]? _throughDouble;

    /// <summary>What is stored, and what KV v1 returns.</summary>
    public byte[] Exact { get; } = exact;

    /// <summary>What KV v2 returns: every number went through a double.</summary>
    public byte[] ThroughDouble => _throughDouble ??= GoJson.Canonical(GoJson.Parse(Exact), throughDouble: true);

    public static StoredValue From(JsonElement element) => new(GoJson.Canonical(element, throughDouble: false));
}
