namespace SecretBridge.Policies;

/// <summary>What a plan says of one secret.</summary>
/// <param name="Creates">Whether the destination has nothing there.</param>
/// <param name="Versions">How many versions with a value are written.</param>
/// <param name="WritesMetadata">Whether metadata is written.</param>
internal sealed record PlannedWrite(bool Creates, int Versions, bool WritesMetadata);
