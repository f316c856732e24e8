using SecretBridge.Reporting;
using SecretBridge.Secrets;
using SecretBridge.Stores;
using SecretBridge.Trees;

namespace SecretBridge.Values;

/// <summary>Opens references that stand in values of profiles.</summary>
internal static class ReferenceValue
{
    /// <summary>Opens a reference: with #key that value, else the primary value of the secret, else the only one.</summary>
    /// <exception cref="BridgeException">It leads to no value, or to several.</exception>
    internal static Func<string, CancellationToken, ValueTask<SealedValue>> Of(IStoreResolver stores) =>
        (reference, cancellationToken) => ResolveAsync(stores, reference, cancellationToken);

    private static async ValueTask<SealedValue> ResolveAsync(IStoreResolver stores, string reference, CancellationToken cancellationToken)
    {
        IAsyncEnumerable<SecretItem> items = new[] { new SecretItem(reference) }.ToAsync();
        await foreach (VaultSecret secret in new SecretRead(new() { Stores = stores, ThrottleLimit = 1 }).RunAsync(items, cancellationToken))
        {
            IReadOnlyDictionary<string, SealedValue> data = secret.Data ?? throw secret.Fault!;
            string? key = secret.Key ?? PrimaryKey.Names.FirstOrDefault(data.ContainsKey) ?? (data.Count == 1 ? data.Keys.Single() : null);
            return key is not null ? data[key] : throw new BridgeException(FaultKind.InvalidReference, reference,
                $"'{reference}' has {data.Count} keys and none of {string.Join(", ", PrimaryKey.Names)}; name one with #key.");
        }

        throw new BridgeException(FaultKind.SecretNotFound, reference, $"There is no '{reference}'.");
    }
}
