using SecretBridge.Reporting;
using SecretBridge.Secrets;
using SecretBridge.Stores;
using SecretBridge.Tests.Trees;
using SecretBridge.Trees;
using Xunit;

namespace SecretBridge.Tests.Secrets;

/// <summary>What was asked for stays pinned in the row, so that the next cmdlet does not take the latest for it.</summary>
public class PinnedReferenceTests
{
    private readonly ProbedStore _store = new("kv");

    private IStoreResolver Stores => new StoreSet(_store);

    [Fact]
    public async Task A_row_of_an_earlier_version_leads_to_that_version_when_it_is_destroyed()
    {
        await PutAsync(3);
        VaultSecret read = (await ListAsync(new SecretRead(new() { Stores = Stores }).RunAsync(Items("vault://kv/s?version=1"), CancellationToken.None))).Single();
        Assert.Equal("vault://memory@kv/s?version=1", read.Uri);
        var remove = new SecretRemove(new() { Stores = Stores, Kind = RemovalKind.Destroy });
        SecretChange change = (await ListAsync(remove.RunAsync(Items(read.Uri), CancellationToken.None))).Single();
        Assert.Equal([1], change.Version);
        Assert.Equal(SecretState.Destroyed, await StateAsync(1));
        Assert.Equal(SecretState.Live, await StateAsync(3));
    }

    [Theory]
    [InlineData("vault://kv/s", null, "vault://memory@kv/s")]
    [InlineData("vault://kv/s", 2, "vault://memory@kv/s?version=2")]
    [InlineData("vault://kv/s#k", null, "vault://memory@kv/s#k")]
    public async Task A_row_tells_the_version_and_key_that_were_asked_for(string uri, int? version, string expected)
    {
        await PutAsync(3);
        var read = new SecretRead(new() { Stores = Stores, Version = version });
        Assert.Equal(expected, (await ListAsync(read.RunAsync(Items(uri), CancellationToken.None))).Single().Uri);
    }

    [Fact]
    public async Task A_version_written_since_the_look_survives_a_removal()
    {
        await PutAsync(1);
        _store.Before = async (verb, _) =>
        {
            if (verb == "delete")
            {
                await _store.PutAsync("s", """{"k":"newer"}""");
            }
        };
        var remove = new SecretRemove(new() { Stores = Stores });
        SecretChange change = (await ListAsync(remove.RunAsync(Items("vault://kv/s"), CancellationToken.None))).Single();
        Assert.Equal([1], change.Version);
        Assert.Equal((SecretState.Deleted, SecretState.Live), (await StateAsync(1), await StateAsync(2)));
    }

    [Fact]
    public async Task A_merge_into_a_deleted_secret_is_refused()
    {
        await PutAsync(1);
        await _store.Inner.DeleteAsync(SecretPath.Parse("s"), [], CancellationToken.None);
        var write = new SecretWrite(new() { Stores = Stores, Merge = true });
        SecretChange change = (await ListAsync(write.RunAsync(
            new[] { new SecretItem("vault://kv/s", Payload: Tests.Stores.JsonText.Payload("""{"d":1}""")) }.ToAsync(), CancellationToken.None))).Single();
        Assert.Equal((SecretAction.Failed, FaultKind.SecretDeleted), (change.Action, change.Fault!.Kind));
    }

    private static IAsyncEnumerable<SecretItem> Items(string uri) => new[] { new SecretItem(uri) }.ToAsync();

    private static async Task<List<T>> ListAsync<T>(IAsyncEnumerable<T> rows)
    {
        var list = new List<T>();
        await foreach (T row in rows)
        {
            list.Add(row);
        }

        return list;
    }

    private async Task PutAsync(int versions)
    {
        for (int i = 1; i <= versions; i++)
        {
            await _store.PutAsync("s", $$"""{"k":"{{i}}"}""");
        }
    }

    private async Task<SecretState> StateAsync(int version) =>
        (await _store.Inner.ReadAsync(SecretPath.Parse("s"), version, CancellationToken.None)).State;
}
