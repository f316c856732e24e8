using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>Rules by policy and, where that asks for it, by time.</summary>
internal static class Rulings
{
    internal static Ruling Of(ConflictPolicy policy, DateTimeOffset? source, DateTimeOffset? destination) => policy switch
    {
        ConflictPolicy.Skip => Ruling.Leave,
        ConflictPolicy.Overwrite => Ruling.Replace,
        ConflictPolicy.NewerWins when source > destination => Ruling.Replace,
        ConflictPolicy.NewerWins when source < destination => Ruling.Leave,
        _ => Ruling.Refuse,
    };

    /// <summary>When what a reading shows came to be: a deletion is a change as well.</summary>
    internal static DateTimeOffset? ChangedAt(SecretReading reading) =>
        reading.State == SecretState.Deleted && reading.DeletionTime > reading.CreatedTime ? reading.DeletionTime : reading.CreatedTime;
}
