using SecretBridge.DevVault;
using SecretBridge.Stores;
using SecretBridge.Tests.Wire;
using Xunit;

namespace SecretBridge.Tests.Stores.ScaiVault;

public sealed class ScaiVaultStoreContractTests : SecretStoreContract, IAsyncLifetime
{
    private DevScaiVaultServer _server = null!;
    private ScaiVaultBackend _backend = null!;

    public async Task InitializeAsync()
    {
        _server = await DevScaiVaultServer.StartAsync();
        _backend = ScaiVaultBackend.Connect(
            new() { Name = "target", Address = _server.Address.ToString(), Token = Connection.Secure(_server.Token) }, TimeProvider.System);
    }

    public async Task DisposeAsync()
    {
        await _backend.DisposeAsync();
        await _server.DisposeAsync();
        Assert.Empty(_server.Undocumented);
    }

    protected override Task<ISecretStore> CreateAsync() => Task.FromResult<ISecretStore>(_backend.Store);
}
