using SecretBridge.DevVault;
using SecretBridge.Stores;
using SecretBridge.Trees;
using Xunit;

namespace SecretBridge.Tests.Trees.OnDevVault;

/// <summary>Deleted, destroyed and live, at the source and at the destination.</summary>
public partial class PeerTrapTests
{
    [Theory]
    [InlineData(VaultFlavour.Vault)]
    [InlineData(VaultFlavour.OpenBao)]
    public async Task A_secret_whose_deletion_is_to_come_is_live_to_a_walk_a_copy_and_a_comparison(VaultFlavour flavour)
    {
        await using CopyBench bench = await CopyBench.StartAsync(flavour);
        bench.Server.Configure("old", deleteVersionAfter: TimeSpan.FromHours(1));
        bench.Put("old", "a", "1");
        SecretEntry entry = Assert.Single(await bench.WalkAsync(detailed: true));
        Assert.Equal((SecretState.Live, true), (entry.State, entry.DeletionTime > bench.Time.GetUtcNow()));
        Assert.Equal((CopyAction.Created, true), await bench.CopyOneAsync(options => options with { Verify = true }) is var row ? (row.Action, row.Verified) : default);
        Assert.Equal("1=1", bench.History("new", "a"));
        Assert.True((await bench.CompareAsync()).IsClean);

        bench.Put("new", "a", "2");
        Assert.Equal(1, (await bench.CompareAsync()).Different);
        bench.Time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(SecretState.Deleted, Assert.Single(await bench.WalkAsync(detailed: true)).State);
    }

    [Theory]
    [InlineData(VaultFlavour.Vault)]
    [InlineData(VaultFlavour.OpenBao)]
    public async Task A_deleted_or_destroyed_source_is_never_written_as_a_secret_and_stops_no_other(VaultFlavour flavour)
    {
        await using CopyBench bench = await CopyBench.StartAsync(flavour);
        foreach (string path in new[] { "deleted", "destroyed", "live" })
        {
            bench.Put("old", path, "1", "2");
        }

        await bench.EndAsync("old", "deleted", [2], []);
        await bench.EndAsync("old", "destroyed", [], [2]);
        List<CopyResult> rows = await bench.CopyAsync();
        Assert.Equal([CopyAction.Skipped, CopyAction.Skipped, CopyAction.Created], rows.Select(row => row.Action));
        await bench.CopyAsync(to: "one");
        foreach (string mount in new[] { "new", "one" })
        {
            Assert.Equal("live", Assert.Single(bench.Server.Secrets(mount)).Path);
        }
    }

    [Theory]
    [InlineData(VaultFlavour.Vault)]
    [InlineData(VaultFlavour.OpenBao)]
    public async Task Deleted_versions_of_a_trimmed_history_arrive_under_their_numbers_and_never_live(VaultFlavour flavour)
    {
        await using CopyBench bench = await CopyBench.StartAsync(flavour);
        bench.Server.Configure("old", maxVersions: 3);
        bench.Put("old", "a", "1", "2", "3", "4", "5");
        await bench.EndAsync("old", "a", [4], []);
        bench.Server.Requests.Reset();
        await bench.CopyAsync(options => options with { Version = VersionSelection.All, KeepVersionNumber = true, DeletedVersion = DeletedVersionPolicy.Preserve });
        Assert.Equal("1=destroyed 2=destroyed 3=3 4=deleted 5=5", bench.History("new", "a"));
        Assert.Equal("3=3 4=deleted 5=5", bench.History("old", "a"));
        Assert.DoesNotContain(bench.Server.Requests.Writes, request => request.Path.StartsWith("old/", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(VaultFlavour.Vault, false)]
    [InlineData(VaultFlavour.Vault, true)]
    [InlineData(VaultFlavour.OpenBao, false)]
    [InlineData(VaultFlavour.OpenBao, true)]
    public async Task Overwriting_adds_versions_and_takes_none_away(VaultFlavour flavour, bool history)
    {
        await using CopyBench bench = await CopyBench.StartAsync(flavour);
        bench.Put("new", "a", "x", "y", "z");
        bench.Put("old", "a", "1", "2");
        await bench.CopyAsync(options => options with
        {
            Conflict = ConflictPolicy.Overwrite,
            Version = history ? VersionSelection.All : VersionSelection.Latest,
        });
        Assert.Equal(history ? "1=x 2=y 3=z 4=1 5=2" : "1=x 2=y 3=z 4=2", bench.History("new", "a"));
        Assert.All(bench.Server.Requests.Writes, request => Assert.Equal("new/data/a", request.Path));
    }

    [Fact]
    public async Task A_tag_leaves_the_other_custom_metadata_of_the_destination()
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.OpenBao);
        bench.Put("old", "a", "1");
        bench.Put("new", "a", "1");
        await bench.SetMetadataAsync("old", "a", CopyBench.Custom(("owner", "me")));
        await bench.SetMetadataAsync("new", "a", CopyBench.Custom(("theirs", "1")));
        await bench.CopyAsync(options => options with { IncludeMetadata = true, Tag = new Dictionary<string, string> { ["cas"] = "0" } });
        Assert.Equal("cas=0 owner=me theirs=1 max=0 cas=False after=0", CopyBench.Text(await bench.MetadataAsync("new", "a")));
        Assert.Equal("""{"k":"1"}""", bench.Server.Read("new", "a"));
    }
}
