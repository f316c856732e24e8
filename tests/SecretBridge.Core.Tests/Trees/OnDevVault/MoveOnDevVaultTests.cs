using SecretBridge.DevVault;
using SecretBridge.Stores;
using SecretBridge.Tests.Wire;
using SecretBridge.Trees;
using SecretBridge.Wire;
using Xunit;
using BridgeException = SecretBridge.Reporting.BridgeException;
using ReportedKind = SecretBridge.Reporting.FaultKind;

namespace SecretBridge.Tests.Trees.OnDevVault;

/// <summary>Moves at full fidelity: what is carried is proven to have arrived, and a loss keeps the source.</summary>
public class MoveOnDevVaultTests
{
    [Theory]
    [InlineData(RemovalExtent.Delete, "1=deleted 2=deleted 3=deleted")]
    [InlineData(RemovalExtent.Destroy, "1=destroyed 2=destroyed 3=destroyed")]
    [InlineData(RemovalExtent.AllVersions, "")]
    public async Task A_history_is_moved_whole(RemovalExtent extent, string left)
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.Vault);
        bench.Put("old", "a", "1", "2", "3");
        var move = new MoveBench(bench);
        await move.RunAsync(options => All(options) with { Extent = extent });
        Assert.Equal("1=1 2=2 3=3", bench.History("new", "a"));
        Assert.Equal(left, bench.History("old", "a"));
        Assert.Equal([CopyLoss.CreatedTime], Assert.Single(move.Copied).Lossy);
    }

    [Theory]
    [InlineData(200, """{"initialized":true,"sealed":false,"version":"1.8.12"}""")]
    [InlineData(200, """{"initialized":true,"sealed":false,"version":""}""")]
    [InlineData(403, """{"errors":["permission denied"]}""")]
    public async Task A_move_onto_itself_by_a_namespace_of_which_the_server_takes_no_notice_is_refused_whatever_it_says_of_itself(int status, string health)
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.Vault);
        bench.Put("old", "a", "1");
        bench.Server.Faults.Add(new Fault { Kind = FaultKind.Status, Path = "sys/health", Status = status, Body = health });
        await using VaultBackend team = await VaultBackend.ConnectAsync(
            new() { Name = "team", Address = bench.Server.Address.ToString(), Namespace = "team", Auth = new TokenAuth(Connection.Secure(bench.Server.RootToken)) },
            bench.Reporter, bench.Time, CancellationToken.None);
        var move = new MoveBench(bench);
        var fault = await Assert.ThrowsAsync<BridgeException>(() => move.RunAsync(options => options with
        {
            Copy = options.Copy with { DestinationStores = new BackendRegistry().With(team), DestinationUri = "vault://old" },
        }));
        Assert.Equal(ReportedKind.Overlap, fault.Kind);
        Assert.Equal("1=1", bench.History("old", "a"));
    }

    [Fact]
    public async Task A_loss_without_consent_keeps_the_source_also_in_a_second_run_and_consent_moves_it()
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.Vault);
        bench.Server.Configure("new", maxVersions: 2);
        bench.Put("old", "a", "1", "2", "3");
        var move = new MoveBench(bench);
        BridgeException fault = await RefusedAsync(move, All);
        Assert.Contains("History: of 1 secrets", fault.Message, StringComparison.Ordinal);
        Assert.Contains("-AllowLoss History,VersionNumber", fault.Message, StringComparison.Ordinal);

        // Now nothing is written, so that no row tells a loss: the comparison must.
        await move.RunAsync(All);
        Assert.Equal(CopyAction.Unchanged, Assert.Single(move.Copied).Action);
        Assert.Equal("Skipped a", Assert.Single(move.RemovedText));
        Assert.Contains("does not have version", move.Removed[0].Reason, StringComparison.Ordinal);
        Assert.Equal("1=1 2=2 3=3", bench.History("old", "a"));

        await move.RunAsync(options => All(options) with { AllowLoss = [CopyLoss.History, CopyLoss.VersionNumber] });
        Assert.Equal("Deleted a", Assert.Single(move.RemovedText));
        Assert.Equal("1=deleted 2=deleted 3=deleted", bench.History("old", "a"));
    }

    [Fact]
    public async Task Deleted_versions_must_arrive_or_be_let_go()
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.Vault);
        bench.Put("old", "a", "1", "2", "3");
        await bench.EndAsync("old", "a", [2], []);
        var move = new MoveBench(bench);
        Assert.Contains("-AllowLoss VersionNumber,DeletedVersion", (await RefusedAsync(move, All)).Message, StringComparison.Ordinal);
        await move.RunAsync(options => All(options) with { AllowLoss = [CopyLoss.VersionNumber] });
        Assert.Equal("Skipped a", Assert.Single(move.RemovedText));
        await move.RunAsync(options => All(options) with { AllowLoss = [CopyLoss.DeletedVersion, CopyLoss.VersionNumber] });
        Assert.Equal("Deleted a", Assert.Single(move.RemovedText));
        Assert.Equal("1=1 2=3", bench.History("new", "a"));
    }

    [Fact]
    public async Task The_values_of_deleted_versions_end_for_good_only_by_consent()
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.Vault);
        bench.Put("old", "a", "1", "2", "3");
        await bench.EndAsync("old", "a", [2], []);
        Func<MoveOptions, MoveOptions> keep = options => Keep(options) with { Extent = RemovalExtent.Destroy };
        var move = new MoveBench(bench);
        Assert.Contains("-AllowLoss DeletedValue", (await RefusedAsync(move, keep)).Message, StringComparison.Ordinal);
        await move.RunAsync(keep);
        Assert.Contains("would end for good", Assert.Single(move.Removed).Reason, StringComparison.Ordinal);
        Assert.Equal("1=1 2=deleted 3=3", bench.History("old", "a"));
        await move.RunAsync(options => keep(options) with { AllowLoss = [CopyLoss.DeletedValue] });
        Assert.Equal("Destroyed a", Assert.Single(move.RemovedText));
        Assert.Equal("1=1 2=deleted 3=3", bench.History("new", "a"));
        Assert.Equal("1=destroyed 2=destroyed 3=destroyed", bench.History("old", "a"));
    }

    [Theory]
    [InlineData(RemovalExtent.Delete, true)]
    [InlineData(RemovalExtent.Destroy, false)]
    [InlineData(RemovalExtent.AllVersions, false)]
    public async Task Earlier_versions_that_were_not_carried_end_for_good_only_by_consent(RemovalExtent extent, bool goes)
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.Vault);
        bench.Put("old", "a", "1", "2", "3");
        bench.Put("old", "b", "1");
        var move = new MoveBench(bench);
        await move.RunAsync(options => options with { Extent = extent });
        Assert.Equal(goes ? 2 : 1, move.Removed.Count(row => row.Action != RemoveAction.Skipped));
        if (!goes)
        {
            Assert.Contains("2 earlier versions would end for good", move.Removed.Single(row => row.RelativePath == "a").Reason, StringComparison.Ordinal);
            await move.RunAsync(options => options with { Extent = extent, AllowLoss = [CopyLoss.History] });
            Assert.Contains(move.Removed, row => row.RelativePath == "a" && row.Action != RemoveAction.Skipped);
        }
    }

    [Theory]
    [InlineData("value")]
    [InlineData("destroyed")]
    [InlineData("metadata")]
    public async Task What_was_changed_at_the_copy_since_keeps_the_source(string what)
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.OpenBao);
        bench.Put("old", "a", "1", "2");
        await bench.SetMetadataAsync("old", "a", CopyBench.Custom(("owner", "me")) with { MaxVersions = 7, CheckAndSetRequired = false });
        var move = new MoveBench(bench);
        await move.RunAsync(options => options with { Copy = Keep(options).Copy with { IncludeMetadata = true } }, between: () => what switch
        {
            "value" => ReplaceAsync(bench),
            "destroyed" => bench.EndAsync("new", "a", [], [1]),
            _ => bench.SetMetadataAsync("new", "a", CopyBench.Custom(("owner", "you")) with { MaxVersions = 6 }),
        });
        Assert.Equal("Skipped a", Assert.Single(move.RemovedText));
        Assert.Equal("1=1 2=2", bench.History("old", "a"));
        if (what == "metadata")
        {
            Assert.Contains("custom_metadata.owner, max_versions", move.Removed[0].Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Metadata_tags_and_the_source_are_carried_and_proven()
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.OpenBao);
        bench.Put("old", "a", "1");
        await bench.SetMetadataAsync("old", "a", CopyBench.Custom(("owner", "me"), ("stage", "test")) with { MaxVersions = 7 });
        var move = new MoveBench(bench);
        await move.RunAsync(options => options with
        {
            Copy = options.Copy with
            {
                IncludeMetadata = true,
                RecordSource = true,
                Description = "moved",
                Tag = new Dictionary<string, string> { ["stage"] = "prod" },
            },
        });
        Assert.Equal("Deleted a", Assert.Single(move.RemovedText));
        SecretMetadata there = (await bench.MetadataAsync("new", "a"))!;
        Assert.Equal(("me", "prod", "moved", "old/a", 7), (there.CustomMetadata["owner"], there.CustomMetadata["stage"], there.CustomMetadata["description"], there.CustomMetadata["secretbridge.path"], there.MaxVersions));
    }

    [Fact]
    public async Task Metadata_that_stayed_as_it_was_at_the_destination_keeps_the_source()
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.OpenBao);
        bench.Put("old", "a", "1");
        bench.Put("new", "a", "1");
        await bench.SetMetadataAsync("old", "a", CopyBench.Custom(("owner", "me")));
        await bench.SetMetadataAsync("new", "a", CopyBench.Custom(("owner", "you")));
        var move = new MoveBench(bench);
        await move.RunAsync(options => options with { Copy = options.Copy with { IncludeMetadata = true, Conflict = ConflictPolicy.Skip } });
        Assert.Equal("Skipped a", Assert.Single(move.RemovedText));
        Assert.Contains("custom_metadata.owner", move.Removed[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_server_keeps_no_custom_metadata_for_moves_only_by_consent()
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.Vault);
        bench.Server.Put("one", "x", """{"k":"1"}""");
        bench.Put("old", "a", "1");
        await bench.SetMetadataAsync("old", "a", new() { MaxVersions = 7 });
        var move = new MoveBench(bench);
        Func<MoveOptions, MoveOptions> change = options => options with { Copy = options.Copy with { IncludeMetadata = true, DestinationUri = "vault://one" } };
        Assert.Contains("-AllowLoss Metadata", (await RefusedAsync(move, change)).Message, StringComparison.Ordinal);
        await move.RunAsync(options => change(options) with { AllowLoss = [CopyLoss.Metadata] });
        Assert.Equal("Deleted a", Assert.Single(move.RemovedText));
    }

    [Fact]
    public async Task Shards_together_move_all_and_each_only_its_own()
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.Vault);
        for (int i = 0; i < 20; i++)
        {
            bench.Put("old", $"f{i % 3}/s{i:00}", $"{i}");
        }

        var move = new MoveBench(bench);
        int gone = 0;
        for (int shard = 1; shard <= 3; shard++)
        {
            await move.RunAsync(options => options with { Copy = options.Copy with { Shard = Shard.Of(shard, 3) } });
            Assert.NotEmpty(move.Removed);
            Assert.All(move.Removed, row => Assert.True(Shard.Of(shard, 3).Contains(row.RelativePath)));
            gone += move.Removed.Count(row => row.Action == RemoveAction.Deleted);
        }

        Assert.Equal(20, gone);
        Assert.Equal(20, bench.Server.Secrets("new").Count);
    }

    [Theory]
    [InlineData("merge", "Conflict")]
    [InlineData("number", "Version")]
    [InlineData("mirror", "Mirror")]
    [InlineData("preserve", "DeletedVersion")]
    [InlineData("rate", "RateLimit")]
    public void What_could_lose_something_in_a_move_is_refused_before_any_request(string what, string option)
    {
        var stores = new StoreSet();
        var copy = new CopyOptions { SourceStores = stores, DestinationStores = stores, DestinationUri = "vault://new" };
        var options = new MoveOptions
        {
            Copy = what switch
            {
                "merge" => copy with { Conflict = ConflictPolicy.Merge },
                "number" => copy with { Version = VersionSelection.Of(2) },
                "mirror" => copy with { Mirror = true },
                "rate" => copy with { RateLimit = -1 },
                _ => copy with { DeletedVersion = DeletedVersionPolicy.Preserve, Conflict = ConflictPolicy.Overwrite },
            },
        };
        var fault = Assert.Throws<BridgeException>(options.Validate);
        Assert.Equal((ReportedKind.InvalidArgument, option), (fault.Kind, fault.Target));
    }

    private static MoveOptions All(MoveOptions options) => options with { Copy = options.Copy with { Version = VersionSelection.All } };

    private static MoveOptions Keep(MoveOptions options) =>
        options with { Copy = options.Copy with { Version = VersionSelection.All, KeepVersionNumber = true, DeletedVersion = DeletedVersionPolicy.Preserve } };

    private static async Task<BridgeException> RefusedAsync(MoveBench move, Func<MoveOptions, MoveOptions> change)
    {
        var fault = await Assert.ThrowsAsync<BridgeException>(() => move.RunAsync(change));
        Assert.Equal(ReportedKind.RemovalRefused, fault.Kind);
        Assert.Empty(move.Removed);
        return fault;
    }

    // The latest value stays the same: only an earlier one is another.
    private static Task ReplaceAsync(CopyBench bench)
    {
        bench.Server.Remove("new", "a");
        bench.Put("new", "a", "other", "2");
        return Task.CompletedTask;
    }
}
