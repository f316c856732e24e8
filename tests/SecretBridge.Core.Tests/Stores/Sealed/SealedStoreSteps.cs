using SecretBridge.Stores;

namespace SecretBridge.Tests.Stores.Sealed;

/// <summary>What tests do with any store, in one line.</summary>
internal static class SealedStoreSteps
{
    internal static async Task<WriteReceipt> PutAsync(this ISecretStore store, string path, string json, int? checkAndSet = null)
    {
        await using IWriteSession session = await store.OpenWriteSessionAsync(CancellationToken.None);
        return await session.WriteAsync(SecretPath.Parse(path), JsonText.Payload(json), checkAndSet, CancellationToken.None);
    }

    internal static async Task<string?> TextAsync(this ISecretStore store, string path) =>
        (await store.ReadAsync(SecretPath.Parse(path), null, CancellationToken.None)).Payload?.Text();
}
