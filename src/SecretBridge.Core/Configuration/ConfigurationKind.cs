namespace SecretBridge.Configuration;

/// <summary>Whose configuration a file holds.</summary>
internal enum ConfigurationKind
{
    /// <summary>A Sagewai admin state: <c>sealed.vault</c>.</summary>
    SagewaiAdminState,

    /// <summary>A Rensei credential backend: <c>providerType</c>.</summary>
    RenseiCredentialBackend,

    /// <summary>A ScaiVault federation: <c>type</c> and <c>config</c>.</summary>
    ScaiVaultFederation,

    /// <summary>An environment file with <c>VAULT_…</c> variables.</summary>
    EnvironmentFile,
}
