using SecretBridge.Stores;
using SecretBridge.Tests.Trees;

namespace SecretBridge.Tests.Profiles;

/// <summary>Resolves references to stores that a test made, and bare names to a folder of the first.</summary>
internal sealed class DefaultFolder(ISecretStore first, string folder, params ISecretStore[] more) : IStoreResolver
{
    public ValueTask<StoreLocation> ResolveAsync(SecretReference reference, CancellationToken cancellationToken) => reference.Scheme is null
        ? new(new StoreLocation(first, SecretPath.Parse(folder).Append(reference.Path)))
        : new StoreSet([first, .. more]).ResolveAsync(reference, cancellationToken);
}
