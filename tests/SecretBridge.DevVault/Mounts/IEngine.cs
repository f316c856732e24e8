namespace SecretBridge.DevVault;

/// <summary>What stands behind a mount.</summary>
internal interface IEngine
{
    Reply Handle(Call call);

    /// <summary>Whether the thing written to exists: true makes it an update, false a create, null where the engine cannot say.</summary>
    bool? Exists(Call call);
}
