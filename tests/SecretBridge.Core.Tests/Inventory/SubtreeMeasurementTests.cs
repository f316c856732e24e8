using System.Text.Json;
using SecretBridge.Inventory;
using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Tests.Clocks;
using SecretBridge.Tests.Reporting;
using SecretBridge.Tests.Trees;
using SecretBridge.Trees;
using Xunit;

namespace SecretBridge.Tests.Inventory;

public class SubtreeMeasurementTests
{
    private readonly ManualTime _time = new();
    private readonly RecordingReporter _reporter = new();
    private readonly ProbedStore _store;

    public SubtreeMeasurementTests() => _store = new("kv", _time);

    [Fact]
    public async Task A_root_is_one_row_with_all_below_it()
    {
        await PutAsync("apps/web", "apps/billing/db", "apps/billing/old/x", "apps/b", "other/y");
        SubtreeMeasure row = Assert.Single(await RowsAsync("vault://kv/apps"));
        Assert.Equal(("vault://memory@kv/apps", "vault://memory@kv/apps", "", 0), (row.Uri, row.Root, row.RelativePath, row.Level));
        Assert.Equal((4, 2, 2, "web".Length + "billing".Length + "db".Length + "old".Length + "x".Length + "b".Length), (row.Secrets, row.Folders, row.DeepestLevel, row.NameBytes));
        Assert.Equal([2, 1, 1], row.SecretsByDepth);
        Assert.True(row.IsComplete);
    }

    [Fact]
    public async Task With_a_depth_each_folder_down_to_it_is_a_row_before_the_row_of_the_folder_that_holds_it()
    {
        await PutAsync("a/1", "a/b/2", "a/b/c/3", "d/4", "e");
        List<SubtreeMeasure> rows = await RowsAsync("vault://kv", options => options with { Depth = 2 });
        Assert.Equal(["a/b/ 2", "a/ 3", "d/ 1", " 5"], rows.Select(row => $"{row.RelativePath} {row.Secrets}"));
        Assert.Equal("vault://memory@kv/a/b/", rows[0].Uri);
        Assert.Equal([1, 2, 1, 1], rows[^1].SecretsByDepth);
        Assert.Equal([2, 1, 1, 0], rows.Select(row => row.Level));
    }

    [Fact]
    public async Task By_folder_every_secret_counts_in_one_row_alone()
    {
        await PutAsync("a/1", "a/b/c/3", "a/b/c/4", "e");
        List<SubtreeMeasure> rows = await RowsAsync("vault://kv", options => options with { ByFolder = true });
        Assert.Equal(["a/b/c/ 2", "a/ 1", " 1"], rows.Select(row => $"{row.RelativePath} {row.Secrets}"));
        Assert.Equal(4, rows.Sum(row => row.Secrets));
    }

    [Fact]
    public async Task Versions_and_deletions_are_counted_by_the_servers_clock()
    {
        await PutAsync("live", "live", "live", "deleted", "destroyed", "destroyed", "due");
        await _store.Inner.DeleteAsync(SecretPath.Parse("live"), [1], default);
        await _store.Inner.DeleteAsync(SecretPath.Parse("deleted"), [], default);
        await _store.Inner.DestroyAsync(SecretPath.Parse("destroyed"), [2], default);
        await _store.Inner.WriteMetadataAsync(SecretPath.Parse("only-metadata"), new() { MaxVersions = 3 }, default);
        DateTimeOffset deletion = _time.GetUtcNow().AddHours(1);
        _store.OnMetadata = metadata => metadata.Versions.Count == 1 && metadata.Versions[0].DeletionTime is null
            ? metadata with { Versions = [metadata.Versions[0] with { DeletionTime = deletion }] }
            : metadata;
        SubtreeMeasure row = Assert.Single(await RowsAsync("vault://kv"));
        Assert.Equal((5L, 7L, 2L, 1L), (row.Secrets, row.Versions, row.DeletedVersions, row.DestroyedVersions));
        Assert.Equal((1L, 1L, 1L), (row.DeletedLatest, row.DestroyedLatest, row.WithoutVersion));
        Assert.Equal((1L, deletion), (row.DeleteAfterDue, row.NextDeletion));
        Assert.Equal(2, row.NeverUpdated);
    }

    [Fact]
    public async Task The_oldest_and_the_newest_change_are_those_of_whole_secrets()
    {
        DateTimeOffset start = _time.GetUtcNow();
        await PutAsync("a", "b");
        _time.Advance(TimeSpan.FromDays(1));
        await PutAsync("a");
        _time.Advance(TimeSpan.FromDays(1));
        await PutAsync("c");
        SubtreeMeasure row = Assert.Single(await RowsAsync("vault://kv"));
        Assert.Equal((start, start.AddDays(2)), (row.OldestChange, row.NewestChange));
    }

    [Theory]
    [InlineData(7, 0, 0)]
    [InlineData(8, 0, 1)]
    [InlineData(2, 3, 0)]
    [InlineData(8, 3, 1)]
    [InlineData(8, 20, 0)]
    [InlineData(16, 20, 1)]
    public async Task Near_its_versions_is_80_percent_of_what_the_larger_setting_keeps(int versions, int ofSecret, long near)
    {
        await PutAsync(Enumerable.Repeat("a", versions).ToArray());
        await _store.Inner.WriteMetadataAsync(SecretPath.Parse("a"), new() { MaxVersions = Math.Max(ofSecret, 10) }, default);
        SubtreeMeasure row = Assert.Single(await RowsAsync("vault://kv"));
        Assert.Equal((near, near), (row.NearMaxVersions, row.NearLimits));
    }

    [Fact]
    public async Task Names_alone_read_no_metadata_and_metadata_reads_no_value()
    {
        await PutAsync("a", "b/c");
        SubtreeMeasure names = Assert.Single(await RowsAsync("vault://kv", options => options with { NamesOnly = true }));
        Assert.Empty(_store.MetadataReads);
        Assert.Null(names.Versions);
        Assert.Null(names.NearLimits);
        SubtreeMeasure row = Assert.Single(await RowsAsync("vault://kv"));
        Assert.Equal(["a", "b/c"], _store.MetadataReads.Order());
        Assert.Empty(_store.Reads);
        Assert.Null(row.TotalBytes);
        Assert.Null(row.LargestSecret);
    }

    [Fact]
    public async Task Sizes_are_read_of_live_secrets_alone_and_no_value_is_in_what_comes_out()
    {
        const string json = """{"k":"canary-small"}""";
        await _store.PutAsync("small", json);
        await _store.PutAsync("f/big", $$"""{"k":"canary-{{new string('x', 200)}}"}""");
        await PutAsync("gone");
        await _store.Inner.DeleteAsync(SecretPath.Parse("gone"), [], default);
        List<SubtreeMeasure> rows = await RowsAsync("vault://kv", options => options with { IncludeSize = true, LargeBytes = 200, Depth = 1 });
        SubtreeMeasure row = rows[^1];
        Assert.Equal(["f/big", "small"], _store.Reads.Order());
        Assert.Equal((row.LargestBytes + json.Length, "vault://memory@kv/f/big", 1L), (row.TotalBytes, row.LargestSecret, row.Large));
        Assert.DoesNotContain("canary", JsonSerializer.Serialize(rows) + string.Join('\n', rows) + string.Join('\n', _reporter.Messages), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_value_near_the_size_or_the_strings_that_servers_take_is_near_a_limit()
    {
        await _store.PutAsync("long", $$"""{"k":"{{new string('x', 900_000)}}"}""");
        await _store.PutAsync("many", "{" + string.Join(',', Enumerable.Range(0, 450).Select(i => $"\"k{i}\":\"v\"")) + "}");
        await _store.PutAsync("plain", $$"""{"k":"{{new string('x', 5_000)}}"}""");
        Assert.Equal(2, Assert.Single(await RowsAsync("vault://kv", options => options with { IncludeSize = true })).NearLimits);
    }

    [Fact]
    public async Task A_store_without_metadata_says_nothing_of_versions_but_counts_and_sizes()
    {
        await PutAsync("a", "b");
        _store.Without = StoreCapabilities.Metadata;
        SubtreeMeasure row = Assert.Single(await RowsAsync("vault://kv", options => options with { IncludeSize = true }));
        Assert.Equal((2L, null, null, 18L), (row.Secrets, row.Versions, row.NeverUpdated, row.TotalBytes));
        Assert.Empty(_store.MetadataReads);
    }

    [Fact]
    public async Task What_cannot_be_read_is_counted_and_is_a_fault_of_the_rows_that_lack_it()
    {
        await PutAsync("a/1", "b/1", "c/1", "c/2");
        _store.Before = (verb, path) => (verb, path.Value) is ("list", "b") or ("metadata", "c/2") ? throw ProbedStore.Denied(path) : Task.CompletedTask;
        List<SubtreeMeasure> rows = await RowsAsync("vault://kv", options => options with { Depth = 1 });
        Assert.Equal(["a/ 1 0", "b/ 0 1", "c/ 2 1", " 3 2"], rows.Select(row => $"{row.RelativePath} {row.Secrets} {row.Unreadable}"));
        Assert.Equal([true, false, false, false], rows.Select(row => row.IsComplete));
        BridgeException fault = ((IFaultRow)rows[^1]).Fault!;
        Assert.Equal((FaultKind.PermissionDenied, "vault://memory@kv"), (fault.Kind, fault.Target));
        Assert.Equal("Not all of 'vault://memory@kv' was counted: 2 items could not be read, the first because: 'b' is denied.", rows[^1].Reason);
        Assert.Contains("'c/2' is denied.", _reporter.Messages);
    }

    [Fact]
    public async Task An_empty_root_a_root_that_is_not_there_and_a_single_secret_are_a_row_each()
    {
        SubtreeMeasure empty = Assert.Single(await RowsAsync("vault://kv"));
        Assert.Equal((0L, true), (empty.Secrets, empty.IsComplete));
        await PutAsync("apps/db");
        SubtreeMeasure missing = Assert.Single(await RowsAsync("vault://kv/no/such"));
        Assert.Equal((FaultKind.SecretNotFound, 0L, 1L), (((IFaultRow)missing).Fault!.Kind, missing.Secrets, missing.Unreadable));
        SubtreeMeasure nowhere = Assert.Single(await RowsAsync("vault://other/x"));
        Assert.Equal(("vault://other/x", FaultKind.MountNotFound), (nowhere.Uri, ((IFaultRow)nowhere).Fault!.Kind));
        SubtreeMeasure single = Assert.Single(await RowsAsync("vault://kv/apps/db"));
        Assert.Equal(("vault://memory@kv/apps/db", 1L, 0L), (single.Uri, single.Secrets, single.Folders));
    }

    [Fact]
    public async Task Rows_of_a_walk_count_below_their_root_and_rows_of_folders_are_roots()
    {
        await PutAsync("apps/a", "apps/b/c", "apps/b/d", "z");
        List<SubtreeMeasure> rows = await RowsAsync([
            new("vault://memory@kv/apps/a", "vault://memory@kv/apps", "a"), new("vault://memory@kv/apps/b/c", "vault://memory@kv/apps", "b/c"),
            new("vault://memory@kv/apps/b/", "vault://memory@kv/apps", "b/")]);
        Assert.Equal(["vault://memory@kv/apps 2", "vault://memory@kv/apps/b 2"], rows.Select(row => $"{row.Uri} {row.Secrets}"));
        Assert.Empty(_reporter.Warnings);
    }

    [Fact]
    public async Task Rows_in_another_order_are_warned_of()
    {
        await PutAsync("a/1", "b/1", "a/2");
        await RowsAsync([new("vault://kv/b/1", "vault://kv", "b/1"), new("vault://kv/a/1", "vault://kv", "a/1")]);
        Assert.Contains("order of their paths", Assert.Single(_reporter.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_that_vanishes_between_listing_and_reading_is_not_counted()
    {
        await PutAsync("a", "b");
        _store.Before = async (verb, path) =>
        {
            if (verb == "metadata" && path.Value == "a")
            {
                await _store.Inner.RemoveAsync(path, default);
            }
        };
        SubtreeMeasure row = Assert.Single(await RowsAsync("vault://kv"));
        Assert.Equal((1L, true), (row.Secrets, row.IsComplete));
    }

    [Theory]
    [InlineData(-1, false, false, false, 1)]
    [InlineData(1, true, false, false, 1)]
    [InlineData(0, false, true, true, 1)]
    [InlineData(0, false, false, false, 0)]
    public void What_cannot_be_meant_is_refused_before_any_request(int depth, bool byFolder, bool namesOnly, bool includeSize, long large)
    {
        var options = new MeasureOptions { Stores = new StoreSet(_store), Depth = depth, ByFolder = byFolder, NamesOnly = namesOnly, IncludeSize = includeSize, LargeBytes = large };
        Assert.Equal(FaultKind.InvalidArgument, Assert.Throws<BridgeException>(() => new SubtreeMeasurement(options, _reporter)).Kind);
    }

    private async Task PutAsync(params string[] paths)
    {
        foreach (string path in paths)
        {
            await _store.PutAsync(path, """{"k":"v"}""");
        }
    }

    private Task<List<SubtreeMeasure>> RowsAsync(string uri, Func<MeasureOptions, MeasureOptions>? change = null) => RowsAsync([new(uri)], change);

    private async Task<List<SubtreeMeasure>> RowsAsync(TreeItem[] items, Func<MeasureOptions, MeasureOptions>? change = null)
    {
        var options = new MeasureOptions { Stores = new StoreSet(_store), Time = _time };
        var rows = new List<SubtreeMeasure>();
        await foreach (SubtreeMeasure row in new SubtreeMeasurement(change?.Invoke(options) ?? options, _reporter).RunAsync(items.ToAsync(), default))
        {
            rows.Add(row);
        }

        return rows;
    }
}
