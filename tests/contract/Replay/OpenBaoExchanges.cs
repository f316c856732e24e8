using SecretBridge.DevVault;

namespace SecretBridge.Contract.Tests;

public sealed class OpenBaoExchanges() : ReplayedList("openbao-2.5", VaultFlavour.OpenBao);
