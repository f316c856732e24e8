using SecretBridge.Stores;

namespace SecretBridge.Tests.Stores.Sealed;

public sealed class SealedFileStoreContractTests : SecretStoreContract, IDisposable
{
    private readonly SealedFolder _folder = new();

    protected override async Task<ISecretStore> CreateAsync() => await _folder.OpenAsync();

    public void Dispose() => _folder.Dispose();
}
