using SecretBridge.Federation;

namespace SecretBridge.Backends;

/// <summary>Which federation backend a parameter means: an id, a name known in this session, or what made it.</summary>
public sealed class FederationArgument
{
    /// <summary>By its id or name.</summary>
    public FederationArgument(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        Id = id;
    }

    /// <summary>The one of a row.</summary>
    public FederationArgument(FederationBackend backend)
    {
        ArgumentNullException.ThrowIfNull(backend);
        Id = backend.Id ?? backend.Name;
        Backend = backend.Backend;
    }

    /// <summary>The id or name.</summary>
    public string Id { get; }

    /// <summary>The connection that it was made through; null where that is not known.</summary>
    public string? Backend { get; }

    /// <summary>The id or name.</summary>
    public override string ToString() => Id;
}
