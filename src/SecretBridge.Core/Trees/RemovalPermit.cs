using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>
/// What a comparison has proven of a secret on the reference side: that the other side has all that was compared. It permits
/// the removal of that secret at that version, and of nothing else.
/// </summary>
/// <param name="Store">The store that was read.</param>
/// <param name="Path">The secret in it.</param>
/// <param name="State">What stood there.</param>
/// <param name="Version">The version that was read; null where the store counts none, 0 where none was ever written.</param>
/// <param name="CreatedTime">When that version was written: a secret made anew counts from 1 again.</param>
/// <param name="OtherStore">The store of the other side.</param>
/// <param name="OtherPath">The secret in it.</param>
/// <param name="OtherUri">The other side's complete reference; null where it has nothing, as the reference side has no value.</param>
internal sealed record RemovalPermit(
    StoreIdentity Store,
    SecretPath Path,
    SecretState State,
    int? Version,
    DateTimeOffset? CreatedTime,
    StoreIdentity OtherStore,
    SecretPath OtherPath,
    string? OtherUri);
