namespace SecretBridge.Profiles;

/// <summary>Whether a profile that was found may be changed.</summary>
public enum ProfileApproval
{
    /// <summary>Change it.</summary>
    Yes = 0,

    /// <summary>Leave it.</summary>
    No,

    /// <summary>Only say what would be done.</summary>
    PlanOnly,
}
