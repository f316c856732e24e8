namespace SecretBridge.Profiles;

/// <summary>What a copy does where the destination has other content.</summary>
public enum ProfileConflict
{
    /// <summary>Leaves it and counts it as a failure.</summary>
    Fail = 0,

    /// <summary>Leaves it.</summary>
    Skip,

    /// <summary>Writes over it.</summary>
    Overwrite,
}
