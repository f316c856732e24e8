using SecretBridge.DevVault;
using SecretBridge.Trees;
using Xunit;
using BridgeException = SecretBridge.Reporting.BridgeException;
using IFaultRow = SecretBridge.Reporting.IFaultRow;
using ReportedKind = SecretBridge.Reporting.FaultKind;

namespace SecretBridge.Tests.Trees.OnDevVault;

/// <summary>NewerWins, Merge, and what becomes of sources that are deleted.</summary>
public class ConflictPolicyTests
{
    private static readonly Func<CopyOptions, CopyOptions> Newer = options => options with { Conflict = ConflictPolicy.NewerWins };

    private static readonly Func<CopyOptions, CopyOptions> Merge = options => options with { Conflict = ConflictPolicy.Merge, Verify = true };

    [Fact]
    public async Task The_side_that_was_written_later_wins()
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.Vault);
        bench.Put("new", "a", "theirs");
        bench.Put("old", "a", "ours");
        bench.Put("old", "b", "ours");
        bench.Put("new", "b", "theirs");
        bench.Server.Put("old", "c", """{"k":"ours"}""");
        bench.Server.Put("new", "c", """{"k":"theirs"}""");
        List<CopyResult> rows = await bench.CopyAsync(Newer);
        Assert.Equal([CopyAction.Updated, CopyAction.Skipped, CopyAction.Conflict], rows.Select(row => row.Action));
        Assert.Equal(("1=theirs 2=ours", "1=theirs", "1=theirs"), (bench.History("new", "a"), bench.History("new", "b"), bench.History("new", "c")));
        Assert.Equal("The destination is newer.", rows[1].Reason);
        Assert.Contains("which side is newer cannot be told", rows[2].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deletion_at_the_destination_is_newer_than_what_was_written_before_it()
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.Vault);
        bench.Put("new", "a", "1");
        bench.Put("old", "a", "1");
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        bench.Server.Delete("new", "a");
        Assert.Equal(CopyAction.Skipped, (await bench.CopyOneAsync(Newer)).Action);
        bench.Put("old", "a", "2");
        Assert.Equal(CopyAction.Updated, (await bench.CopyOneAsync(Newer)).Action);
        Assert.Equal("1=deleted 2=2", bench.History("new", "a"));
    }

    [Fact]
    public async Task A_deletion_is_a_change_of_a_whole_history_too()
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.Vault);
        Func<CopyOptions, CopyOptions> histories = options => Newer(options) with { Version = VersionSelection.All, DeletedVersion = DeletedVersionPolicy.Preserve };
        bench.Put("new", "a", "1");
        bench.Put("old", "a", "1", "2");
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        bench.Server.Delete("new", "a");
        Assert.Equal(CopyAction.Skipped, (await bench.CopyOneAsync(histories)).Action);
        Assert.Equal("1=deleted", bench.History("new", "a"));

        bench.Put("old", "b", "1", "2");
        await bench.CopyAsync(histories);
        await bench.EndAsync("old", "b", [2], []);
        Assert.Equal(CopyAction.Updated, (await bench.CopyAsync(histories)).Single(row => row.RelativePath == "b").Action);
        Assert.Equal("1=1 2=deleted", bench.History("new", "b"));
    }

    [Fact]
    public async Task A_limit_that_is_filled_in_takes_no_versions_of_the_destinations_own_away()
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.Vault);
        bench.Put("new", "a", "1", "2", "3", "4");
        bench.Server.Put("old", "a", """{"other":"x"}""");
        await bench.SetMetadataAsync("old", "a", new() { MaxVersions = 2 });
        CopyResult row = await bench.CopyOneAsync(options => Merge(options) with { IncludeMetadata = true });
        Assert.StartsWith("1=1 2=2 3=3 4=4", bench.History("new", "a"), StringComparison.Ordinal);
        Assert.Equal((CopyAction.Conflict, "max_versions"), (row.Action, string.Join(' ', row.ConflictKey)));
    }

    [Theory]
    [InlineData("old", "one")]
    [InlineData("one", "new")]
    public async Task Newer_cannot_be_told_of_KV_version_1_and_that_is_refused_before_any_write(string from, string to)
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.Vault);
        bench.Server.Put(from, "a", """{"k":"1"}""");
        var exception = await Assert.ThrowsAsync<BridgeException>(() => bench.CopyAsync(Newer, from, to));
        Assert.Equal((ReportedKind.NotSupported, "vault://prod@one"), (exception.Kind, exception.Target));
        Assert.Null(bench.Server.Secret(to, "a"));
    }

    [Fact]
    public async Task Keys_are_united_and_the_destinations_own_stay()
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.OpenBao);
        bench.Server.Put("old", "a", """{"same":{"n":1.0},"ours":[1]}""");
        bench.Server.Put("new", "a", """{"theirs":null,"same":{"n":1}}""");
        CopyResult row = await bench.CopyOneAsync(Merge);
        Assert.Equal((CopyAction.Updated, true), (row.Action, row.Verified));
        Assert.Equal("""{"ours":[1],"same":{"n":1},"theirs":null}""", bench.Server.Read("new", "a"));
        Assert.Equal(CopyAction.Unchanged, (await bench.CopyOneAsync(Merge)).Action);
        Assert.Equal(2, bench.Server.Secret("new", "a")!.Versions.Count);
    }

    [Fact]
    public async Task A_key_with_two_values_is_a_conflict_that_names_it_and_no_value()
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.Vault);
        bench.Server.Put("old", "a", """{"x":"canary-1","y":"same","new":"1","b":2}""");
        bench.Server.Put("new", "a", """{"x":"canary-2","y":"same","b":3}""");
        CopyResult row = await bench.CopyOneAsync(Merge);
        Assert.Equal((CopyAction.Conflict, ReportedKind.DestinationExists), (row.Action, ((IFaultRow)row).Fault!.Kind));
        Assert.Equal(["b", "x"], row.ConflictKey);
        Assert.DoesNotContain("canary", row + row.Reason + ((IFaultRow)row).Fault, StringComparison.Ordinal);
        Assert.Single(bench.Server.Secret("new", "a")!.Versions);
    }

    [Fact]
    public async Task A_merge_does_not_write_back_numbers_that_a_read_has_rounded()
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.Vault);
        bench.Server.Put("old", "a", """{"ours":1}""");
        bench.Server.Put("new", "a", """{"big":12345678901234567890}""");
        CopyResult row = await bench.CopyOneAsync(Merge);
        Assert.Equal((CopyAction.Failed, ReportedKind.PrecisionLoss), (row.Action, ((IFaultRow)row).Fault!.Kind));
        Assert.Single(bench.Server.Secret("new", "a")!.Versions);
        Assert.Equal(CopyAction.Updated, (await bench.CopyOneAsync(options => Merge(options) with { AllowPrecisionLoss = true })).Action);
    }

    [Theory]
    [InlineData(ConflictPolicy.Merge, false)]
    [InlineData(ConflictPolicy.Fail, true)]
    public async Task Histories_cannot_be_merged_and_numbers_are_kept_only_with_them(ConflictPolicy policy, bool keep)
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.Vault);
        await Assert.ThrowsAsync<BridgeException>(() => bench.CopyAsync(options => options with
        {
            Conflict = policy,
            Version = keep ? VersionSelection.Latest : VersionSelection.All,
            KeepVersionNumber = keep,
        }));
    }

    [Theory]
    [InlineData(false, "1=deleted")]
    [InlineData(true, "1=destroyed")]
    public async Task A_deleted_source_arrives_deleted_where_that_is_asked_for(bool destroyed, string history)
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.OpenBao);
        bench.Put("old", "a", "1", "2");
        bench.Server.Delete("old", "a");
        if (destroyed)
        {
            bench.Server.Destroy("old", "a", 2);
        }

        Func<CopyOptions, CopyOptions> preserve = options => options with { DeletedVersion = DeletedVersionPolicy.Preserve, Verify = true };
        CopyResult row = await bench.CopyOneAsync(preserve);
        Assert.Equal((CopyAction.Created, 0, true), (row.Action, row.VersionsCopied, row.Verified));
        Assert.Equal(destroyed ? [] : [CopyLoss.DeletedValue], row.Lossy);
        Assert.Equal(history, bench.History("new", "a"));

        bench.Server.Requests.Reset();
        Assert.Equal(CopyAction.Unchanged, (await bench.CopyOneAsync(preserve)).Action);
        Assert.Empty(bench.Server.Requests.Writes);
        Assert.Equal(CopyAction.Skipped, (await bench.CopyOneAsync(preserve, to: "one")).Action);
    }

    [Theory]
    [InlineData(ConflictPolicy.Fail, CopyAction.Conflict, "1=theirs")]
    [InlineData(ConflictPolicy.Skip, CopyAction.Skipped, "1=theirs")]
    [InlineData(ConflictPolicy.Merge, CopyAction.Conflict, "1=theirs")]
    [InlineData(ConflictPolicy.Overwrite, CopyAction.Updated, "1=theirs 2=deleted")]
    [InlineData(ConflictPolicy.NewerWins, CopyAction.Updated, "1=theirs 2=deleted")]
    public async Task A_deleted_source_against_a_value_follows_the_policy(ConflictPolicy policy, CopyAction action, string history)
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.Vault);
        bench.Put("new", "a", "theirs");
        bench.Put("old", "a", "1");
        bench.Server.Delete("old", "a");
        CopyResult row = await bench.CopyOneAsync(options => options with { DeletedVersion = DeletedVersionPolicy.Preserve, Conflict = policy });
        Assert.Equal((action, history), (row.Action, bench.History("new", "a")));
    }

    [Fact]
    public async Task A_deleted_source_fails_where_that_is_asked_for()
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.Vault);
        bench.Put("old", "a", "1");
        bench.Server.Delete("old", "a");
        CopyResult row = await bench.CopyOneAsync(options => options with { DeletedVersion = DeletedVersionPolicy.Fail });
        Assert.Equal((CopyAction.Failed, ReportedKind.SecretDeleted), (row.Action, ((IFaultRow)row).Fault!.Kind));
    }

    [Fact]
    public async Task A_placeholder_that_a_killed_run_left_live_is_finished_by_the_next()
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.Vault);
        bench.Put("old", "a", "1");
        bench.Put("old", "b", "1");
        bench.Server.Delete("old", "a");
        bench.Server.Delete("old", "b");
        Func<CopyOptions, CopyOptions> preserve = options => options with { DeletedVersion = DeletedVersionPolicy.Preserve };
        bench.Server.Faults.Add(new Fault { Kind = SecretBridge.DevVault.FaultKind.Status, Status = 403, Body = """{"errors":["permission denied"]}""", Path = "new/delete/**", Times = null });
        Assert.All(await bench.CopyAsync(preserve), row => Assert.Equal(CopyAction.Failed, row.Action));
        Assert.StartsWith("1={\"secretbridge.placeholder\"", bench.History("new", "a"), StringComparison.Ordinal);
        bench.Server.Faults.Clear();

        // From there it is not carried on.
        CopyResult on = (await bench.CopyAsync(from: "new", to: "one"))[0];
        Assert.Equal((CopyAction.Failed, ReportedKind.InvalidPayload), (on.Action, ((IFaultRow)on).Fault!.Kind));

        // One is still deleted at the source, the other was written again.
        bench.Put("old", "b", "2");
        Assert.Equal([CopyAction.Updated, CopyAction.Updated], (await bench.CopyAsync(preserve)).Select(row => row.Action));
        Assert.Equal(("1=deleted", "1=destroyed 2=2"), (bench.History("new", "a"), bench.History("new", "b")));
    }
}
