namespace SecretBridge.Stores.Snapshots;

/// <summary>Where a frame lies that secrets begin in.</summary>
/// <param name="Key">The key of the first of them.</param>
/// <param name="Number">The frame's number.</param>
/// <param name="Offset">Where it begins in the file.</param>
internal readonly record struct SnapshotIndexEntry(string Key, long Number, long Offset);
