using SecretBridge.DevVault;
using SecretBridge.Stores;
using SecretBridge.Stores.Snapshots;
using SecretBridge.Tests.Reporting;
using SecretBridge.Tests.Stores.Snapshots;
using SecretBridge.Trees;
using Xunit;

namespace SecretBridge.Tests.Trees.OnDevVault;

/// <summary>From a server into a snapshot and back into another mount.</summary>
public sealed class SnapshotRoundTripTests : IDisposable
{
    private readonly SnapshotFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(VaultFlavour.Vault, false)]
    [InlineData(VaultFlavour.OpenBao, false)]
    [InlineData(VaultFlavour.OpenBao, true)]
    public async Task What_went_into_a_snapshot_comes_out_equal_with_its_history(VaultFlavour flavour, bool keepsNumbers)
    {
        await using CopyBench bench = await CopyBench.StartAsync(flavour);
        bench.Put("old", "team/a", "1", "2", "3");
        bench.Put("old", "team/deleted", "1", "2");
        bench.Put("old", "team/holes", "1", "2", "3", "4");
        await bench.EndAsync("old", "team/deleted", [2], []);
        await bench.EndAsync("old", "team/holes", [2], [3]);
        bench.Put("old", "team", "both");
        bench.Server.Put("old", "s p#?é😀/x", """{"z":"canary-1","a":{"n":null,"x":[1,2.5,true]},"é😀":""}""");
        bench.Server.Put("old", "empty", "{}");
        await bench.SetMetadataAsync("old", "team/a", new() { MaxVersions = 7, CheckAndSetRequired = true, DeleteVersionAfter = TimeSpan.FromDays(3650) });
        await bench.SetMetadataAsync("old", "bare", new() { MaxVersions = 3 });
        if (flavour == VaultFlavour.OpenBao)
        {
            await bench.SetMetadataAsync("old", "team/holes", CopyBench.Custom(("owner", "team-a"), ("note", "<&> é 😀")));
        }

        bench.Server.Configure("old", maxVersions: 12);
        IStoreResolver stores = new BackendRegistry().With(bench.Backend);
        Assert.Empty(await _folder.ExportAsync(stores, "vault://old", options => options with { Time = bench.Time }));
        Assert.Equal((7, 9, 0, true), (_folder.Summary!.Secrets, _folder.Summary.Versions, _folder.Summary.Unreadable, _folder.Summary.HasHistory));
        Assert.DoesNotContain("canary", System.Text.Encoding.Latin1.GetString(_folder.Bytes), StringComparison.Ordinal);

        // Both ways, and brought back: nothing differs.
        using SnapshotStore snapshot = await _folder.OpenAsync();
        var resolver = new SnapshotResolver(snapshot, stores);
        await AssertEqualAsync(resolver, "vault://old", "snapshot://", 7);
        await AssertEqualAsync(resolver, "snapshot://", "vault://old", 7);
        List<CopyResult> rows = await ImportAsync(resolver, bench, options => options with { KeepVersionNumber = keepsNumbers });
        Assert.All(rows, row => Assert.Equal(CopyAction.Created, row.Action));
        await AssertEqualAsync(resolver, "snapshot://", "vault://new", 7);
        await AssertEqualAsync(resolver, "vault://old", "vault://new", 7);
        Assert.Equal(bench.History("old", "team/holes"), bench.History("new", "team/holes"));
        Assert.Equal("1=1 2=deleted 3=destroyed 4=4", bench.History("new", "team/holes"));
        foreach (string path in new[] { "team/a", "team/holes", "bare" })
        {
            Assert.Equal(CopyBench.Text(await bench.MetadataAsync("old", path)), CopyBench.Text(await bench.MetadataAsync("new", path)));
        }

        bench.Server.Requests.Reset();
        Assert.All(await ImportAsync(resolver, bench), row => Assert.Equal(CopyAction.Unchanged, row.Action));
        Assert.Empty(bench.Server.Requests.Writes);
    }

    [Fact]
    public async Task The_settings_of_the_mount_come_back_on_request()
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.OpenBao);
        bench.Put("old", "a", "1");
        bench.Server.Configure("old", maxVersions: 12, deleteVersionAfter: TimeSpan.FromDays(9));
        IStoreResolver stores = new BackendRegistry().With(bench.Backend);
        await _folder.ExportAsync(stores, "vault://old");
        using SnapshotStore snapshot = await _folder.OpenAsync();
        await ImportAsync(new SnapshotResolver(snapshot, stores), bench, options => options with { IncludeMountConfig = true });
        MountSettings settings = await ((IConfigurableStore)await bench.StoreAsync("new")).ReadSettingsAsync(CancellationToken.None);
        Assert.Equal((12, TimeSpan.FromDays(9)), (settings.MaxVersions, settings.DeleteVersionAfter));
    }

    [Fact]
    public async Task A_mount_without_versions_goes_in_and_comes_out_too()
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.Vault);
        bench.Server.Put("one", "a/b", """{"n":12345678901234567890,"k":"canary-1"}""");
        IStoreResolver stores = new BackendRegistry().With(bench.Backend);
        await _folder.ExportAsync(stores, "vault://one");
        using SnapshotStore snapshot = await _folder.OpenAsync();
        await AssertEqualAsync(new SnapshotResolver(snapshot, stores), "vault://one", "snapshot://", 1, withDetails: false);
        Assert.Equal(CopyAction.Created, Assert.Single(await ImportAsync(new SnapshotResolver(snapshot, stores), bench)).Action);
    }

    [Fact]
    public async Task A_snapshot_costs_a_read_of_metadata_and_a_read_a_live_version()
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.OpenBao);
        bench.Put("old", "a", "1", "2", "3");
        await bench.EndAsync("old", "a", [], [2]);
        IStoreResolver stores = new BackendRegistry().With(bench.Backend);
        await _folder.ExportAsync(stores, "vault://old");
        bench.Server.Requests.Reset();
        await _folder.ExportAsync(stores, "vault://old", options => options with { File = options.File with { Overwrite = true } });
        Assert.Equal(1, bench.Server.Requests.Count("GET", "old/metadata/a"));
        Assert.Equal(2, bench.Server.Requests.All.Count(request => request.Path == "old/data/a"));
        Assert.Empty(bench.Server.Requests.Writes);
    }

    [Fact]
    public async Task A_tree_of_many_frames_compares_equal_folder_by_folder()
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.OpenBao);
        bench.Server.MountSynthetic("many", 100, 20, 600);
        IStoreResolver stores = new BackendRegistry().With(bench.Backend);
        await _folder.ExportAsync(stores, "vault://many", options => options with { Version = VersionSelection.Latest });
        Assert.Equal(2000, _folder.Summary!.Secrets);
        Assert.True(_folder.Summary.Length > 10 * SnapshotFormat.UsualFrame);
        using SnapshotStore snapshot = await _folder.OpenAsync();
        await AssertEqualAsync(new SnapshotResolver(snapshot, stores), "snapshot://", "vault://many", 2000, withDetails: false);
    }

    private static async Task<List<CopyResult>> ImportAsync(IStoreResolver stores, CopyBench bench, Func<CopyOptions, CopyOptions>? change = null)
    {
        var options = new CopyOptions
        {
            SourceStores = stores,
            DestinationStores = stores,
            DestinationUri = "vault://new",
            Version = VersionSelection.All,
            DeletedVersion = DeletedVersionPolicy.Preserve,
            IncludeMetadata = true,
            Verify = true,
            Time = bench.Time,
        };
        var rows = new List<CopyResult>();
        await foreach (CopyResult row in new SubtreeCopy(change?.Invoke(options) ?? options, new RecordingReporter())
            .RunAsync(new[] { new TreeItem("snapshot://") }.ToAsync(), CancellationToken.None))
        {
            rows.Add(row);
        }

        bench.Time.Advance(TimeSpan.FromSeconds(1));
        return rows;
    }

    private static async Task AssertEqualAsync(IStoreResolver stores, string reference, string difference, int count, bool withDetails = true)
    {
        var comparison = new TreeComparison(
            new()
            {
                ReferenceStores = stores,
                DifferenceStores = stores,
                ReferenceUri = reference,
                DifferenceUri = difference,
                IncludeMetadata = withDetails,
                IncludeVersion = withDetails,
            },
            new RecordingReporter());
        await foreach (TreeDifference row in comparison.RunAsync(CancellationToken.None))
        {
            Assert.Fail($"{row} {row.SideIndicator} {row.Note} {string.Join(" ", row.ChangedMetadata)} {string.Join(" ", row.ChangedVersion)}");
        }

        Assert.Equal((true, count), (comparison.Summary.IsClean, (int)comparison.Summary.Equal));
    }
}
