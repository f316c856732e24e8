namespace SecretBridge.DevVault;

/// <summary>What a request asks for, in the terms policies use.</summary>
internal enum Operation
{
    Read,
    Create,
    Update,
    Delete,
    List,
    Scan,
    Patch,
    Unsupported,
}
