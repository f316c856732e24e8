using SecretBridge.DevVault;
using SecretBridge.Stores;
using SecretBridge.Tests.Reporting;
using SecretBridge.Tests.Wire;
using SecretBridge.Wire;
using Xunit;

namespace SecretBridge.Tests.Stores.OnDevVault;

/// <summary>The store contract on KV mounts of a server.</summary>
public abstract class KvStoreContractTests(VaultFlavour flavour, int kvVersion) : SecretStoreContract, IAsyncLifetime
{
    private DevVaultServer _server = null!;
    private VaultBackend _backend = null!;

    public async Task InitializeAsync()
    {
        _server = await DevVaultServer.StartAsync(new DevVaultOptions { Flavour = flavour });
        _server.Mount("team/kv", kvVersion);
        _backend = await VaultBackend.ConnectAsync(
            new ConnectOptions { Name = "prod", Address = _server.Address.ToString(), Auth = new TokenAuth(Connection.Secure(_server.RootToken)) },
            new RecordingReporter(), TimeProvider.System, CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await _backend.DisposeAsync();
        await _server.DisposeAsync();
    }

    protected override async Task<ISecretStore> CreateAsync() =>
        (await _backend.OpenAsync(SecretReference.Parse("vault://prod@team/kv"), CancellationToken.None)).Store;
}

public class KvV2StoreOnVaultTests() : KvStoreContractTests(VaultFlavour.Vault, 2);

public class KvV2StoreOnOpenBaoTests() : KvStoreContractTests(VaultFlavour.OpenBao, 2);

public class KvV1StoreOnVaultTests() : KvStoreContractTests(VaultFlavour.Vault, 1);

public class KvV1StoreOnOpenBaoTests() : KvStoreContractTests(VaultFlavour.OpenBao, 1);
