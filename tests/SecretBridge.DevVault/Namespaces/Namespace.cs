namespace SecretBridge.DevVault;

/// <summary>A namespace: its own mounts, auth mounts and policies. The root's path is empty.</summary>
internal sealed class Namespace(string path, string id)
{
    /// <summary>With a trailing slash, but empty for the root.</summary>
    public string Path { get; } = path;

    public string Id { get; } = id;

    public string Uuid { get; } = Guid.NewGuid().ToString();

    public bool IsRoot => Path.Length == 0;

    public IReadOnlyDictionary<string, string> CustomMetadata { get; set; } = new Dictionary<string, string>();

    public MountTable Mounts { get; } = new();

    public MountTable Auth { get; } = new();

    public SortedDictionary<string, Policy> Policies { get; } = new(StringComparer.Ordinal);
}
