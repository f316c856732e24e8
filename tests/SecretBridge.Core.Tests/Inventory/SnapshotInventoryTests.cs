using SecretBridge.Inventory;
using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Stores.Snapshots;
using SecretBridge.Tests.Clocks;
using SecretBridge.Tests.Reporting;
using SecretBridge.Tests.Stores.Snapshots;
using SecretBridge.Tests.Trees;
using SecretBridge.Trees;
using Xunit;

namespace SecretBridge.Tests.Inventory;

/// <summary>A snapshot is counted and searched as the tree that it was made of was then.</summary>
public sealed class SnapshotInventoryTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly RecordingReporter _reporter = new();
    private readonly SnapshotFolder _folder = new();
    private readonly ProbedStore _store;

    public SnapshotInventoryTests() => _store = new("kv", _time);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Its_figures_are_those_of_its_tree_also_long_after()
    {
        await PutTreeAsync();
        SubtreeMeasure tree = await MeasureAsync(new StoreSet(_store), "vault://kv/apps");
        using SnapshotStore snapshot = await ExportAsync();
        _time.Advance(TimeSpan.FromDays(400));
        SubtreeMeasure row = await MeasureAsync(Resolver(snapshot), "snapshot://");
        Assert.Equal("snapshot://", row.Uri);
        Assert.Equal(
            (tree.Secrets, tree.Folders, tree.NameBytes, tree.Versions, tree.DeletedVersions, tree.DeletedLatest, tree.NeverUpdated, tree.OldestChange, tree.NewestChange, tree.TotalBytes),
            (row.Secrets, row.Folders, row.NameBytes, row.Versions, row.DeletedVersions, row.DeletedLatest, row.NeverUpdated, row.OldestChange, row.NewestChange, row.TotalBytes));
        Assert.Equal((4L, 5L, 1L, true), (row.Secrets, row.Versions, row.DeletedLatest, row.IsComplete));
        Assert.Equal("snapshot://billing/db", row.LargestSecret);
        Assert.Equal("snapshot://billing", (await MeasureAsync(Resolver(snapshot), "snapshot://billing")).Uri);
    }

    [Fact]
    public async Task It_is_searched_by_path_key_age_value_and_what_is_shared()
    {
        await PutTreeAsync();
        using SnapshotStore snapshot = await ExportAsync();
        _time.Advance(TimeSpan.FromDays(400));
        Assert.Equal(["snapshot://billing/db"], await FindAsync(snapshot, options => options with { KeyName = ["pass*"] }));
        Assert.Equal(["snapshot://web"], await FindAsync(snapshot, options => options with { ValuePattern = "-web$" }));
        Assert.Equal(["snapshot://billing/api", "snapshot://billing/db"], await FindAsync(snapshot, options => options with { Include = ["billing/**"] }));

        // Ages are those of the day when the snapshot was made.
        Assert.Empty(await FindAsync(snapshot, options => options with { OlderThan = TimeSpan.FromDays(30) }));
        Assert.Equal(["snapshot://web"], await FindAsync(snapshot, options => options with { OlderThan = TimeSpan.FromDays(2) }));

        var groups = new List<SecretDuplicate>();
        await foreach (SecretDuplicate group in new SecretSearch(Options(snapshot), _reporter).FindDuplicatesAsync(new[] { new TreeItem("snapshot://") }.ToAsync(), default))
        {
            groups.Add(group);
        }

        Assert.Equal(["snapshot://billing/api", "snapshot://billing/db"], Assert.Single(groups).Members.Select(member => member.Uri));
        Assert.DoesNotContain("canary", string.Concat(_reporter.Messages.Concat(_reporter.Summaries).Concat(_reporter.Warnings)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_could_not_be_read_when_it_was_made_is_neither_counted_nor_found_and_said()
    {
        await PutTreeAsync();
        _store.Before = (verb, path) => (verb, path.Value) == ("list", "apps/billing") ? throw ProbedStore.Denied(path) : Task.CompletedTask;
        using SnapshotStore snapshot = await ExportAsync(options => options with { AllowPartial = true });
        SubtreeMeasure row = await MeasureAsync(Resolver(snapshot), "snapshot://");
        Assert.Equal((2L, 1L, false), (row.Secrets, row.Unreadable, row.IsComplete));
        Assert.Equal(FaultKind.UnexpectedAbsence, ((IFaultRow)row).Fault!.Kind);
        Assert.Contains("snapshot://billing/", await FindAsync(snapshot, options => options with { KeyName = ["pass*"] }, faults: true));
    }

    private async Task PutTreeAsync()
    {
        await _store.PutAsync("apps/web", """{"key":"canary-web"}""");
        _time.Advance(TimeSpan.FromDays(3));
        await _store.PutAsync("apps/billing/db", """{"password":"canary-old"}""");
        await _store.PutAsync("apps/billing/db", """{"password":"canary-shared-value","user":"app"}""");
        await _store.PutAsync("apps/billing/api", """{"key":"canary-shared-value"}""");
        await _store.PutAsync("apps/gone", """{"key":"canary-gone"}""");
        await _store.Inner.DeleteAsync(SecretPath.Parse("apps/gone"), [], default);
        _time.Advance(TimeSpan.FromHours(1));
    }

    private async Task<SnapshotStore> ExportAsync(Func<SnapshotExportOptions, SnapshotExportOptions>? change = null)
    {
        await _folder.ExportAsync(new StoreSet(_store), "vault://kv/apps", options => (change?.Invoke(options) ?? options) with { Time = _time });
        return await _folder.OpenAsync();
    }

    private SnapshotResolver Resolver(SnapshotStore snapshot) => new(snapshot, new StoreSet(_store));

    private async Task<SubtreeMeasure> MeasureAsync(IStoreResolver stores, string uri)
    {
        var rows = new List<SubtreeMeasure>();
        await foreach (SubtreeMeasure row in new SubtreeMeasurement(new() { Stores = stores, IncludeSize = true, Time = _time }, _reporter)
            .RunAsync(new[] { new TreeItem(uri) }.ToAsync(), default))
        {
            rows.Add(row);
        }

        return Assert.Single(rows);
    }

    private FindOptions Options(SnapshotStore snapshot) => new() { Stores = Resolver(snapshot), Time = _time };

    private async Task<List<string>> FindAsync(SnapshotStore snapshot, Func<FindOptions, FindOptions> change, bool faults = false)
    {
        var found = new List<string>();
        await foreach (FoundSecret row in new SecretSearch(change(Options(snapshot)), _reporter).RunAsync(new[] { new TreeItem("snapshot://") }.ToAsync(), default))
        {
            if (((IFaultRow)row).Fault is not null == faults)
            {
                found.Add(row.Uri);
            }
        }

        return found;
    }
}
