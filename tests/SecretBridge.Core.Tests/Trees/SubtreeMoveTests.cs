using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Tests.Reporting;
using SecretBridge.Trees;
using Xunit;

namespace SecretBridge.Tests.Trees;

public class SubtreeMoveTests
{
    private readonly ProbedStore _source = new("kv");
    private readonly ProbedStore _destination = new("kv2");
    private readonly RecordingReporter _reporter = new();
    private readonly List<CopyResult> _copied = [];
    private readonly List<RemoveResult> _removed = [];

    [Fact]
    public async Task A_move_copies_verifies_compares_and_soft_deletes_what_it_copied()
    {
        await PutAsync(_source, "apps/a", 1);
        await PutAsync(_source, "apps/f/b", 2);
        await MoveAsync("vault://kv/apps");
        Assert.Equal(["Created a", "Created f/b"], _copied.Select(row => $"{row.Action} {row.RelativePath}"));
        Assert.All(_copied, row => Assert.True(row.Verified));
        Assert.Equal(["Deleted a", "Deleted f/b"], _removed.Select(Text));
        Assert.All(_removed, row => Assert.Equal("vault://memory@kv/apps", row.Root));
        Assert.Equal(["delete apps/a 1", "delete apps/f/b 1"], _source.Removals.Order());
        Assert.Equal("""{"k":2}""", await _destination.TextAsync("f/b"));
    }

    [Fact]
    public async Task A_source_that_changed_after_it_was_copied_stays_and_is_reported()
    {
        await PutAsync(_source, "a", 1);
        await PutAsync(_source, "b", 1);
        await PutAsync(_source, "c", 1);
        await MoveAsync("vault://kv", between: async () =>
        {
            await PutAsync(_source, "a", 2);
            await PutAsync(_source, "c", 1);
        });
        Assert.Equal(["Skipped a", "Skipped c", "Deleted b"], _removed.Select(Text));
        Assert.All(_removed.Take(2), row => Assert.Equal(FaultKind.RemovalRefused, ((IFaultRow)row).Fault!.Kind));
        Assert.Contains("Version 1 was copied, and the source is at version 2.", _removed[1].Reason, StringComparison.Ordinal);
        Assert.Equal(["delete b 1"], _source.Removals);
    }

    [Fact]
    public async Task A_copy_that_was_changed_or_deleted_by_somebody_keeps_the_source()
    {
        await PutAsync(_source, "a", 1);
        await PutAsync(_source, "b", 1);
        await MoveAsync("vault://kv", between: async () =>
        {
            await PutAsync(_destination, "a", 9);
            await _destination.Inner.RemoveAsync(SecretPath.Parse("b"), CancellationToken.None);
        });
        Assert.Equal(["Skipped a", "Skipped b"], _removed.Select(Text));
        Assert.Empty(_source.Removals);
    }

    /// <summary>vault-sync and vsh go on after a listing that failed, and end as if all was well.</summary>
    [Fact]
    public async Task Nothing_is_removed_where_a_folder_could_not_be_listed()
    {
        await PutAsync(_source, "a", 1);
        await PutAsync(_source, "shut/b", 1);
        _source.Before = (verb, path) => verb == "list" && path.Value == "shut" ? throw ProbedStore.Denied(path) : Task.CompletedTask;
        await RefusedAsync("vault://kv");
        Assert.Contains(_copied, row => row.Action == CopyAction.Created);
    }

    [Fact]
    public async Task Nothing_is_removed_where_a_secret_failed_or_is_in_conflict()
    {
        await PutAsync(_source, "a", 1);
        await PutAsync(_source, "b", 1);
        await PutAsync(_destination, "b", 2);
        await RefusedAsync("vault://kv");

        _destination.Before = (verb, path) => verb == "write" ? throw ProbedStore.Denied(path) : Task.CompletedTask;
        await PutAsync(_source, "c", 1);
        await RefusedAsync("vault://kv");
    }

    [Fact]
    public async Task Nothing_is_removed_where_the_second_comparison_cannot_read()
    {
        await PutAsync(_source, "a", 1);
        await PutAsync(_source, "b", 1);
        await RefusedAsync("vault://kv", between: () =>
        {
            _destination.Before = (verb, path) => verb == "read" && path.Value == "b" ? throw ProbedStore.Denied(path) : Task.CompletedTask;
            return Task.CompletedTask;
        });
    }

    [Fact]
    public async Task More_than_MaxDelete_is_copied_and_stays()
    {
        await PutAsync(_source, "a", 1);
        await PutAsync(_source, "b", 1);
        BridgeException exception = await RefusedAsync("vault://kv", change: options => options with { MaxDelete = 1 });
        Assert.Contains("2 secrets would be removed, and -MaxDelete allows 1.", exception.Message, StringComparison.Ordinal);
        Assert.Equal(2, _copied.Count);
    }

    [Fact]
    public async Task A_secret_that_was_skipped_is_not_moved()
    {
        await PutAsync(_source, "a", 1);
        await PutAsync(_source, "gone", 1);
        await _source.Inner.DeleteAsync(SecretPath.Parse("gone"), [], CancellationToken.None);
        await PutAsync(_destination, "a", 2);
        await MoveAsync("vault://kv", change: options => options with { Copy = options.Copy with { Conflict = ConflictPolicy.Skip } });
        Assert.Empty(_removed);
        Assert.Equal(2, _copied.Count(row => row.Action == CopyAction.Skipped));
    }

    [Fact]
    public async Task A_plan_tells_both_and_does_neither()
    {
        await PutAsync(_source, "a", 1);
        await MoveAsync("vault://kv", change: options => options with { MaxDelete = 0, Copy = options.Copy with { PlanOnly = true } });
        Assert.True(Assert.Single(_copied).Planned);
        Assert.Equal(("Deleted a", true), (Text(Assert.Single(_removed)), _removed[0].Planned));
        Assert.Empty(_destination.Writes);
        Assert.Empty(_source.Removals);
    }

    [Fact]
    public async Task Without_versions_nothing_is_copied_before_it_is_said_that_all_go_for_good()
    {
        _source.Without = StoreCapabilities.Versions | StoreCapabilities.Metadata | StoreCapabilities.CheckAndSet;
        _source.OnRead = (_, _, reading) => reading with { Version = null };
        await PutAsync(_source, "a", 1);
        var exception = await Assert.ThrowsAsync<BridgeException>(() => MoveAsync("vault://kv"));
        Assert.Equal((FaultKind.NotSupported, 0), (exception.Kind, _destination.Writes.Count));

        await MoveAsync("vault://kv", change: options => options with { Extent = RemovalExtent.AllVersions });
        Assert.Equal("Removed a", Text(Assert.Single(_removed)));
        Assert.Equal(["remove a"], _source.Removals);
    }

    [Fact]
    public async Task An_older_version_that_was_pinned_is_copied_and_the_secret_stays()
    {
        await PutAsync(_source, "a", 1);
        await PutAsync(_source, "a", 2);
        await MoveAsync("vault://kv/a?version=1");
        Assert.Equal("""{"k":1}""", await _destination.TextAsync("a"));
        Assert.Equal("Skipped a", Text(Assert.Single(_removed)));
        Assert.Empty(_source.Removals);
    }

    [Fact]
    public async Task Progress_tells_the_phases_the_counts_and_what_is_under_way()
    {
        var time = new Clocks.ManualTime();
        for (int i = 0; i < 20; i++)
        {
            await PutAsync(_source, FormattableString.Invariant($"f{i % 2}/s{i:00}"), i);
        }

        Func<string, SecretPath, Task> slow = (_, _) =>
        {
            time.Advance(TimeSpan.FromMilliseconds(300));
            return Task.CompletedTask;
        };
        _source.Before = slow;
        _destination.Before = slow;
        await MoveAsync("vault://kv", change: options => options with { Copy = options.Copy with { Time = time, ThrottleLimit = 2 } });
        ProgressReport[] reports = [.. _reporter.Reports];
        Assert.Equal(["copying", "comparing", "removing"], reports.Select(report => report.Phase).Distinct());
        ProgressReport removing = reports.Last(report => report is { Phase: "removing", Completed: false });
        Assert.True(removing.Counts["deleted"] > 0);
        Assert.Equal((20L, 2), (removing.Total, removing.Limit));
        Assert.NotNull(removing.Remaining);
        Assert.StartsWith("f", removing.Folder, StringComparison.Ordinal);
        Assert.Equal(20, reports.Last(report => report.Phase == "comparing").Counts["equal"]);
    }

    [Fact]
    public async Task A_resumed_move_goes_on_after_its_copy_and_leaves_out_what_is_gone()
    {
        string journal = Path.Combine(Directory.CreateTempSubdirectory("sb-move-").FullName, "move.jsonl");
        Func<MoveOptions, MoveOptions> change = options => options with { Copy = options.Copy with { JournalPath = journal, Resume = true } };
        await PutAsync(_source, "a", 1);
        await PutAsync(_source, "b", 1);
        await PutAsync(_source, "c", 1);
        _source.Before = (verb, path) => (verb, path.Value) == ("delete", "b")
            ? throw new BridgeException(FaultKind.TokenInvalid, "b", "The token is used up.") : Task.CompletedTask;
        var fault = await Assert.ThrowsAsync<BridgeException>(() => MoveAsync("vault://kv", change: options => change(options) with { Copy = change(options).Copy with { ThrottleLimit = 1 } }));
        Assert.Contains($"Connect again, then run the same command with -Resume: the journal '{journal}' tells what is done.", fault.Message, StringComparison.Ordinal);
        Assert.Contains("The removal stopped", fault.Message, StringComparison.Ordinal);

        _source.Before = (_, _) => Task.CompletedTask;
        _removed.Clear();
        _destination.Writes.Clear();
        await MoveAsync("vault://kv", change: change);
        Assert.Empty(_destination.Writes);
        Assert.Contains("Deleted b", _removed.Select(Text));
        Assert.All(_removed, row => Assert.Null(((IFaultRow)row).Fault));
        Assert.Equal(["delete a 1", "delete b 1", "delete c 1"], _source.Removals.Order());
        Directory.Delete(Path.GetDirectoryName(journal)!, recursive: true);
    }

    [Fact]
    public async Task A_token_that_ends_while_it_is_compared_stops_the_move_and_says_how_to_go_on()
    {
        await PutAsync(_source, "a", 1);
        var fault = await Assert.ThrowsAsync<BridgeException>(() => MoveAsync("vault://kv", between: () =>
        {
            _source.Before = (_, path) => throw new BridgeException(FaultKind.TokenInvalid, path.Value, "The token is used up.");
            return Task.CompletedTask;
        }));
        Assert.Equal(FaultKind.TokenInvalid, fault.Kind);
        Assert.Contains("The move stopped: The token is used up. Connect again, then run the same command again", fault.Message, StringComparison.Ordinal);
        Assert.Empty(_source.Removals);
    }

    private static string Text(RemoveResult result) => $"{result.Action} {result.RelativePath}";

    private static Task PutAsync(ProbedStore store, string path, int value) => store.PutAsync(path, $$"""{"k":{{value}}}""");

    private async Task<BridgeException> RefusedAsync(string source, Func<Task>? between = null, Func<MoveOptions, MoveOptions>? change = null)
    {
        var exception = await Assert.ThrowsAsync<BridgeException>(() => MoveAsync(source, between, change));
        Assert.Equal(FaultKind.RemovalRefused, exception.Kind);
        Assert.Empty(_source.Removals);
        return exception;
    }

    private async Task MoveAsync(string source, Func<Task>? between = null, Func<MoveOptions, MoveOptions>? change = null)
    {
        var options = new MoveOptions
        {
            Copy = new() { SourceStores = new StoreSet(_source), DestinationStores = new StoreSet(_destination), DestinationUri = "vault://kv2" },
            MaxDelete = 100,
        };
        var move = new SubtreeMove(change?.Invoke(options) ?? options, _reporter);
        await foreach (CopyResult row in move.CopyAsync(new[] { new TreeItem(source) }.ToAsync(), CancellationToken.None))
        {
            _copied.Add(row);
        }

        await (between?.Invoke() ?? Task.CompletedTask);
        await foreach (RemoveResult row in move.RemoveAsync(CancellationToken.None))
        {
            _removed.Add(row);
        }
    }
}
