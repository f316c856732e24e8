namespace SecretBridge.DevVault;

/// <summary>A secret as the model holds it. KV v1 has one version.</summary>
public sealed record StoredSecret(string Path, IReadOnlyList<StoredVersion> Versions, IReadOnlyDictionary<string, string>? CustomMetadata)
{
    public StoredVersion? Latest => Versions.Count > 0 ? Versions[^1] : null;
}
