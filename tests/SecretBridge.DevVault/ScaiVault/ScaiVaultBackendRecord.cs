namespace SecretBridge.DevVault;

/// <summary>A federation backend as the stand-in for ScaiVault holds it: the body that made it, and the last that changed it.</summary>
public sealed record ScaiVaultBackendRecord(string Id, string Made, string? Changed = null);
