namespace SecretBridge.Wire;

/// <summary>How a connection gets its token.</summary>
public abstract record VaultAuth
{
    private protected VaultAuth()
    {
    }

    /// <summary>The method's name, such as <c>approle</c>.</summary>
    public abstract string Method { get; }

    /// <summary>The method's name and nothing else.</summary>
    public sealed override string ToString() => Method;
}
