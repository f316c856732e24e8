namespace SecretBridge.DevVault;

/// <summary>A Go struct: written in the order of its fields.</summary>
internal sealed class JsonFields : List<KeyValuePair<string, object?>>
{
    public object? this[string name]
    {
        set => Add(new(name, value));
    }
}
