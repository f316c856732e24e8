namespace SecretBridge.Stores;

/// <summary>A store that stands before another and is asked in its place.</summary>
internal interface IStoreDecorator
{
    /// <summary>The store behind it.</summary>
    ISecretStore Inner { get; }
}
