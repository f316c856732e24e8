namespace SecretBridge.DevVault;

/// <summary>A Go map: written with its keys in byte order.</summary>
internal sealed class JsonMap : Dictionary<string, object?>
{
    public JsonMap()
        : base(StringComparer.Ordinal)
    {
    }
}
