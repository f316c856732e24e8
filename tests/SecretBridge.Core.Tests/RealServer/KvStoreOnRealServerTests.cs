using SecretBridge.Stores;
using SecretBridge.Tests.Stores;
using Xunit;

namespace SecretBridge.Tests.RealServer;

/// <summary>The store contract on KV mounts of a real server.</summary>
public abstract class KvStoreOnRealServerTests(RealVault vault, int kvVersion) : SecretStoreContract, IAsyncLifetime
{
    private VaultBackend? _backend;

    public async Task InitializeAsync() => _backend = vault.IsThere ? await vault.ConnectAsync() : null;

    public async Task DisposeAsync()
    {
        if (_backend is not null)
        {
            await _backend.DisposeAsync();
        }
    }

    protected override async Task<ISecretStore> CreateAsync()
    {
        Skip.IfNot(vault.IsThere, RealVault.Why);
        string mount = await vault.MountAsync(kvVersion);
        return (await _backend!.OpenAsync(SecretReference.Parse($"vault://real@{mount}"), CancellationToken.None)).Store;
    }
}

[Collection(SharedRealVault.Name)]
public class KvV2StoreOnRealServerTests(RealVault vault) : KvStoreOnRealServerTests(vault, 2);

[Collection(SharedRealVault.Name)]
public class KvV1StoreOnRealServerTests(RealVault vault) : KvStoreOnRealServerTests(vault, 1);
