namespace SecretBridge.Stores;

/// <summary>What a store can beyond what all can, also where another store stands before it.</summary>
internal static class StoreFeature
{
    /// <summary>The store as a kind; null where neither it nor one behind it is of that kind.</summary>
    internal static T? Find<T>(this ISecretStore store)
        where T : class =>
        store as T ?? (store as IStoreDecorator)?.Inner.Find<T>();
}
