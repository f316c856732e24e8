namespace SecretBridge.Profiles;

/// <summary>How much a finding weighs.</summary>
public enum ProfileSeverity
{
    /// <summary>Good to know.</summary>
    Information = 0,

    /// <summary>It works, but may not do what was meant.</summary>
    Warning,

    /// <summary>The profile cannot be used as it is.</summary>
    Error,
}
