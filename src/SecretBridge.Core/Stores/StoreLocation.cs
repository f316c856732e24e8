namespace SecretBridge.Stores;

/// <summary>A place in a store.</summary>
/// <param name="Store">The store.</param>
/// <param name="Path">The folder or secret in it.</param>
public sealed record StoreLocation(ISecretStore Store, SecretPath Path)
{
    /// <summary>The complete reference, with its backend, escaped.</summary>
    public string Uri => UriOf(SecretPath.Root);

    /// <summary>The complete reference.</summary>
    public override string ToString() => Uri;

    /// <summary>The complete reference of a path below this place.</summary>
    public string UriOf(SecretPath below) => Reference(below, null, null);

    /// <summary>The complete reference of this place with a version and a key pinned, where they are given.</summary>
    public string Pinned(int? version, string? key) => Reference(SecretPath.Root, version, key);

    private string Reference(SecretPath below, int? version, string? key) =>
        SecretReference.Create(Store.Root.Scheme!, Store.Root.Backend, Store.Root.Path.Append(Path).Append(below), version, key).ToString();
}
