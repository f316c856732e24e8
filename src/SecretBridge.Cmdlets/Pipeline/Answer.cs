namespace SecretBridge.Pipeline;

/// <summary>What the user answered to a change, by prompt or preference.</summary>
internal enum Answer
{
    /// <summary>Do it.</summary>
    Yes = 0,

    /// <summary>Leave it.</summary>
    No,

    /// <summary>Say what would be done: -WhatIf.</summary>
    PlanOnly,
}
