namespace SecretBridge.Policies;

/// <summary>Which side of an operation a policy is for.</summary>
public enum PolicySide
{
    /// <summary>What is read, and for a move or a removal what goes; the only side of an operation that has one.</summary>
    Source = 0,

    /// <summary>What is written, or held against the source.</summary>
    Destination,
}
