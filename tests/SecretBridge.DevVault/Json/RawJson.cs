namespace SecretBridge.DevVault;

/// <summary>Bytes that are JSON already.</summary>
internal sealed record RawJson(byte[] Bytes)
{
    public static readonly RawJson Null = new("null"u8.ToArray());
}
