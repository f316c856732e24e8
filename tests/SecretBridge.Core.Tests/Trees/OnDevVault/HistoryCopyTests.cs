using SecretBridge.DevVault;
using SecretBridge.Stores;
using SecretBridge.Trees;
using Xunit;
using Hit = SecretBridge.DevVault.FaultKind;
using IFaultRow = SecretBridge.Reporting.IFaultRow;
using ReportedKind = SecretBridge.Reporting.FaultKind;

namespace SecretBridge.Tests.Trees.OnDevVault;

/// <summary>-Version All: a history arrives as it was, the source stays as it is, and what cannot be carried is told.</summary>
public class HistoryCopyTests
{
    private static readonly Func<CopyOptions, CopyOptions> All = options => options with { Version = VersionSelection.All, Verify = true };

    private static readonly Func<CopyOptions, CopyOptions> Keep = options => All(options) with { KeepVersionNumber = true, DeletedVersion = DeletedVersionPolicy.Preserve };

    [Theory]
    [InlineData(VaultFlavour.Vault)]
    [InlineData(VaultFlavour.OpenBao)]
    public async Task A_history_is_replayed_oldest_first_and_a_second_run_writes_nothing(VaultFlavour flavour)
    {
        await using CopyBench bench = await CopyBench.StartAsync(flavour);
        bench.Put("old", "a", "1", "2", "3");
        CopyResult row = await bench.CopyOneAsync(All);
        Assert.Equal("1=1 2=2 3=3", bench.History("new", "a"));
        Assert.Equal((CopyAction.Created, 3, 3, 3, true), (row.Action, row.VersionsCopied, row.SourceVersion, row.DestinationVersion, row.Verified));
        Assert.Equal([CopyLoss.CreatedTime], row.Lossy);
        Assert.Equal((1, 3, 1), (bench.Summary.Lossy, bench.Summary.VersionsCopied, bench.Summary.Warnings));
        Assert.Contains("CreatedTime: of 1 secrets", Assert.Single(bench.Reporter.Warnings), StringComparison.Ordinal);

        bench.Server.Requests.Reset();
        Assert.Equal(CopyAction.Unchanged, (await bench.CopyOneAsync(All)).Action);
        Assert.Empty(bench.Server.Requests.Writes);
    }

    [Fact]
    public async Task A_history_costs_a_read_of_metadata_and_a_read_and_a_write_a_version()
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.Vault);
        bench.Put("old", "a", "1", "2", "3");
        await bench.CopyAsync(All);
        bench.Server.Remove("new", "a");
        bench.Server.Requests.Reset();
        await bench.CopyAsync(options => All(options) with { Verify = false });
        Assert.Equal(3, bench.Server.Requests.All.Count(request => request.Path == "old/data/a"));
        Assert.Equal(3, bench.Server.Requests.Count(RequestKind.Write));
        Assert.Equal(1, bench.Server.Requests.Count("GET", "old/metadata/a"));
        Assert.Equal(1, bench.Server.Requests.Count("GET", "new/config"));
    }

    [Fact]
    public async Task Where_the_destination_has_the_beginning_only_the_rest_is_written()
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.OpenBao);
        bench.Put("old", "a", "1", "2", "3", "4");
        bench.Put("new", "a", "1", "2");
        CopyResult row = await bench.CopyOneAsync(All);
        Assert.Equal("1=1 2=2 3=3 4=4", bench.History("new", "a"));
        Assert.Equal((CopyAction.Updated, 2), (row.Action, row.VersionsCopied));
    }

    [Theory]
    [InlineData(ConflictPolicy.Fail, false, CopyAction.Conflict, "1=x 2=2")]
    [InlineData(ConflictPolicy.Skip, false, CopyAction.Skipped, "1=x 2=2")]
    [InlineData(ConflictPolicy.Overwrite, false, CopyAction.Updated, "1=x 2=2 3=1 4=2")]
    [InlineData(ConflictPolicy.NewerWins, false, CopyAction.Updated, "1=x 2=2 3=1 4=2")]
    [InlineData(ConflictPolicy.Overwrite, true, CopyAction.Conflict, "1=x 2=2")]
    public async Task Another_history_at_the_destination_is_a_conflict_by_policy(ConflictPolicy policy, bool keep, CopyAction action, string history)
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.Vault);
        bench.Put("new", "a", "x", "2");
        bench.Put("old", "a", "1", "2");
        Func<CopyOptions, CopyOptions> change = options => (keep ? Keep : All)(options) with { Conflict = policy };
        Assert.Equal(action, (await bench.CopyOneAsync(change)).Action);
        Assert.Equal(history, bench.History("new", "a"));
        if (action == CopyAction.Updated)
        {
            Assert.Equal(CopyAction.Unchanged, (await bench.CopyOneAsync(change)).Action);
        }
    }

    [Fact]
    public async Task Numbers_are_kept_with_deleted_versions_deleted_and_destroyed_ones_destroyed()
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.OpenBao);
        bench.Server.Configure("old", maxVersions: 5);
        bench.Put("old", "a", "1", "2", "3", "4", "5", "6", "7");
        await bench.EndAsync("old", "a", [4], [5]);
        string before = bench.History("old", "a");
        Assert.Equal("3=3 4=deleted 5=destroyed 6=6 7=7", before);
        CopyResult row = await bench.CopyOneAsync(Keep);
        Assert.Equal("1=destroyed 2=destroyed 3=3 4=deleted 5=destroyed 6=6 7=7", bench.History("new", "a"));
        Assert.Equal((3, 7, true), (row.VersionsCopied, row.DestinationVersion, row.Verified));
        Assert.Equal([CopyLoss.DeletedValue, CopyLoss.CreatedTime], row.Lossy);
        Assert.Contains("without their values", row.Reason, StringComparison.Ordinal);
        Assert.Equal(before, bench.History("old", "a"));

        bench.Server.Requests.Reset();
        Assert.Equal(CopyAction.Unchanged, (await bench.CopyOneAsync(Keep)).Action);
        Assert.Empty(bench.Server.Requests.Writes);
    }

    [Fact]
    public async Task The_source_is_sent_no_request_but_reads()
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.OpenBao);
        bench.Put("old", "a", "1", "2", "3");
        bench.Server.Delete("old", "a");
        bench.Put("old", "a", "4");
        await bench.CopyAsync(Keep);
        Assert.Equal("1=1 2=2 3=deleted 4=4", bench.History("new", "a"));
        Assert.NotEmpty(bench.Server.Requests.Writes);
        Assert.DoesNotContain(bench.Server.Requests.Writes, request => request.Path.StartsWith("old/", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(DeletedVersionPolicy.Skip, "1=1 2=3", new[] { CopyLoss.DeletedVersion, CopyLoss.CreatedTime, CopyLoss.VersionNumber })]
    [InlineData(DeletedVersionPolicy.Preserve, "1=1 2=deleted 3=3", new[] { CopyLoss.DeletedValue, CopyLoss.CreatedTime })]
    public async Task Without_numbers_deleted_versions_in_between_are_left_out_or_preserved(DeletedVersionPolicy policy, string history, CopyLoss[] lossy)
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.Vault);
        bench.Put("old", "a", "1", "2");
        bench.Server.Delete("old", "a");
        bench.Put("old", "a", "3");
        Func<CopyOptions, CopyOptions> change = options => All(options) with { DeletedVersion = policy };
        CopyResult row = await bench.CopyOneAsync(change);
        Assert.Equal(history, bench.History("new", "a"));
        Assert.Equal(lossy, row.Lossy);
        Assert.Equal(CopyAction.Unchanged, (await bench.CopyOneAsync(change)).Action);
    }

    [Theory]
    [InlineData(DeletedVersionPolicy.Skip, CopyAction.Skipped, "")]
    [InlineData(DeletedVersionPolicy.Fail, CopyAction.Failed, "")]
    [InlineData(DeletedVersionPolicy.Preserve, CopyAction.Created, "1=1 2=deleted")]
    public async Task A_history_that_ends_deleted_never_comes_back_to_life(DeletedVersionPolicy policy, CopyAction action, string history)
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.Vault);
        bench.Put("old", "a", "1", "2");
        bench.Server.Delete("old", "a");
        Assert.Equal(action, (await bench.CopyOneAsync(options => All(options) with { DeletedVersion = policy })).Action);
        Assert.Equal(history, bench.History("new", "a"));
    }

    [Fact]
    public async Task A_live_version_whose_deletion_is_due_is_carried_and_one_whose_time_has_come_is_not()
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.Vault);
        bench.Server.Configure("old", deleteVersionAfter: TimeSpan.FromHours(1));
        bench.Put("old", "a", "1");
        bench.Time.Advance(TimeSpan.FromMinutes(50));
        bench.Put("old", "a", "2");
        bench.Time.Advance(TimeSpan.FromMinutes(20));
        await bench.CopyAsync(Keep);
        Assert.Equal("1=deleted 2=2", bench.History("new", "a"));
    }

    [Theory]
    [InlineData(false, "1=4 2=5 3=6")]
    [InlineData(true, "4=4 5=5 6=6")]
    public async Task Versions_that_the_destination_would_push_out_at_once_are_not_written_and_named(bool keep, string history)
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.Vault);
        bench.Server.Configure("new", maxVersions: 3);
        bench.Put("old", "a", "1", "2", "3", "4", "5", "6");
        CopyResult row = await bench.CopyOneAsync(keep ? Keep : All);
        Assert.Equal(history, bench.History("new", "a"));
        Assert.Equal(3, row.VersionsCopied);
        Assert.Contains(CopyLoss.History, row.Lossy);
        Assert.Equal(!keep, row.Lossy.Contains(CopyLoss.VersionNumber));
        Assert.Contains(bench.Reporter.Warnings, warning => warning.StartsWith("History: of 1 secrets", StringComparison.Ordinal));
        Assert.Equal(CopyAction.Unchanged, (await bench.CopyOneAsync(keep ? Keep : All)).Action);

        bench.Put("old", "a", "7");
        Assert.Equal((CopyAction.Updated, 1), (await bench.CopyOneAsync(keep ? Keep : All)) is var more ? (more.Action, more.VersionsCopied) : default);
        Assert.EndsWith("=7", bench.History("new", "a"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_destinations_limit_cannot_be_read_what_was_pushed_out_is_told_afterwards()
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.Vault);
        bench.Server.Configure("new", maxVersions: 2);
        bench.Put("old", "a", "1", "2", "3");
        bench.Server.WritePolicy("some", """
            path "old/*" { capabilities = ["read", "list"] }
            path "new/metadata/*" { capabilities = ["read", "list"] }
            path "new/data/*" { capabilities = ["create", "update", "read"] }
            """);
        await using VaultBackend limited = await bench.ConnectAsync(bench.Server.CreateToken(["some"]));
        CopyResult row = Assert.Single(await bench.CopyAsync(All, backend: limited));
        Assert.Equal("2=2 3=3", bench.History("new", "a"));
        Assert.Contains(CopyLoss.History, row.Lossy);
    }

    [Theory]
    [InlineData(VaultFlavour.Vault)]
    [InlineData(VaultFlavour.OpenBao)]
    public async Task Killed_after_any_write_the_next_run_ends_as_one_that_was_not_killed(VaultFlavour flavour)
    {
        await using CopyBench bench = await CopyBench.StartAsync(flavour);
        bench.Server.Configure("old", maxVersions: 8);
        bench.Server.Configure("new", maxVersions: 6);
        bench.Put("old", "a", "1", "2", "3", "4", "5", "6", "7", "8", "9");
        await bench.EndAsync("old", "a", [5, 9], [7]);
        const string End = "4=4 5=deleted 6=6 7=destroyed 8=8 9=deleted";
        for (int writes = 0; writes < 12; writes++)
        {
            bench.Server.Remove("new", "a");
            bench.Server.Faults.Add(new Fault { Kind = Hit.Status, Status = 403, Body = """{"errors":["permission denied"]}""", Method = "POST", Path = "new/**", Skip = writes, Times = null });
            CopyResult killed = await bench.CopyOneAsync(Keep);
            Assert.Equal(CopyAction.Failed, killed.Action);
            bench.Server.Faults.Clear();
            CopyResult next = await bench.CopyOneAsync(Keep);
            Assert.Equal((End, true), (bench.History("new", "a"), next.Action is CopyAction.Created or CopyAction.Updated));
        }

        bench.Server.Remove("new", "a");
        Assert.Equal(CopyAction.Created, (await bench.CopyOneAsync(Keep)).Action);
        Assert.Equal(End, bench.History("new", "a"));
    }

    [Fact]
    public async Task A_writer_in_between_is_seen_by_check_and_set_and_what_was_written_is_told()
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.Vault);
        bench.Put("old", "a", "1", "2", "3");
        bench.Server.Faults.Add(new Fault { Kind = Hit.Interfere, Method = "POST", Path = "new/data/a", Skip = 1, Do = () => bench.Server.Put("new", "a", """{"k":"theirs"}""") });
        CopyResult row = await bench.CopyOneAsync(All);
        Assert.Equal((CopyAction.Failed, ReportedKind.CheckAndSetMismatch, 1), (row.Action, ((IFaultRow)row).Fault!.Kind, row.VersionsCopied));
        Assert.Equal("1=1 2=theirs", bench.History("new", "a"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_deletion_that_is_due_on_one_side_alone_is_told(bool history)
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.Vault);
        Func<CopyOptions, CopyOptions> change = options => history ? All(options) : options;
        bench.Put("old", "a", "1");
        bench.Server.Configure("new", deleteVersionAfter: TimeSpan.FromHours(1));
        CopyResult row = await bench.CopyOneAsync(change);
        Assert.Contains(CopyLoss.DeletionTime, row.Lossy);
        Assert.Contains(bench.Reporter.Warnings, warning => warning.StartsWith("DeletionTime: of 1 secrets", StringComparison.Ordinal));

        bench.Server.Remove("new", "a");
        bench.Server.Remove("old", "a");
        bench.Server.Configure("old", deleteVersionAfter: TimeSpan.FromHours(2));
        bench.Put("old", "a", "2");
        bench.Server.Configure("new", deleteVersionAfter: TimeSpan.Zero);
        Assert.Contains(CopyLoss.DeletionTime, (await bench.CopyOneAsync(change)).Lossy);

        bench.Server.Remove("new", "a");
        bench.Server.Configure("new", deleteVersionAfter: TimeSpan.FromHours(2));
        Assert.DoesNotContain(CopyLoss.DeletionTime, (await bench.CopyOneAsync(change)).Lossy);
    }

    [Fact]
    public async Task A_placeholder_on_a_mount_that_deletes_by_itself_is_no_other_time_of_deletion()
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.Vault);
        bench.Put("old", "a", "1");
        await bench.EndAsync("old", "a", [1], []);
        bench.Server.Configure("old", deleteVersionAfter: TimeSpan.FromHours(1));
        bench.Server.Configure("new", deleteVersionAfter: TimeSpan.FromHours(1));
        bench.Put("old", "a", "2");
        Assert.Equal([CopyLoss.DeletedValue, CopyLoss.CreatedTime], (await bench.CopyOneAsync(Keep)).Lossy);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public async Task A_number_taken_for_what_will_be_pushed_out_is_not_left_live_by_a_run_that_fails(int writes)
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.Vault);
        bench.Server.Configure("old", maxVersions: 12);
        bench.Server.Configure("new", maxVersions: 3);
        bench.Put("old", "a", "1", "2", "3", "4", "5", "6", "7", "8", "9");
        bench.Server.Faults.Add(new Fault { Kind = Hit.Status, Status = 403, Body = """{"errors":["permission denied"]}""", Method = "POST", Path = "new/data/**", Skip = writes, Times = null });
        Assert.Equal(CopyAction.Failed, (await bench.CopyOneAsync(Keep)).Action);
        Assert.EndsWith($"{writes}=destroyed", bench.History("new", "a"), StringComparison.Ordinal);
        bench.Server.Faults.Clear();
        Assert.Equal(CopyAction.Updated, (await bench.CopyOneAsync(Keep)).Action);
        Assert.Equal("7=7 8=8 9=9", bench.History("new", "a"));
        Assert.Equal(CopyAction.Unchanged, (await bench.CopyOneAsync(Keep)).Action);
    }

    [Fact]
    public async Task A_number_that_is_taken_and_cannot_be_ended_is_named_in_the_failure()
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.Vault);
        bench.Server.Configure("new", maxVersions: 3);
        bench.Put("old", "a", "1", "2", "3", "4", "5");
        bench.Server.Faults.Add(new Fault { Kind = Hit.Status, Status = 403, Body = """{"errors":["permission denied"]}""", Method = "POST", Path = "new/**", Skip = 1, Times = null });
        CopyResult row = await bench.CopyOneAsync(Keep);
        Assert.Contains("version 1 of 'vault://prod@new/a' is a placeholder that can be read", row.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_of_histories_sends_no_write()
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.OpenBao);
        bench.Put("old", "a", "1", "2");
        await bench.CopyAsync(Keep);
        bench.Put("old", "a", "3");
        bench.Put("old", "b", "1", "2");
        bench.Server.Requests.Reset();
        List<CopyResult> rows = await bench.CopyAsync(options => Keep(options) with { PlanOnly = true });
        Assert.Equal([(CopyAction.Updated, 1, true), (CopyAction.Created, 2, true)], rows.Select(row => (row.Action, row.VersionsCopied, row.Planned)));
        Assert.Empty(bench.Server.Requests.Writes);
    }

    [Fact]
    public async Task KV_version_1_gets_the_latest_and_the_row_says_what_it_lacks()
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.OpenBao);
        bench.Put("old", "a", "1", "2");
        bench.Put("old", "b", "1");
        List<CopyResult> rows = await bench.CopyAsync(All, to: "one");
        Assert.Equal([CopyLoss.History], rows[0].Lossy);
        Assert.Empty(rows[1].Lossy);
        Assert.Equal("""{"k":"2"}""", bench.Server.Read("one", "a"));
        Assert.Contains("'vault://prod@one' keeps no versions: of each secret it holds the latest value, without history and deletions, metadata, check-and-set to guard its writes, secrets that have no keys.", bench.Reporter.Warnings.First(), StringComparison.Ordinal);

        CopyResult back = await bench.CopyOneAsync(options => All(options) with { Include = ["a"] }, "one");
        Assert.Equal((CopyAction.Created, 1), (back.Action, back.VersionsCopied));
        Assert.Contains("each secret arrives as one version", bench.Reporter.Warnings.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_version_of_each_is_carried_by_its_number_and_where_there_is_none_that_is_said()
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.Vault);
        bench.Put("old", "a", "1", "2", "3");
        bench.Put("old", "b", "1");
        List<CopyResult> rows = await bench.CopyAsync(options => options with { Version = VersionSelection.Of(2) });
        Assert.Equal("1=2", bench.History("new", "a"));
        Assert.Equal((CopyAction.Skipped, "It has no version 2."), (rows[1].Action, rows[1].Reason));
    }

    [Fact]
    public async Task What_a_server_cannot_take_of_any_version_fails_before_the_first_write()
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.OpenBao);
        bench.Put("old", "a", "1");
        bench.Server.Put("old", "a", "{" + string.Join(',', Enumerable.Range(0, 600).Select(i => $"\"k{i}\":\"v\"")) + "}");
        CopyResult row = await bench.CopyOneAsync(All);
        Assert.Equal(ReportedKind.DestinationCannotHold, ((IFaultRow)row).Fault!.Kind);
        Assert.Null(bench.Server.Secret("new", "a"));
    }

    [Theory]
    [InlineData(VaultFlavour.Vault)]
    [InlineData(VaultFlavour.OpenBao)]
    public async Task Over_a_server_that_loses_requests_and_replies_each_version_is_written_once(VaultFlavour flavour)
    {
        await using CopyBench bench = await CopyBench.StartAsync(flavour);
        for (int i = 0; i < 30; i++)
        {
            bench.Put("old", $"s{i:00}", "1", "2", "3", "4", "5");
            await bench.EndAsync("old", $"s{i:00}", [2], [3]);
            await bench.SetMetadataAsync("old", $"s{i:00}", new() { MaxVersions = 15 });
        }

        foreach (Hit kind in new[] { Hit.ResetBeforeHeaders, Hit.ResetAfterCommit, Hit.Truncate })
        {
            bench.Server.Faults.Add(new Fault { Kind = kind, Path = "new/**", Times = null, Probability = 0.05 });
        }

        bench.Server.Faults.Add(new Fault { Kind = Hit.Status, Status = 500, Path = "**", Times = null, Probability = 0.05 });
        List<CopyResult> rows = await bench.CopyAsync(options => Keep(options) with { IncludeMetadata = true });
        bench.Server.Faults.Clear();

        // What gave up is failed and said so; the next run ends it.
        Assert.All(rows, row => Assert.True(row.Action is CopyAction.Created or CopyAction.Failed));
        Assert.Contains(rows, row => row.Action == CopyAction.Created);
        await bench.CopyAsync(options => Keep(options) with { IncludeMetadata = true });
        for (int i = 0; i < 30; i++)
        {
            Assert.Equal("1=1 2=deleted 3=destroyed 4=4 5=5", bench.History("new", $"s{i:00}"));
            Assert.Equal(15, (await bench.MetadataAsync("new", $"s{i:00}"))!.MaxVersions);
        }
    }

    [Fact]
    public async Task A_name_that_is_secret_and_folder_arrives_as_both_with_its_history()
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.Vault);
        bench.Put("old", "a", "1", "2");
        bench.Put("old", "a/b", "3", "4");
        await bench.CopyAsync(All);
        Assert.Equal(("1=1 2=2", "1=3 2=4"), (bench.History("new", "a"), bench.History("new", "a/b")));
    }

    [Fact]
    public async Task A_version_deleted_at_the_source_since_is_deleted_only_where_overwriting_is_allowed()
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.Vault);
        bench.Put("old", "a", "1", "2", "3");
        Func<CopyOptions, CopyOptions> preserve = options => All(options) with { DeletedVersion = DeletedVersionPolicy.Preserve };
        await bench.CopyAsync(preserve);
        await bench.EndAsync("old", "a", [2], []);
        Assert.Equal(CopyAction.Conflict, (await bench.CopyOneAsync(preserve)).Action);
        Assert.Equal("1=1 2=2 3=3", bench.History("new", "a"));
        Assert.Equal(CopyAction.Updated, (await bench.CopyOneAsync(options => preserve(options) with { Conflict = ConflictPolicy.Overwrite })).Action);
        Assert.Equal("1=1 2=deleted 3=3", bench.History("new", "a"));
    }

    [Fact]
    public async Task What_KV_version_1_cannot_hold_fails_before_the_write()
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.OpenBao);
        bench.Server.Put("old", "empty", "{}");
        CopyResult row = await bench.CopyOneAsync(to: "one");
        Assert.Equal(ReportedKind.DestinationCannotHold, ((IFaultRow)row).Fault!.Kind);
        Assert.DoesNotContain(bench.Server.Requests.Writes, request => request.Path.StartsWith("one/", StringComparison.Ordinal));
    }
}
