namespace SecretBridge.Stores.Snapshots;

/// <summary>The form of a tree in plain text.</summary>
public enum PlainFormat
{
    /// <summary>One JSON object: paths, and below each the secret as it is.</summary>
    Json = 0,

    /// <summary>The same as YAML.</summary>
    Yaml,

    /// <summary>Lines <c>PATH_KEY='value'</c>.</summary>
    DotEnv,
}
