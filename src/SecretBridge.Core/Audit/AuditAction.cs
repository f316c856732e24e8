namespace SecretBridge.Audit;

/// <summary>What stores do with secrets, as audit events name it.</summary>
internal static class AuditAction
{
    /// <summary>A value was read.</summary>
    public const string Decrypted = "secret.decrypted";

    /// <summary>A value, a restored version or metadata was written.</summary>
    public const string Written = "secret.written";

    /// <summary>Versions or a whole secret were deleted, destroyed or removed.</summary>
    public const string Removed = "secret.removed";
}
