using SecretBridge.Credentials;
using SecretBridge.DevVault;
using SecretBridge.Secrets;
using SecretBridge.Stores;
using SecretBridge.Tests.Clocks;
using SecretBridge.Tests.Reporting;
using SecretBridge.Tests.Wire;
using SecretBridge.Trees;
using SecretBridge.Wire;
using Xunit;

namespace SecretBridge.Tests.Stores.OnDevVault;

/// <summary>Servers whose replies tell no time, as behind a proxy that takes the header out: this machine's clock stands in.</summary>
public sealed class WithoutDateTests : IAsyncLifetime
{
    private const string Credential = "agentidp/agents/a1/credentials/c1";
    private readonly ManualTime _time = new();
    private DevVaultServer _server = null!;
    private VaultBackend _backend = null!;

    private IStoreResolver Stores => new BackendRegistry().With(_backend);

    public async Task InitializeAsync()
    {
        _server = await DevVaultServer.StartAsync(new DevVaultOptions { Flavour = VaultFlavour.Vault, Time = _time, WithoutDate = true });
        _backend = await VaultBackend.ConnectAsync(
            new ConnectOptions { Name = "prod", Address = _server.Address.ToString(), Auth = new TokenAuth(Connection.Secure(_server.RootToken)) },
            new RecordingReporter(), _time, CancellationToken.None);
        _server.Put("secret", Credential, """{"clientSecret":"canary-1"}""");
    }

    public async Task DisposeAsync()
    {
        await _backend.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task What_is_deleted_already_is_not_deleted_again()
    {
        Assert.Equal(SecretAction.Deleted, await RemoveAsync());
        _server.Requests.Reset();
        Assert.Equal(SecretAction.Unchanged, await RemoveAsync());
        Assert.Empty(_server.Requests.Writes);
    }

    [Fact]
    public async Task A_deleted_credential_is_listed_as_deleted()
    {
        Assert.Equal(SecretState.Live, await ListAsync());
        await RemoveAsync();
        Assert.Equal(SecretState.Deleted, await ListAsync());
    }

    [Fact]
    public async Task A_deletion_that_is_to_come_is_none_yet()
    {
        _server.Configure("secret", deleteVersionAfter: TimeSpan.FromHours(1));
        _server.Put("secret", Credential, """{"clientSecret":"canary-2"}""");
        _time.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(SecretState.Live, await ListAsync());
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(SecretState.Deleted, await ListAsync());
    }

    [Fact]
    public async Task What_was_compared_as_deleted_and_still_is_goes_for_good()
    {
        await RemoveAsync();
        _server.Mount("other");
        var comparison = new TreeComparison(
            new()
            {
                ReferenceStores = Stores,
                DifferenceStores = Stores,
                ReferenceUri = "vault://secret",
                DifferenceUri = "vault://other",
                IncludeEqual = true,
                Time = _time,
            },
            new RecordingReporter());
        List<RemovalInput> rows = await ToListAsync(comparison.RunAsync(CancellationToken.None), row => new RemovalInput(row));
        Assert.Equal(SecretState.Deleted, Assert.Single(rows).Row!.ReferenceState);
        var removal = new SubtreeRemoval(
            new() { Stores = Stores, OtherStores = Stores, Extent = RemovalExtent.AllVersions, MaxDelete = 1, Time = _time }, new RecordingReporter());
        Assert.Equal([RemoveAction.Removed], await ToListAsync(removal.RunAsync(rows.ToAsync(), CancellationToken.None), row => row.Action));
    }

    private async Task<SecretAction> RemoveAsync()
    {
        SecretChange change = await new SecretRemove(new() { Stores = Stores }).RemoveAsync(new($"vault://secret/{Credential}"), CancellationToken.None);
        _time.Advance(TimeSpan.FromSeconds(1));
        return change.Action;
    }

    private async Task<SecretState?> ListAsync() => Assert.Single(await ToListAsync(
        new CredentialList(new() { Stores = Stores, MountUri = "vault://secret" }).RunAsync(CancellationToken.None), row => row.State));

    private static async Task<List<TResult>> ToListAsync<T, TResult>(IAsyncEnumerable<T> rows, Func<T, TResult> make)
    {
        var list = new List<TResult>();
        await foreach (T row in rows)
        {
            list.Add(make(row));
        }

        return list;
    }
}
