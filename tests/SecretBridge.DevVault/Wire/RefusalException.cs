namespace SecretBridge.DevVault;

/// <summary>A request that is answered with an error, thrown where returning it would clutter parsing.</summary>
internal sealed class RefusalException(Reply reply) : Exception
{
    public Reply Reply { get; } = reply;
}
