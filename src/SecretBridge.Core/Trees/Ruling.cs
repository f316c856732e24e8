namespace SecretBridge.Trees;

/// <summary>What a conflict policy makes of one destination with other content.</summary>
internal enum Ruling
{
    /// <summary>It is a conflict.</summary>
    Refuse = 0,

    /// <summary>It stays, and that is no failure.</summary>
    Leave,

    /// <summary>The source takes its place.</summary>
    Replace,
}
