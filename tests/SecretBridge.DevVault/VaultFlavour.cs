namespace SecretBridge.DevVault;

/// <summary>Whose behaviour the server shows where the two differ.</summary>
public enum VaultFlavour
{
    /// <summary>HashiCorp Vault 1.8: no namespaces, no custom_metadata, no PATCH.</summary>
    Vault,

    /// <summary>OpenBao 2.5: namespaces, custom_metadata, PATCH, SCAN, paging.</summary>
    OpenBao,
}
