namespace SecretBridge.Stores;

/// <summary>A store with settings that hold for all secrets in it.</summary>
public interface IConfigurableStore
{
    /// <summary>Reads the settings.</summary>
    /// <exception cref="Reporting.BridgeException">Among others <see cref="Reporting.FaultKind.PermissionDenied"/>.</exception>
    ValueTask<MountSettings> ReadSettingsAsync(CancellationToken cancellationToken);

    /// <summary>Changes settings; what is null stays as it is.</summary>
    ValueTask WriteSettingsAsync(MountSettings change, CancellationToken cancellationToken);
}
