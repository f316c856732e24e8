using SecretBridge.DevVault;

namespace SecretBridge.Contract.Tests;

public sealed class VaultExchanges() : ReplayedList("vault-1.8", VaultFlavour.Vault);
