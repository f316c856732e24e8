using SecretBridge.Stores;

namespace SecretBridge.Tests.Trees;

/// <summary>A tree that is made up as it is asked for and kept nowhere, so that what a run keeps of it is all that there is.</summary>
internal sealed class SyntheticStore(string name, int folders, int secretsPerFolder) : ISecretStore
{
    private static readonly SecretPayload Payload = Stores.JsonText.Payload("""{"password":"canary-synthetic"}""");

    /// <summary>Runs before each read.</summary>
    public Action OnRead { get; init; } = () => { };

    public SecretReference Root { get; } = SecretReference.Parse($"vault://memory@{name}");

    public StoreIdentity Identity { get; } = new("memory:" + name, name);

    public StoreCapabilities Capabilities => StoreCapabilities.List | StoreCapabilities.Versions | StoreCapabilities.CheckAndSet;

    public int Count => folders * secretsPerFolder;

    public ValueTask<FolderListing> ListAsync(SecretPath folder, CancellationToken cancellationToken) => new(folder.IsRoot
        ? Listing(folders, i => new ListedName(FormattableString.Invariant($"team-{i:000000}"), true))
        : Listing(secretsPerFolder, i => new ListedName(FormattableString.Invariant($"application-{i:000000}-database"), false)));

    public ValueTask<IReadOnlyList<SecretPath>?> TryScanAsync(SecretPath folder, CancellationToken cancellationToken) => new((IReadOnlyList<SecretPath>?)null);

    public ValueTask<SecretReading> ReadAsync(SecretPath path, int? version, CancellationToken cancellationToken)
    {
        OnRead();
        return new(new SecretReading { State = SecretState.Live, Payload = Payload, Version = 1 });
    }

    public ValueTask<SecretReading?> TryReadShapeAsync(SecretPath path, int? version, CancellationToken cancellationToken) => new((SecretReading?)null);

    public ValueTask<SecretMetadata?> ReadMetadataAsync(SecretPath path, CancellationToken cancellationToken) => new((SecretMetadata?)null);

    public string? WhyNotHold(SecretPath path, SecretPayload payload) => null;

    public ValueTask<IWriteSession> OpenWriteSessionAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    private static FolderListing Listing(int count, Func<int, ListedName> name) => new(true, Enumerable.Range(0, count).Select(name).ToArray());
}
