using SecretBridge.Reporting;
using SecretBridge.Secrets;
using SecretBridge.Stores;
using SecretBridge.Tests.Stores;
using SecretBridge.Tests.Trees;
using SecretBridge.Trees;
using Xunit;

namespace SecretBridge.Tests.Secrets;

public class SecretWriteTests
{
    private readonly ProbedStore _store = new("kv");

    [Fact]
    public async Task A_new_secret_is_created_and_another_content_is_its_next_version()
    {
        Assert.Equal((SecretAction.Created, 1), Told(await WriteAsync("""{"a":1}""")));
        Assert.Equal((SecretAction.Updated, 2), Told(await WriteAsync("""{"a":2}""")));
        Assert.Equal("""{"a":2}""", await _store.TextAsync("s"));
    }

    [Fact]
    public async Task The_same_content_is_not_written_again_whatever_the_order_of_its_keys()
    {
        await _store.PutAsync("s", """{"a":1,"b":[1.0]}""");
        Assert.Equal((SecretAction.Unchanged, 1), Told(await WriteAsync("""{"b":[1],"a":1}""")));
        Assert.Empty(_store.Writes);
    }

    [Fact]
    public async Task A_write_of_somebody_else_after_the_read_is_not_overwritten()
    {
        await _store.PutAsync("s", """{"a":1}""");
        _store.OnRead = (path, _, reading) =>
        {
            _store.Inner.WriteAsync(path, JsonText.Payload("""{"theirs":1}"""), null, default).AsTask().Wait();
            return reading;
        };
        SecretChange row = await WriteAsync("""{"mine":1}""");
        Assert.Equal((SecretAction.Failed, FaultKind.CheckAndSetMismatch), (row.Action, row.Fault!.Kind));
        _store.OnRead = (_, _, reading) => reading;
        Assert.Equal("""{"theirs":1}""", await _store.TextAsync("s"));
    }

    [Fact]
    public async Task A_named_version_needs_no_read()
    {
        _store.Before = (verb, path) => verb == "read" ? throw ProbedStore.Denied(path) : Task.CompletedTask;
        Assert.Equal((SecretAction.Created, 1), Told(await WriteAsync("""{"a":1}""", options => options with { CheckAndSet = 0 })));
        SecretChange refused = await WriteAsync("""{"a":2}""");
        Assert.Equal(FaultKind.PermissionDenied, refused.Fault!.Kind);
        Assert.Contains("-CheckAndSet", refused.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"a":1,"b":2}""", """{"b":3,"c":null}""", """{"a":1,"b":3,"c":null}""")]
    [InlineData("""{}""", """{"a":1}""", """{"a":1}""")]
    public async Task A_merge_lays_keys_over_those_that_are_there(string before, string changes, string after)
    {
        await _store.PutAsync("s", before);
        Assert.Equal((SecretAction.Updated, 2), Told(await WriteAsync(changes, options => options with { Merge = true })));
        Assert.Equal(after, await _store.TextAsync("s"));
    }

    [Theory]
    [InlineData("9007199254740992", false)]
    [InlineData("9007199254740991", true)]
    [InlineData("1.5", true)]
    public async Task A_merge_never_writes_back_a_number_that_the_server_may_have_rounded(string number, bool isFine)
    {
        _store.With = StoreCapabilities.NumbersThroughDouble;
        await _store.PutAsync("s", $$"""{"id":{{number}}}""");
        SecretChange row = await WriteAsync("""{"a":1}""", options => options with { Merge = true });
        Assert.Equal(isFine ? null : FaultKind.PrecisionLoss, row.Fault?.Kind);
        Assert.Equal(SecretAction.Updated, (await WriteAsync("""{"a":2}""", options => options with { Merge = true, AllowPrecisionLoss = true })).Action);
    }

    [Fact]
    public async Task A_plan_writes_nothing()
    {
        SecretChange row = await WriteAsync("""{"a":1}""", planOnly: true);
        Assert.Equal((SecretAction.Created, true), (row.Action, row.Planned));
        Assert.Empty(_store.Writes);
    }

    [Theory]
    [InlineData("vault://kv/s?version=1", FaultKind.InvalidReference)]
    [InlineData("vault://kv/s#key", FaultKind.InvalidReference)]
    [InlineData("vault://kv", FaultKind.InvalidReference)]
    public async Task A_reference_that_no_write_can_mean_is_refused(string uri, FaultKind kind) =>
        Assert.Equal(kind, (await WriteAsync("""{"a":1}""", uri: uri)).Fault!.Kind);

    [Fact]
    public async Task What_the_store_cannot_hold_is_said_before_any_write()
    {
        _store.Refuses = "s";
        Assert.Equal(FaultKind.DestinationCannotHold, (await WriteAsync("""{"a":1}""")).Fault!.Kind);
        Assert.Empty(_store.Writes);
    }

    private static (SecretAction Action, int Version) Told(SecretChange row) => (row.Action, Assert.Single(row.Version));

    private async Task<SecretChange> WriteAsync(
        string json, Func<WriteOptions, WriteOptions>? with = null, bool planOnly = false, string uri = "vault://kv/s")
    {
        var options = new WriteOptions { Stores = new StoreSet(_store) };
        var write = new SecretWrite(with?.Invoke(options) ?? options);
        SecretItem[] items = [new(uri, planOnly, JsonText.Payload(json))];
        await foreach (SecretChange row in write.RunAsync(items.ToAsync(), default))
        {
            return row;
        }

        throw new InvalidOperationException("no row came");
    }
}
