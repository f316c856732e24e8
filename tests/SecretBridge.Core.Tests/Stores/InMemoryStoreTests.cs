using SecretBridge.Stores;

namespace SecretBridge.Tests.Stores;

public class InMemoryStoreTests : SecretStoreContract
{
    protected override Task<ISecretStore> CreateAsync() => Task.FromResult<ISecretStore>(new InMemoryStore("kv"));
}
