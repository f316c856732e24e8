using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Tests.Reporting;
using SecretBridge.Trees;
using Xunit;

namespace SecretBridge.Tests.Trees;

public class SubtreeRemovalTests
{
    private readonly ProbedStore _source = new("kv");
    private readonly ProbedStore _copy = new("kv2");
    private readonly RecordingReporter _reporter = new();
    private RemovalSummary? _summary;

    [Fact]
    public async Task Equal_rows_are_soft_deleted_at_the_compared_version_and_the_copy_stays()
    {
        await PutBothAsync("a", 1);
        await PutBothAsync("f/b", 1);
        List<RemoveResult> results = await RemoveAsync(await RowsAsync());
        Assert.Equal(["Deleted a 1", "Deleted f/b 1"], results.Select(Text));
        Assert.Equal(["vault://memory@kv", "vault://memory@kv"], results.Select(result => result.Root));
        Assert.Equal(["delete a 1", "delete f/b 1"], _source.Removals.Order());
        Assert.Empty(_copy.Removals);
        Assert.Equal((2, true), (_summary!.Deleted, _summary.Succeeded));
        Assert.StartsWith("Removed: 2 deleted, ", _reporter.Summaries.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_write_after_the_comparison_survives()
    {
        await PutBothAsync("a", 1);
        List<TreeDifference> rows = await RowsAsync();
        await PutAsync(_source, "a", 2);
        RemoveResult result = Assert.Single(await RemoveAsync(rows));
        Assert.Equal(("Deleted a 1", "Version 2 was written since, and stays."), (Text(result), result.Reason));
        Assert.Equal("""{"k":2}""", await _source.TextAsync("a"));
    }

    [Fact]
    public async Task Earlier_versions_go_with_the_compared_one_or_they_could_still_be_read()
    {
        foreach (int i in new[] { 1, 2, 3 })
        {
            await PutAsync(_source, "a", i);
        }

        await _source.Inner.DestroyAsync(SecretPath.Parse("a"), [2], CancellationToken.None);
        await PutAsync(_copy, "a", 3);
        Assert.Equal("Deleted a 1,3", Text(Assert.Single(await RemoveAsync(await RowsAsync()))));
    }

    [Fact]
    public async Task Destroying_takes_the_deleted_versions_too_and_leaves_the_metadata()
    {
        await PutAsync(_source, "a", 1);
        await _source.Inner.DeleteAsync(SecretPath.Parse("a"), [], CancellationToken.None);
        await PutAsync(_source, "a", 2);
        await PutAsync(_copy, "a", 2);
        List<TreeDifference> rows = await RowsAsync();
        await PutAsync(_source, "a", 3);
        Assert.Equal("Destroyed a 1,2", Text(Assert.Single(await RemoveAsync(rows, options => options with { Extent = RemovalExtent.Destroy }))));
        Assert.Equal("""{"k":3}""", await _source.TextAsync("a"));
    }

    [Fact]
    public async Task All_versions_go_only_where_none_was_written_since()
    {
        await PutBothAsync("a", 1);
        await PutBothAsync("b", 1);
        List<TreeDifference> rows = await RowsAsync();
        await PutAsync(_source, "b", 2);
        List<RemoveResult> results = await RemoveAsync(rows, options => options with { Extent = RemovalExtent.AllVersions });
        Assert.Equal(["Removed a 1", "Skipped b"], results.Select(Text));
        Assert.Equal(FaultKind.RemovalRefused, Kind(results[1]));
        Assert.Equal(["remove a"], _source.Removals);
        Assert.Equal((1, 1, false), (_summary!.Removed, _summary.Refused, _summary.Succeeded));
    }

    [Theory]
    [InlineData(RemovalExtent.Delete, 1)]
    [InlineData(RemovalExtent.Destroy, 3)]
    [InlineData(RemovalExtent.AllVersions, 2)]
    public async Task A_secret_made_anew_since_counts_from_1_again_and_survives(RemovalExtent extent, int writes)
    {
        await PutBothAsync("a", 1);
        await PutAsync(_source, "a", 5);
        await PutAsync(_copy, "a", 5);
        List<TreeDifference> rows = await RowsAsync();
        await _source.Inner.RemoveAsync(SecretPath.Parse("a"), CancellationToken.None);
        for (int i = 0; i < writes; i++)
        {
            await PutAsync(_source, "a", 7);
        }

        RemoveResult result = Assert.Single(await RemoveAsync(rows, options => options with { Extent = extent }));
        Assert.Equal(("Skipped a", FaultKind.RemovalRefused), (Text(result), Kind(result)));
        Assert.Empty(_source.Removals);
        Assert.Equal("""{"k":7}""", await _source.TextAsync("a"));
    }

    [Fact]
    public async Task A_secret_restored_since_it_was_compared_as_deleted_survives()
    {
        await PutBothAsync("a", 1);
        await _source.Inner.DeleteAsync(SecretPath.Parse("a"), [1], CancellationToken.None);
        await _copy.Inner.DeleteAsync(SecretPath.Parse("a"), [1], CancellationToken.None);
        List<TreeDifference> rows = await RowsAsync();
        await _source.Inner.UndeleteAsync(SecretPath.Parse("a"), [1], CancellationToken.None);
        RemoveResult result = Assert.Single(await RemoveAsync(rows, options => options with { Extent = RemovalExtent.AllVersions }));
        Assert.Equal(FaultKind.RemovalRefused, Kind(result));
        Assert.Equal("""{"k":1}""", await _source.TextAsync("a"));
    }

    [Fact]
    public async Task Rows_that_are_not_equal_permit_nothing_and_hold_up_no_others()
    {
        await PutBothAsync("equal", 1);
        await PutAsync(_source, "differs", 1);
        await PutAsync(_copy, "differs", 2);
        await PutAsync(_source, "only-left", 1);
        await PutAsync(_copy, "only-right", 1);
        List<RemoveResult> results = await RemoveAsync(await RowsAsync());
        Assert.Equal(["Skipped differs", "Skipped only-left", "Skipped only-right", "Deleted equal 1"], results.Select(Text));
        Assert.All(results.Take(3), result => Assert.Equal(FaultKind.RemovalRefused, Kind(result)));
        Assert.Contains("not equal on both sides (<=)", results[1].Reason, StringComparison.Ordinal);
        Assert.Contains("on the difference side", results[2].Reason, StringComparison.Ordinal);
        Assert.Equal(["delete equal 1"], _source.Removals);
        Assert.Empty(_copy.Removals);
    }

    [Fact]
    public async Task An_unreadable_row_lets_nothing_go()
    {
        await PutBothAsync("a", 1);
        await PutBothAsync("b", 1);
        _copy.Before = (verb, path) => verb == "read" && path.Value == "b" ? throw ProbedStore.Denied(path) : Task.CompletedTask;
        await RefusedAsync(await RowsAsync(), "could not be read");
    }

    [Fact]
    public async Task An_error_among_the_piped_rows_lets_nothing_go()
    {
        await PutBothAsync("a", 1);
        List<TreeDifference> rows = await RowsAsync();
        IEnumerable<RemovalInput> inputs = [new(rows[0]), RemovalInput.Unusable("An ErrorRecord")];
        var exception = await Assert.ThrowsAsync<BridgeException>(() => RunAsync(Options(), inputs));
        Assert.Equal(FaultKind.RemovalRefused, exception.Kind);
        Assert.Empty(_source.Removals);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task More_than_MaxDelete_lets_nothing_go(int maxDelete)
    {
        foreach (string path in new[] { "a", "b", "c" })
        {
            await PutBothAsync(path, 1);
        }

        BridgeException exception = await RefusedAsync(await RowsAsync(), "3 secrets would be removed", options => options with { MaxDelete = maxDelete });
        Assert.EndsWith("Nothing was removed.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_removes_nothing_and_says_what_MaxDelete_it_needs()
    {
        await PutBothAsync("a", 1);
        RemoveResult result = Assert.Single(await RemoveAsync(await RowsAsync(), options => options with { PlanOnly = true, MaxDelete = 0 }));
        Assert.Equal(("Deleted a 1", true), (Text(result), result.Planned));
        Assert.Empty(_source.Removals);
        Assert.Contains("Say -MaxDelete 1", Assert.Single(_reporter.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "")]
    [InlineData(false, "other")]
    public async Task Rows_of_a_comparison_in_part_permit_nothing(bool keysOnly, string excludeKey)
    {
        await _source.PutAsync("a", """{"k":1,"other":2}""");
        await _copy.PutAsync("a", """{"k":1,"other":3}""");
        List<TreeDifference> rows = await RowsAsync(options => options with { KeysOnly = keysOnly, ExcludeKey = excludeKey.Length == 0 ? [] : [excludeKey] });
        Assert.Equal("==", Assert.Single(rows).SideIndicator);
        RemoveResult result = Assert.Single(await RemoveAsync(rows));
        Assert.Contains("compared in part", result.Reason, StringComparison.Ordinal);
        Assert.Empty(_source.Removals);
    }

    [Fact]
    public async Task A_row_that_nobody_compared_permits_nothing()
    {
        await PutAsync(_source, "a", 1);
        var row = new TreeDifference { Uri = "vault://memory@kv/a", SideIndicator = "==", Root = "vault://memory@kv", RelativePath = "a", ReferenceVersion = 1 };
        Assert.Equal(FaultKind.RemovalRefused, Kind(Assert.Single(await RemoveAsync([row]))));
        Assert.Empty(_source.Removals);
    }

    [Fact]
    public async Task A_row_whose_uri_was_changed_permits_nothing_else()
    {
        await PutBothAsync("a", 1);
        await PutBothAsync("b", 1);
        TreeDifference row = (await RowsAsync())[0] with { Uri = "vault://memory@kv/b" };
        RemoveResult result = Assert.Single(await RemoveAsync([row]));
        Assert.Contains("another store than the one that was compared", result.Reason, StringComparison.Ordinal);
        Assert.Empty(_source.Removals);
    }

    [Fact]
    public async Task A_name_that_leads_to_another_server_by_now_is_not_followed()
    {
        await PutBothAsync("a", 1);
        List<TreeDifference> rows = await RowsAsync();
        var production = new ProbedStore("kv");
        await PutAsync(production, "a", 1);
        RemoveResult result = Assert.Single(await RemoveAsync(rows, options => options with { Stores = new StoreSet(production) }));
        Assert.Equal(FaultKind.RemovalRefused, Kind(result));
        Assert.Empty(production.Removals);
    }

    [Fact]
    public async Task A_tree_compared_with_itself_is_not_removed()
    {
        await PutAsync(_source, "a", 1);
        List<TreeDifference> rows = await RowsAsync(options => options with { DifferenceStores = new StoreSet(_source), DifferenceUri = "vault://kv" });
        Assert.Equal("==", Assert.Single(rows).SideIndicator);
        await RefusedAsync(rows, "which is to be removed too");
    }

    [Fact]
    public async Task Two_secrets_that_stand_for_each_other_are_not_both_removed()
    {
        await PutAsync(_source, "x/a", 1);
        await PutAsync(_source, "y/a", 1);
        CompareOptions Itself(CompareOptions options, string left, string right) =>
            options with { DifferenceStores = new StoreSet(_source), ReferenceUri = "vault://kv/" + left, DifferenceUri = "vault://kv/" + right };
        List<TreeDifference> rows = await RowsAsync(options => Itself(options, "x", "y"));
        rows.AddRange(await RowsAsync(options => Itself(options, "y", "x")));
        await RefusedAsync(rows, "which is to be removed too");
    }

    [Fact]
    public async Task A_row_whose_reference_side_has_nothing_never_touches_the_other_side()
    {
        await PutAsync(_copy, "a", 1);
        await _copy.Inner.DeleteAsync(SecretPath.Parse("a"), [], CancellationToken.None);
        List<TreeDifference> rows = await RowsAsync();
        Assert.Equal(("==", "vault://memory@kv2/a"), (Assert.Single(rows).SideIndicator, rows[0].Uri));
        Assert.Equal("Skipped a", Text(Assert.Single(await RemoveAsync(rows, options => options with { Extent = RemovalExtent.AllVersions }))));
        Assert.Empty(_copy.Removals);
    }

    [Fact]
    public async Task A_row_given_twice_counts_once()
    {
        await PutBothAsync("a", 1);
        TreeDifference row = (await RowsAsync())[0];
        Assert.Equal(["Skipped a", "Deleted a 1"], (await RemoveAsync([row, row], options => options with { MaxDelete = 1 })).Select(Text));
    }

    [Fact]
    public async Task One_that_cannot_be_removed_is_a_row_and_a_fault_and_the_others_go_on()
    {
        await PutBothAsync("a", 1);
        await PutBothAsync("b", 1);
        List<TreeDifference> rows = await RowsAsync();
        _source.Before = (verb, path) => verb == "delete" && path.Value == "a" ? throw ProbedStore.Denied(path) : Task.CompletedTask;
        List<RemoveResult> results = await RemoveAsync(rows);
        Assert.Equal(["Failed a", "Deleted b 1"], results.Select(Text));
        Assert.Equal(FaultKind.PermissionDenied, Kind(results[0]));
    }

    [Fact]
    public async Task What_is_deleted_already_is_skipped()
    {
        await PutBothAsync("a", 1);
        await PutBothAsync("b", 1);
        List<TreeDifference> rows = await RowsAsync();
        await _source.Inner.DeleteAsync(SecretPath.Parse("a"), [], CancellationToken.None);
        await _source.Inner.RemoveAsync(SecretPath.Parse("b"), CancellationToken.None);
        Assert.Equal(["Nothing of it is left to remove.", "It is gone already."], (await RemoveAsync(rows)).Select(result => result.Reason));
    }

    [Fact]
    public async Task Without_versions_nothing_is_removed_for_good_unasked()
    {
        _source.Without = StoreCapabilities.Versions | StoreCapabilities.Metadata;
        await PutBothAsync("a", 1);
        RemoveResult result = Assert.Single(await RemoveAsync(await RowsAsync()));
        Assert.Equal(("Failed a", FaultKind.NotSupported), (Text(result), Kind(result)));
        Assert.Empty(_source.Removals);
    }

    [Fact]
    public async Task Without_versions_both_sides_are_read_again_right_before()
    {
        _source.Without = StoreCapabilities.Versions | StoreCapabilities.Metadata | StoreCapabilities.CheckAndSet;
        _source.OnRead = (_, _, reading) => reading with { Version = null };
        foreach (string path in new[] { "gone-there", "here", "same", "there" })
        {
            await PutBothAsync(path, 1);
        }

        List<TreeDifference> rows = await RowsAsync();
        await PutAsync(_source, "here", 2);
        await PutAsync(_copy, "there", 2);
        await _copy.Inner.DeleteAsync(SecretPath.Parse("gone-there"), [], CancellationToken.None);
        List<RemoveResult> results = await RemoveAsync(rows, options => options with { Extent = RemovalExtent.AllVersions });
        Assert.Equal(["Skipped gone-there", "Skipped here", "Removed same", "Skipped there"], results.Select(Text));
        Assert.All(results.Where(result => result.Action == RemoveAction.Skipped), result => Assert.Equal(FaultKind.RemovalRefused, Kind(result)));
        Assert.Equal(["remove same"], _source.Removals);
    }

    [Fact]
    public async Task A_removal_that_compares_itself_removes_all_or_nothing()
    {
        await PutBothAsync("a", 1);
        await PutBothAsync("b", 1);
        Assert.Equal(["Deleted a 1", "Deleted b 1"], (await RunAsync(Options() with { Comparison = Comparison() }, [])).Select(Text));

        await PutBothAsync("a", 2);
        await PutBothAsync("b", 2);
        await PutAsync(_copy, "extra", 2);
        _source.Removals.Clear();
        var exception = await Assert.ThrowsAsync<BridgeException>(() => RunAsync(Options() with { Comparison = Comparison() }, []));
        Assert.Equal(FaultKind.RemovalRefused, exception.Kind);
        Assert.Empty(_source.Removals);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_listed_when_it_compares_itself_lets_nothing_go()
    {
        await PutBothAsync("a", 1);
        await PutBothAsync("shut/b", 1);
        _source.Before = (verb, path) => verb == "list" && path.Value == "shut" ? throw ProbedStore.Denied(path) : Task.CompletedTask;
        await Assert.ThrowsAsync<BridgeException>(() => RunAsync(Options() with { Comparison = Comparison() }, []));
        Assert.Empty(_source.Removals);
    }

    [Fact]
    public async Task Two_empty_sides_are_no_permission()
    {
        var exception = await Assert.ThrowsAsync<BridgeException>(() => RunAsync(Options() with { Comparison = Comparison() }, []));
        Assert.Equal(FaultKind.RemovalRefused, exception.Kind);
    }

    [Fact]
    public async Task Force_removes_what_a_walk_finds_and_says_so_loudly()
    {
        await PutAsync(_source, "apps/a", 1);
        await PutAsync(_source, "apps/a", 2);
        await PutAsync(_source, "apps/keep/b", 1);
        await PutAsync(_source, "apps", 1);
        List<RemoveResult> results = await ForceAsync("vault://kv/apps", options => options with { Exclude = ["keep/**"] });
        Assert.Equal(["Skipped", "Deleted a 1,2"], results.Select(Text));
        Assert.Contains("nothing is compared", Assert.Single(_reporter.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RemovalExtent.Delete, 1, "Deleted live 1", "Skipped deleted", "Skipped destroyed", "Skipped bare")]
    [InlineData(RemovalExtent.Destroy, 2, "Destroyed live 1", "Destroyed deleted 1", "Skipped destroyed", "Skipped bare")]
    [InlineData(RemovalExtent.AllVersions, 4, "Removed live 1", "Removed deleted 1", "Removed destroyed 1", "Removed bare")]
    public async Task Of_what_force_finds_only_what_will_go_counts_against_the_limit(RemovalExtent extent, int counted, params string[] rows)
    {
        foreach (string name in new[] { "live", "deleted", "destroyed" })
        {
            await PutAsync(_source, name, 1);
        }

        await _source.Inner.DeleteAsync(SecretPath.Parse("deleted"), [], CancellationToken.None);
        await _source.Inner.DestroyAsync(SecretPath.Parse("destroyed"), [1], CancellationToken.None);
        await _source.Inner.WriteMetadataAsync(SecretPath.Parse("bare"), new() { MaxVersions = 3 }, CancellationToken.None);
        var refused = await Assert.ThrowsAsync<BridgeException>(() => ForceAsync("vault://kv", options => options with { Extent = extent, MaxDelete = counted - 1 }));
        Assert.Contains(FormattableString.Invariant($"{counted} secrets would be removed"), refused.Message, StringComparison.Ordinal);
        Assert.Empty(_source.Removals);
        _source.MetadataReads.Clear();
        List<RemoveResult> results = await ForceAsync("vault://kv", options => options with { Extent = extent, MaxDelete = 4 });
        Assert.Equal(4, _source.MetadataReads.Count);
        Assert.Equal(rows.Order(StringComparer.Ordinal), results.Select(result => $"{result.Action} {result.RelativePath} {string.Join(',', result.Version)}".TrimEnd()).Order(StringComparer.Ordinal));
        Assert.Equal(counted, _source.Removals.Count);
    }

    [Fact]
    public async Task Force_removes_nothing_where_a_folder_cannot_be_listed()
    {
        await PutAsync(_source, "a", 1);
        await PutAsync(_source, "shut/b", 1);
        _source.Before = (verb, path) => verb == "list" && path.Value == "shut" ? throw ProbedStore.Denied(path) : Task.CompletedTask;
        await Assert.ThrowsAsync<BridgeException>(() => ForceAsync("vault://kv"));
        Assert.Empty(_source.Removals);
    }

    [Fact]
    public async Task A_tree_given_without_force_or_comparison_is_refused()
    {
        await PutAsync(_source, "a", 1);
        var exception = await Assert.ThrowsAsync<BridgeException>(() => ForceAsync("vault://kv", options => options with { Force = false }));
        Assert.Equal(FaultKind.RemovalRefused, exception.Kind);
        Assert.Empty(_source.Removals);
    }

    [Fact]
    public async Task A_token_that_ends_stops_the_removal()
    {
        for (int i = 0; i < 50; i++)
        {
            await PutBothAsync($"s{i:00}", 1);
        }

        List<TreeDifference> rows = await RowsAsync();
        int deletes = 0;
        _source.Before = (verb, path) => verb == "delete" && Interlocked.Increment(ref deletes) > 3
            ? throw new BridgeException(FaultKind.TokenInvalid, path.Value, "The token is not valid.") : Task.CompletedTask;
        var exception = await Assert.ThrowsAsync<BridgeException>(() => RemoveAsync(rows, options => options with { ThrottleLimit = 1 }));
        Assert.Equal(FaultKind.TokenInvalid, exception.Kind);
        Assert.Equal(3, _source.Removals.Count);
    }

    private static string Text(RemoveResult result) => $"{result.Action} {result.RelativePath} {string.Join(',', result.Version)}".TrimEnd();

    private static FaultKind? Kind(RemoveResult result) => ((IFaultRow)result).Fault?.Kind;

    private static Task PutAsync(ProbedStore store, string path, int value) => store.PutAsync(path, $$"""{"k":{{value}}}""");

    private async Task PutBothAsync(string path, int value)
    {
        await PutAsync(_source, path, value);
        await PutAsync(_copy, path, value);
    }

    private CompareOptions Comparison() => new()
    {
        ReferenceStores = new StoreSet(_source),
        DifferenceStores = new StoreSet(_copy),
        ReferenceUri = "vault://kv",
        DifferenceUri = "vault://kv2",
        IncludeEqual = true,
    };

    private RemovalOptions Options() => new() { Stores = new StoreSet(_source), OtherStores = new StoreSet(_source, _copy), MaxDelete = 100 };

    private async Task<List<TreeDifference>> RowsAsync(Func<CompareOptions, CompareOptions>? change = null)
    {
        var comparison = new TreeComparison(change?.Invoke(Comparison()) ?? Comparison(), _reporter);
        var rows = new List<TreeDifference>();
        await foreach (TreeDifference row in comparison.RunAsync(CancellationToken.None))
        {
            rows.Add(row);
        }

        return rows;
    }

    private Task<List<RemoveResult>> RemoveAsync(IEnumerable<TreeDifference> rows, Func<RemovalOptions, RemovalOptions>? change = null) =>
        RunAsync(change?.Invoke(Options()) ?? Options(), rows.Select(row => new RemovalInput(row)));

    private Task<List<RemoveResult>> ForceAsync(string uri, Func<RemovalOptions, RemovalOptions>? change = null)
    {
        RemovalOptions options = Options() with { Force = true };
        return RunAsync(change?.Invoke(options) ?? options, [new(null, new TreeItem(uri))]);
    }

    private async Task<BridgeException> RefusedAsync(
        IEnumerable<TreeDifference> rows, string because, Func<RemovalOptions, RemovalOptions>? change = null)
    {
        var exception = await Assert.ThrowsAsync<BridgeException>(() => RemoveAsync(rows, change));
        Assert.Equal(FaultKind.RemovalRefused, exception.Kind);
        Assert.Contains(because, exception.Message, StringComparison.Ordinal);
        Assert.Empty(_source.Removals);
        Assert.Empty(_copy.Removals);
        return exception;
    }

    private async Task<List<RemoveResult>> RunAsync(RemovalOptions options, IEnumerable<RemovalInput> inputs)
    {
        var removal = new SubtreeRemoval(options, _reporter);
        var results = new List<RemoveResult>();
        await foreach (RemoveResult result in removal.RunAsync(inputs.ToAsync(), CancellationToken.None))
        {
            results.Add(result);
        }

        _summary = removal.Summary;
        return results;
    }
}
