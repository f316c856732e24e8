using SecretBridge.DevVault;
using SecretBridge.Secrets;
using SecretBridge.Stores;
using SecretBridge.Tests.Reporting;
using SecretBridge.Tests.Trees;
using SecretBridge.Tests.Wire;
using SecretBridge.Trees;
using SecretBridge.Wire;
using Xunit;
using FaultKind = SecretBridge.Reporting.FaultKind;

namespace SecretBridge.Tests.Secrets;

public class SecretReadTests
{
    private readonly ProbedStore _store = new("kv");

    [Fact]
    public async Task A_row_tells_where_it_is_and_keeps_its_values_sealed()
    {
        await _store.PutAsync("apps/100%/db", """{"b":"canary-0042","a":1}""");
        VaultSecret row = Assert.Single(await ReadAsync("vault://kv/apps/100%25/db"));
        Assert.Equal(
            ("vault://memory@kv/apps/100%25/db", "vault://memory@kv/apps/100%25", "db", "kv", "apps/100%/db", 1, SecretState.Live),
            (row.Uri, row.Root, row.RelativePath, row.Mount, row.Path, row.Version, row.State));
        Assert.Equal(["b", "a"], row.Keys);
        Assert.Equal("(sealed)", $"{row.Data!["b"]}");
        Assert.Equal("canary-0042", row.Data!["b"].Reveal());
        Assert.DoesNotContain("canary-0042", row.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("canary-0042", System.Text.Json.JsonSerializer.Serialize(row), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_mount_of_a_row_is_the_one_of_its_reference_in_a_namespace_too()
    {
        await using DevVaultServer server = await DevVaultServer.StartAsync();
        server.Mount("kv", inNamespace: "team");
        server.Put("team/kv", "app", """{"a":"canary-1"}""");
        await using VaultBackend backend = await VaultBackend.ConnectAsync(
            new ConnectOptions { Name = "prod", Address = server.Address.ToString(), Namespace = "team", Auth = new TokenAuth(Connection.Secure(server.RootToken)) },
            new RecordingReporter(), TimeProvider.System, default);
        IAsyncEnumerable<VaultSecret> rows = new SecretRead(new() { Stores = new BackendRegistry().With(backend) }).RunAsync(new[] { new SecretItem("vault://kv/app") }.ToAsync(), default);
        await using IAsyncEnumerator<VaultSecret> row = rows.GetAsyncEnumerator();
        Assert.True(await row.MoveNextAsync());
        Assert.Equal(("vault://prod@kv/app", "kv", "app"), (row.Current.Uri, row.Current.Mount, row.Current.Path));
    }

    [Fact]
    public async Task Rows_keep_the_order_of_the_items_and_never_more_are_read_at_once_than_allowed()
    {
        string[] names = Enumerable.Range(0, 40).Select(i => $"s{i:00}").ToArray();
        foreach (string name in names)
        {
            await _store.PutAsync(name, """{"a":1}""");
        }

        _store.Before = async (_, _) => await Task.Yield();
        List<VaultSecret> rows = await ReadAsync(names.Select(name => "vault://kv/" + name).ToArray());
        Assert.Equal(names, rows.Select(row => row.Name));
        Assert.InRange(_store.MostInFlight, 1, 4);
    }

    [Theory]
    [InlineData("vault://kv/none", SecretState.Absent, FaultKind.SecretNotFound)]
    [InlineData("vault://kv/gone", SecretState.Deleted, FaultKind.SecretDeleted)]
    [InlineData("vault://kv/lost", SecretState.Destroyed, FaultKind.SecretDeleted)]
    [InlineData("vault://kv/live?version=9", SecretState.Absent, FaultKind.SecretNotFound)]
    [InlineData("vault://kv/live#nothing", SecretState.Unreadable, FaultKind.SecretNotFound)]
    [InlineData("vault://kv", SecretState.Unreadable, FaultKind.InvalidReference)]
    [InlineData("vault://other/a", SecretState.Unreadable, FaultKind.MountNotFound)]
    [InlineData("vault://kv/a//b", SecretState.Unreadable, FaultKind.InvalidPath)]
    public async Task What_cannot_be_read_is_a_row_with_a_fault(string uri, SecretState state, FaultKind kind)
    {
        foreach (string name in new[] { "live", "gone", "lost" })
        {
            await _store.PutAsync(name, """{"a":1}""");
        }

        await _store.Inner.DeleteAsync(SecretPath.Parse("gone"), [], default);
        await _store.Inner.DestroyAsync(SecretPath.Parse("lost"), [1], default);
        VaultSecret row = Assert.Single(await ReadAsync(uri));
        Assert.Equal((state, kind), (row.State, row.Fault!.Kind));
        Assert.Equal(row.Fault.Message, row.Reason);
        Assert.Null(row.Data);
    }

    [Fact]
    public async Task A_reference_names_one_key_and_one_version()
    {
        await _store.PutAsync("s", """{"a":"old","b":2}""");
        await _store.PutAsync("s", """{"a":"new","b":2}""");
        VaultSecret row = Assert.Single(await ReadAsync("vault://kv/s?version=1#a"));
        Assert.Equal(("a", 1), (row.Key, row.Version));
        Assert.Equal("old", Assert.Single(row.Data!).Value.Reveal());
    }

    [Fact]
    public async Task One_denied_secret_does_not_keep_the_others_from_being_read()
    {
        await _store.PutAsync("a", "{}");
        await _store.PutAsync("b", "{}");
        _store.Before = (_, path) => path.Value == "a" ? throw ProbedStore.Denied(path) : Task.CompletedTask;
        List<VaultSecret> rows = await ReadAsync("vault://kv/a", "vault://kv/b");
        Assert.Equal([SecretState.Unreadable, SecretState.Live], rows.Select(row => row.State));
    }

    private async Task<List<VaultSecret>> ReadAsync(params string[] uris)
    {
        var read = new SecretRead(new() { Stores = new StoreSet(_store), ThrottleLimit = 4 });
        var rows = new List<VaultSecret>();
        await foreach (VaultSecret row in read.RunAsync(uris.Select(uri => new SecretItem(uri)).ToAsync(), default))
        {
            rows.Add(row);
        }

        return rows;
    }
}
