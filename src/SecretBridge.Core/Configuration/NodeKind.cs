namespace SecretBridge.Configuration;

/// <summary>What stands in one place of a configuration file.</summary>
internal enum NodeKind
{
    /// <summary>Null: as if nothing stood there.</summary>
    Null,

    /// <summary>Text.</summary>
    Text,

    /// <summary>A number.</summary>
    Number,

    /// <summary>True or false.</summary>
    Flag,

    /// <summary>A list.</summary>
    List,

    /// <summary>Fields by name.</summary>
    Object,
}
