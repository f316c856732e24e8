using SecretBridge.Audit;
using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Tests.Reporting;
using SecretBridge.Tests.Trees;
using SecretBridge.Trees;
using Xunit;

namespace SecretBridge.Tests.Audit;

public class AuditedStoreTests
{
    private const string Canary = "canary-audit-31c0";
    private static readonly SecretPath Db = SecretPath.Parse("apps/db");

    private readonly InMemoryStore _memory = new("kv");
    private readonly RecordingAudit _audit = new();
    private readonly AuditedStore _store;
    private int _ids;

    public AuditedStoreTests() => _store = new(_memory, Scope());

    [Fact]
    public async Task A_read_of_a_value_is_told_and_one_that_gives_none_is_not()
    {
        await PutAsync();
        await _store.ReadAsync(Db, null, default);
        await _store.ReadAsync(SecretPath.Parse("none"), null, default);
        await _store.ReadMetadataAsync(Db, default);
        await _store.ListAsync(SecretPath.Root, default);
        AuditEvent told = Assert.Single(_audit.Events);
        Assert.Equal(("secret.decrypted", "vault://memory@kv/apps/db", "memory", "nightly"), (told.Action, told.Reference, told.Backend, told.Workflow));
        Assert.Equal(("1", "1a"), (told.Details["version"], told.Details["correlation_id"]));
    }

    [Fact]
    public async Task A_value_whose_event_cannot_be_kept_is_not_given_out()
    {
        await PutAsync();
        _audit.Refuses = true;
        var refusal = await Assert.ThrowsAsync<BridgeException>(() => _store.ReadAsync(Db, null, default).AsTask());
        Assert.Equal(FaultKind.AuditFailed, refusal.Kind);
    }

    [Fact]
    public async Task Each_change_is_told_with_its_versions()
    {
        await using (IWriteSession session = await _store.OpenWriteSessionAsync(default))
        {
            await session.WriteAsync(Db, Payload($$"""{"k":"{{Canary}}"}"""), 0, default);
            await session.WriteAsync(Db, Payload("""{"k":"2"}"""), 1, default);
            await session.DeleteAsync(Db, [1, 2], default);
            await session.UndeleteAsync(Db, [2], default);
            await session.DestroyAsync(Db, [1], default);
            await session.WriteMetadataAsync(Db, new() { MaxVersions = 3 }, default);
            await session.RemoveAsync(Db, default);
        }

        Assert.Equal(
            ["secret.written version=1", "secret.written version=2", "secret.removed change=deleted versions=1,2", "secret.written change=restored versions=2",
             "secret.removed change=destroyed versions=1", "secret.written change=metadata", "secret.removed change=all versions"],
            _audit.Events.Select(told => told.Action + string.Concat(told.Details.Where(detail => detail.Key != "correlation_id").Select(detail => $" {detail.Key}={detail.Value}"))));
        Assert.Equal(7, _audit.Events.Select(told => told.Details["correlation_id"]).Distinct().Count());
        Assert.DoesNotContain(Canary, string.Join(" ", _audit.Events.SelectMany(told => told.Details.Values)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_that_was_made_and_cannot_be_told_says_so()
    {
        _audit.Refuses = true;
        await using IWriteSession session = await _store.OpenWriteSessionAsync(default);
        var refusal = await Assert.ThrowsAsync<BridgeException>(() => session.WriteAsync(Db, Payload("""{"k":"v"}"""), 0, default).AsTask());
        Assert.Equal(FaultKind.AuditFailed, refusal.Kind);
        Assert.Contains("was changed", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_of_unknown_outcome_that_cannot_be_told_says_so()
    {
        _audit.Refuses = true;
        using var cancelled = new CancellationTokenSource();
        await using IWriteSession session = await _store.OpenWriteSessionAsync(default);
        await cancelled.CancelAsync();
        var refusal = await Assert.ThrowsAsync<BridgeException>(() => session.WriteAsync(Db, Payload("""{"k":"v"}"""), 0, cancelled.Token).AsTask());
        Assert.Equal(FaultKind.AuditFailed, refusal.Kind);
        Assert.Contains("may have been changed", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_that_failed_is_not_told()
    {
        await using IWriteSession session = await _store.OpenWriteSessionAsync(default);
        await Assert.ThrowsAsync<BridgeException>(() => session.WriteAsync(Db, Payload("""{"k":"v"}"""), 7, default).AsTask());
        Assert.Empty(_audit.Events);
    }

    [Fact]
    public async Task Nothing_is_changed_where_the_trail_cannot_be_written()
    {
        var trail = new AuditTrail(new() { Path = "/nowhere/at/all/audit.jsonl", Actor = "ann" });
        var store = new AuditedStore(_memory, Scope() with { Sink = trail });
        Assert.Equal(FaultKind.AuditFailed, (await Assert.ThrowsAsync<BridgeException>(() => store.OpenWriteSessionAsync(default).AsTask())).Kind);
    }

    [Fact]
    public async Task A_copy_is_told_at_its_start_and_its_end_with_its_counts()
    {
        await PutAsync();
        var target = new InMemoryStore("other");
        var stores = new AuditedResolver(new StoreSet(_memory, target), Scope());
        var copy = new SubtreeCopy(
            new()
            {
                SourceStores = stores,
                DestinationStores = stores,
                DestinationUri = "vault://memory@other/in",
                Verify = true,
                Audit = _audit,
                Workflow = "nightly",
            },
            new RecordingReporter());
        await foreach (CopyResult row in copy.RunAsync(Once(new("vault://memory@kv")), default))
        {
            Assert.Equal(CopyAction.Created, row.Action);
        }

        Assert.Equal(["copy.started", "secret.decrypted", "secret.written", "secret.decrypted", "copy.finished"], _audit.Events.Select(told => told.Action));
        AuditEvent end = _audit.Events[^1];
        Assert.Equal(("vault://memory@other/in", "whole", "1", "1", "false"), (end.Reference, end.Details["outcome"], end.Details["created"], end.Details["verified"], end.Details["planned"]));
    }

    [Fact]
    public async Task A_copy_that_is_given_up_is_told_as_stopped()
    {
        await PutAsync();
        var stores = new StoreSet(_memory, new InMemoryStore("other"));
        var copy = new SubtreeCopy(
            new() { SourceStores = stores, DestinationStores = stores, DestinationUri = "vault://memory@other", Audit = _audit }, new RecordingReporter());
        await foreach (CopyResult row in copy.RunAsync(Once(new("vault://memory@kv")), default))
        {
            break;
        }

        Assert.Equal(["copy.started", "copy.finished"], _audit.Events.Select(told => told.Action));
        Assert.Equal("stopped", _audit.Events[^1].Details["outcome"]);
    }

    private static SecretPayload Payload(string json) => SecretPayload.Parse(System.Text.Encoding.UTF8.GetBytes(json), "test");

    private static async IAsyncEnumerable<TreeItem> Once(TreeItem item)
    {
        await Task.CompletedTask;
        yield return item;
    }

    private async Task PutAsync() => await _memory.WriteAsync(Db, Payload($$"""{"k":"{{Canary}}"}"""), null, default);

    private AuditScope Scope() => new() { Sink = _audit, Backend = _ => null, Workflow = "nightly", NewId = () => Interlocked.Increment(ref _ids) + "a" };
}
