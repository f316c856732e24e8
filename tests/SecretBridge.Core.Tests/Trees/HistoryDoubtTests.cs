using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Tests.Reporting;
using SecretBridge.Trees;
using Xunit;

namespace SecretBridge.Tests.Trees;

/// <summary>What a copy does where a side does not give what it told of: it fails that secret, and takes nothing for granted.</summary>
public class HistoryDoubtTests
{
    private static readonly Func<CopyOptions, CopyOptions> All = options => options with { Version = VersionSelection.All };
    private static readonly Func<CopyOptions, CopyOptions> Keep = options => All(options) with { KeepVersionNumber = true, DeletedVersion = DeletedVersionPolicy.Preserve };

    private readonly ProbedStore _source = new("kv");
    private readonly ProbedStore _target = new("kv2");

    [Theory]
    [InlineData(3)]
    [InlineData(2)]
    public async Task A_version_that_metadata_has_and_reads_lack_fails_the_history_and_nothing_is_written(int lacking)
    {
        await PutAsync(_source, "1", "2", "3");
        _source.OnRead = (_, version, reading) => version == lacking ? SecretReading.Absent : reading;
        CopyResult row = await CopyAsync(All);
        Assert.Equal((CopyAction.Failed, FaultKind.UnexpectedAbsence), (row.Action, ((IFaultRow)row).Fault?.Kind));
        Assert.Empty(_target.Writes);
    }

    [Fact]
    public async Task A_version_that_was_pushed_out_since_metadata_was_read_is_left_out()
    {
        await PutAsync(_source, "1", "2", "3");
        _source.OnRead = (_, version, reading) => version == 1 ? SecretReading.Absent : reading;
        Assert.Equal((CopyAction.Created, 2), await CopyAsync(All) is var row ? (row.Action, row.VersionsCopied) : default);
    }

    [Fact]
    public async Task A_destination_that_lags_behind_its_metadata_does_not_get_the_history_twice()
    {
        await PutAsync(_source, "1", "2");
        await CopyAsync(All);
        _target.Writes.Clear();
        _target.OnRead = (_, version, reading) => version == 2 ? SecretReading.Absent : reading;
        CopyResult row = await CopyAsync(options => All(options) with { Conflict = ConflictPolicy.Overwrite });
        Assert.Equal((CopyAction.Failed, FaultKind.UnexpectedAbsence), (row.Action, ((IFaultRow)row).Fault?.Kind));
        Assert.Empty(_target.Writes);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_secret_with_a_value_whose_metadata_seems_not_to_be_there_is_not_carried_without_it(bool history)
    {
        await PutAsync(_source, "1", "2");
        _source.Before = async (verb, path) => await (verb switch
        {
            "metadata" => _source.Inner.RemoveAsync(path, CancellationToken.None).AsTask(),
            "read" => PutAsync(_source, "2"),
            _ => Task.CompletedTask,
        });
        CopyResult row = await CopyAsync(options => history ? All(options) : options with { IncludeMetadata = true });
        Assert.Equal((CopyAction.Failed, FaultKind.UnexpectedAbsence), (row.Action, ((IFaultRow)row).Fault?.Kind));
        Assert.Empty(_target.Writes);
    }

    [Fact]
    public async Task A_run_that_is_cancelled_between_a_placeholder_and_its_end_leaves_none_live()
    {
        await PutAsync(_source, "1", "2");
        await _source.Inner.DestroyAsync(SecretPath.Parse("a"), [1], CancellationToken.None);
        using var stop = new CancellationTokenSource();
        _target.Before = (verb, _) => verb == "destroy" ? stop.CancelAsync() : Task.CompletedTask;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => CopyAsync(Keep, stop.Token));
        Assert.Equal(SecretState.Destroyed, (await ReadAsync(_target, 1)).State);
        Assert.Single(_target.Writes);
    }

    [Fact]
    public async Task A_run_that_is_cancelled_while_a_placeholder_is_written_leaves_none_live()
    {
        await PutAsync(_source, "1", "2");
        await _source.Inner.DestroyAsync(SecretPath.Parse("a"), [1], CancellationToken.None);
        using var stop = new CancellationTokenSource();
        _target.Before = (verb, _) => verb == "write" ? stop.CancelAsync() : Task.CompletedTask;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => CopyAsync(Keep, stop.Token));
        Assert.NotEqual(SecretState.Live, (await ReadAsync(_target, 1)).State);
    }

    [Fact]
    public async Task A_placeholder_that_may_not_be_ended_is_named_in_the_failure()
    {
        await PutAsync(_source, "1", "2");
        await _source.Inner.DestroyAsync(SecretPath.Parse("a"), [1], CancellationToken.None);
        _target.Before = (verb, path) => verb == "destroy" ? throw ProbedStore.Denied(path) : Task.CompletedTask;
        CopyResult row = await CopyAsync(Keep);
        Assert.Equal((CopyAction.Failed, FaultKind.PermissionDenied), (row.Action, ((IFaultRow)row).Fault?.Kind));
        Assert.Contains("version 1 of 'vault://memory@kv2/a' is a placeholder", row.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ConflictPolicy.Fail, false)]
    [InlineData(ConflictPolicy.Overwrite, false)]
    [InlineData(ConflictPolicy.Overwrite, true)]
    public async Task A_placeholder_that_a_killed_run_left_is_ended_by_a_run_that_numbers_anew(ConflictPolicy policy, bool onTop)
    {
        if (onTop)
        {
            await PutAsync(_target, "theirs");
        }

        await _target.Inner.WriteAsync(SecretPath.Parse("a"), Placeholder.Payload, null, CancellationToken.None);
        await PutAsync(_source, "1", "2");
        CopyResult row = await CopyAsync(options => All(options) with { Conflict = policy });
        Assert.Equal(CopyAction.Updated, row.Action);
        Assert.Equal(SecretState.Destroyed, (await ReadAsync(_target, onTop ? 2 : 1)).State);
        Assert.Equal("""{"k":"2"}""", await _target.TextAsync("a"));
        Assert.Equal(CopyAction.Unchanged, (await CopyAsync(options => All(options) with { Conflict = policy == ConflictPolicy.Fail ? ConflictPolicy.Overwrite : policy })).Action);
    }

    private static async Task PutAsync(ProbedStore store, params string[] values)
    {
        foreach (string value in values)
        {
            await store.PutAsync("a", $$"""{"k":"{{value}}"}""");
        }
    }

    private static async Task<SecretReading> ReadAsync(ProbedStore store, int version) =>
        await store.Inner.ReadAsync(SecretPath.Parse("a"), version, CancellationToken.None);

    private async Task<CopyResult> CopyAsync(Func<CopyOptions, CopyOptions> change, CancellationToken cancellationToken = default)
    {
        var stores = new StoreSet(_source, _target);
        var copy = new SubtreeCopy(change(new() { SourceStores = stores, DestinationStores = stores, DestinationUri = "vault://kv2" }), new RecordingReporter());
        var rows = new List<CopyResult>();
        await foreach (CopyResult row in copy.RunAsync(new[] { new TreeItem("vault://kv") }.ToAsync(), cancellationToken))
        {
            rows.Add(row);
        }

        return Assert.Single(rows);
    }
}
