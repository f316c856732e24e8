using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Tests.Reporting;
using SecretBridge.Trees;
using Xunit;

namespace SecretBridge.Tests.Trees;

public class SubtreeCopyTests
{
    private readonly ProbedStore _source = new("kv");
    private readonly ProbedStore _target = new("kv2");
    private readonly RecordingReporter _reporter = new();
    private CopySummary _summary = new();

    [Fact]
    public async Task A_tree_arrives_byte_for_byte_below_the_destination()
    {
        await _source.PutAsync("apps/a", """{"z":1.0,"a":{"n":null}}""");
        await _source.PutAsync("apps/b/c", """{"k":"ü"}""");
        List<CopyResult> rows = await CopyAsync("vault://kv/apps", "vault://kv2/prod");
        Assert.Equal("""{"z":1.0,"a":{"n":null}}""", await _target.TextAsync("prod/a"));
        Assert.Equal("""{"k":"ü"}""", await _target.TextAsync("prod/b/c"));
        Assert.Equal([CopyAction.Created, CopyAction.Created], rows.Select(row => row.Action));
        Assert.Equal("vault://memory@kv2/prod/b/c", rows[1].Destination);
        Assert.Equal((1, 1, WriteGuard.CheckAndSet), (rows[1].SourceVersion, rows[1].DestinationVersion, rows[1].Guard));
        Assert.Equal((2, true), (_summary.Created, _summary.Succeeded));
    }

    [Fact]
    public async Task A_new_secret_costs_one_read_and_one_write_and_an_unchanged_one_two_reads()
    {
        await PutManyAsync(20);
        await CopyAsync("vault://kv", "vault://kv2");
        Assert.Equal((20, 20, 0), (_source.Reads.Count, _target.Writes.Count, _target.Reads.Count));
        Assert.Equal([""], _target.Lists);

        _source.Reads.Clear();
        _target.Writes.Clear();
        List<CopyResult> second = await CopyAsync("vault://kv", "vault://kv2");
        Assert.Equal((20, 0, 20), (_source.Reads.Count, _target.Writes.Count, _target.Reads.Count));
        Assert.All(second, row => Assert.Equal(CopyAction.Unchanged, row.Action));
        Assert.Equal(1, (await _target.Inner.ReadMetadataAsync(SecretPath.Parse("f0/s00"), CancellationToken.None))!.CurrentVersion);
    }

    [Theory]
    [InlineData(ConflictPolicy.Fail, CopyAction.Conflict, "theirs", 1)]
    [InlineData(ConflictPolicy.Skip, CopyAction.Skipped, "theirs", 1)]
    [InlineData(ConflictPolicy.Overwrite, CopyAction.Updated, "ours", 2)]
    public async Task Other_content_at_the_destination_is_treated_as_the_policy_says(
        ConflictPolicy policy, CopyAction action, string value, int version)
    {
        await _source.PutAsync("a", """{"k":"ours"}""");
        await _source.PutAsync("b", """{"k":"new"}""");
        await _target.PutAsync("a", """{"k":"theirs"}""");
        List<CopyResult> rows = await CopyAsync("vault://kv", "vault://kv2", options => options with { Conflict = policy });
        Assert.Equal([action, CopyAction.Created], rows.Select(row => row.Action));
        Assert.Equal($$"""{"k":"{{value}}"}""", await _target.TextAsync("a"));
        Assert.Equal(version, rows[0].DestinationVersion);
        Assert.Equal(policy == ConflictPolicy.Fail, ((IFaultRow)rows[0]).Fault is { Kind: FaultKind.DestinationExists });
        Assert.Equal(policy != ConflictPolicy.Fail, _summary.Succeeded);
    }

    [Theory]
    [InlineData(ConflictPolicy.Fail, CopyAction.Conflict)]
    [InlineData(ConflictPolicy.Overwrite, CopyAction.Updated)]
    public async Task A_deleted_destination_counts_as_existing_and_keeps_its_numbers(ConflictPolicy policy, CopyAction action)
    {
        await _source.PutAsync("a", """{"k":"v"}""");
        await _target.PutAsync("a", """{"k":"old"}""");
        await _target.Inner.DeleteAsync(SecretPath.Parse("a"), [], CancellationToken.None);
        CopyResult row = Assert.Single(await CopyAsync("vault://kv", "vault://kv2", options => options with { Conflict = policy }));
        Assert.Equal(action, row.Action);
        Assert.Equal(policy == ConflictPolicy.Overwrite ? 2 : 1, row.DestinationVersion);
    }

    [Fact]
    public async Task Deleted_and_destroyed_sources_are_skipped_and_never_written_as_live()
    {
        await _source.PutAsync("deleted", """{"k":"v"}""");
        await _source.PutAsync("destroyed", """{"k":"v"}""");
        await _source.Inner.DeleteAsync(SecretPath.Parse("deleted"), [], CancellationToken.None);
        await _source.Inner.DestroyAsync(SecretPath.Parse("destroyed"), [1], CancellationToken.None);
        List<CopyResult> rows = await CopyAsync("vault://kv", "vault://kv2");
        Assert.Equal(["Its latest version is deleted.", "Its latest version is destroyed."], rows.Select(row => row.Reason));
        Assert.All(rows, row => Assert.Equal(CopyAction.Skipped, row.Action));
        Assert.Empty(_target.Writes);
    }

    [Fact]
    public async Task A_live_secret_whose_deletion_is_due_is_copied()
    {
        await _source.PutAsync("a", """{"k":"v"}""");
        _source.OnRead = (_, _, reading) => reading with { DeletionTime = TimeProvider.System.GetUtcNow().AddHours(1) };
        Assert.Equal(CopyAction.Created, Assert.Single(await CopyAsync("vault://kv", "vault://kv2")).Action);
    }

    [Fact]
    public async Task A_plan_tells_what_would_be_done_and_writes_nothing()
    {
        await _source.PutAsync("new", """{"k":"v"}""");
        await _source.PutAsync("old", """{"k":"v"}""");
        await _source.PutAsync("same", """{"k":"v"}""");
        await _target.PutAsync("old", """{"k":"w"}""");
        await _target.PutAsync("same", """{"k":"v"}""");
        List<CopyResult> rows = await CopyAsync("vault://kv", "vault://kv2", options => options with { PlanOnly = true, Conflict = ConflictPolicy.Overwrite });
        Assert.Equal([CopyAction.Created, CopyAction.Updated, CopyAction.Unchanged], rows.Select(row => row.Action));
        Assert.All(rows, row => Assert.True(row.Planned));
        Assert.Empty(_target.Writes);
        Assert.True(_summary.Planned);
    }

    [Fact]
    public async Task Failures_are_rows_with_faults_and_the_others_go_on()
    {
        await PutManyAsync(6);
        _source.Before = (verb, path) => (verb, path.Value) is ("read", "f0/s01") or ("list", "f2") ? throw ProbedStore.Denied(path) : Task.CompletedTask;
        _target.Before = (verb, path) => (verb, path.Value) == ("write", "f0/s03") ? throw ProbedStore.Denied(path) : Task.CompletedTask;
        List<CopyResult> rows = await CopyAsync("vault://kv", "vault://kv2");
        Assert.Equal(["f0/s01", "f0/s03", "f2/"], rows.Where(row => row.Action == CopyAction.Failed).Select(row => row.RelativePath));
        Assert.All(rows.Where(row => row.Action == CopyAction.Failed), row => Assert.Equal(FaultKind.PermissionDenied, ((IFaultRow)row).Fault!.Kind));
        Assert.Equal((3, 2), (_summary.Failed, _summary.Created));
        Assert.False(_summary.Succeeded);
    }

    [Fact]
    public async Task A_writer_who_was_faster_is_seen_by_check_and_set_and_not_overwritten()
    {
        await _source.PutAsync("a", """{"k":"ours"}""");
        _target.Before = async (verb, _) =>
        {
            if (verb == "write" && _target.Writes.Count == 1)
            {
                await _target.PutAsync("a", """{"k":"theirs"}""");
            }
        };
        CopyResult row = Assert.Single(await CopyAsync("vault://kv", "vault://kv2"));
        Assert.Equal(CopyAction.Conflict, row.Action);
        Assert.Equal("""{"k":"theirs"}""", await _target.TextAsync("a"));
    }

    [Fact]
    public async Task A_write_between_read_and_overwrite_fails_that_secret()
    {
        await _source.PutAsync("a", """{"k":"ours"}""");
        await _target.PutAsync("a", """{"k":"old"}""");
        _target.Before = async (verb, _) =>
        {
            if (verb == "write")
            {
                await _target.PutAsync("a", """{"k":"theirs"}""");
            }
        };
        CopyResult row = Assert.Single(await CopyAsync("vault://kv", "vault://kv2", options => options with { Conflict = ConflictPolicy.Overwrite }));
        Assert.Equal((CopyAction.Failed, FaultKind.CheckAndSetMismatch), (row.Action, ((IFaultRow)row).Fault!.Kind));
        Assert.Equal("""{"k":"theirs"}""", await _target.TextAsync("a"));
    }

    [Fact]
    public async Task Where_the_folder_cannot_be_listed_the_destination_is_read_first()
    {
        await _source.PutAsync("a", """{"k":"ours"}""");
        await _source.PutAsync("b", """{"k":"new"}""");
        await _target.PutAsync("a", """{"k":"theirs"}""");
        _target.Before = (verb, path) => verb == "list" ? throw ProbedStore.Denied(path) : Task.CompletedTask;
        List<CopyResult> rows = await CopyAsync("vault://kv", "vault://kv2");
        Assert.Equal([CopyAction.Conflict, CopyAction.Created], rows.Select(row => row.Action));
        Assert.Equal(2, _target.Reads.Count);
    }

    [Fact]
    public async Task Without_check_and_set_every_destination_is_read_first_and_the_row_says_so()
    {
        _target.Without = StoreCapabilities.CheckAndSet;
        await PutManyAsync(4);
        List<CopyResult> rows = await CopyAsync("vault://kv", "vault://kv2");
        Assert.All(rows, row => Assert.Equal((CopyAction.Created, WriteGuard.ReadThenWrite), (row.Action, row.Guard)));
        Assert.Equal(4, _target.Reads.Count);
    }

    [Theory]
    [InlineData("vault://kv", "vault://kv")]
    [InlineData("vault://kv/a", "vault://kv/a")]
    [InlineData("vault://kv/a", "vault://kv/a/b")]
    [InlineData("vault://kv/a/b", "vault://kv/a")]
    [InlineData("vault://kv", "vault://kv/backup")]
    public async Task A_destination_that_overlaps_its_source_is_refused_before_any_write(string source, string destination)
    {
        await _source.PutAsync("a/b/c", """{"k":"v"}""");
        var exception = await Assert.ThrowsAsync<BridgeException>(() => CopyAsync(source, destination));
        Assert.Equal(FaultKind.Overlap, exception.Kind);
        Assert.Empty(_source.Writes);
    }

    [Fact]
    public async Task Neighbours_with_a_common_beginning_do_not_overlap()
    {
        await _source.PutAsync("kvstore/x", """{"k":"v"}""");
        Assert.Equal(CopyAction.Created, Assert.Single(await CopyAsync("vault://kv/kvstore", "vault://kv/kv")).Action);
    }

    [Fact]
    public async Task A_map_leads_paths_elsewhere_and_what_it_does_not_match_is_skipped_and_said()
    {
        await _source.PutAsync("apps/web/key", """{"k":"1"}""");
        await _source.PutAsync("apps/one", """{"k":"2"}""");
        await _source.PutAsync("other", """{"k":"3"}""");
        List<CopyResult> rows = await CopyAsync("vault://kv", "vault://kv2", options => options with
        {
            Map = [new("apps/**", "environments/production/**"), new("apps/one", "moved/one"), new("never/**", "x/**")],
        });
        Assert.Equal("""{"k":"1"}""", await _target.TextAsync("environments/production/web/key"));
        Assert.Equal("""{"k":"2"}""", await _target.TextAsync("moved/one"));
        Assert.Equal((CopyAction.Skipped, "No rule of the map matches it."), (rows[2].Action, rows[2].Reason));
        Assert.Contains("'never/**' matched no path", Assert.Single(_reporter.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_paths_that_a_map_leads_to_one_are_refused_before_any_write()
    {
        await _source.PutAsync("a/key", """{"k":"1"}""");
        await _source.PutAsync("b/key", """{"k":"2"}""");
        var exception = await Assert.ThrowsAsync<BridgeException>(() => CopyAsync("vault://kv", "vault://kv2",
            options => options with { Map = [new("a/*", "all/*"), new("b/*", "all/*")] }));
        Assert.Equal(FaultKind.MapCollision, exception.Kind);
        Assert.Empty(_target.Writes);
    }

    [Fact]
    public async Task Two_trees_that_meet_at_one_destination_do_not_overwrite_each_other()
    {
        await _source.PutAsync("a/key", """{"k":"1"}""");
        await _source.PutAsync("b/key", """{"k":"2"}""");
        List<CopyResult> rows = await CopyAsync([new("vault://kv/a"), new("vault://kv/b")], "vault://kv2",
            options => options with { Conflict = ConflictPolicy.Overwrite });
        Assert.Equal([CopyAction.Created, CopyAction.Failed], rows.Select(row => row.Action));
        Assert.Equal(FaultKind.MapCollision, ((IFaultRow)rows[1]).Fault!.Kind);
        Assert.Equal("""{"k":"1"}""", await _target.TextAsync("key"));
    }

    [Fact]
    public async Task Rows_land_below_the_destination_by_their_relative_path()
    {
        await _source.PutAsync("apps/billing/db", """{"k":"v"}""");
        await _source.PutAsync("apps/other", """{"k":"v"}""");
        CopyResult row = Assert.Single(await CopyAsync(
            [new("vault://memory@kv/apps/billing/db", "vault://memory@kv/apps", "billing/db")], "vault://kv2/prod"));
        Assert.Equal("vault://memory@kv2/prod/billing/db", row.Destination);
        Assert.Equal("vault://memory@kv/apps", row.Root);
        Assert.Empty(_source.Lists);
    }

    [Theory]
    [InlineData("a/../b")]
    [InlineData("a//b")]
    [InlineData("a/../")]
    public async Task A_row_whose_place_cannot_be_is_a_failed_row_and_the_others_go_on(string relative)
    {
        await PutManyAsync(3);
        List<CopyResult> rows = await CopyAsync(
            [new("vault://kv/f0/s00", "vault://kv", "f0/s00"), new("vault://kv/b", "vault://kv", relative), new("vault://kv/f2/s02", "vault://kv", "f2/s02")],
            "vault://kv2");
        Assert.Equal([CopyAction.Created, CopyAction.Failed, CopyAction.Created], rows.Select(row => row.Action));
        Assert.Equal((FaultKind.InvalidPath, "vault://kv/b"), (((IFaultRow)rows[1]).Fault!.Kind, rows[1].Uri));
    }

    [Theory]
    [InlineData("dest")]
    [InlineData("x/dest")]
    public async Task A_rule_may_lead_to_the_name_of_the_destination_itself(string destination)
    {
        await _source.PutAsync("main", """{"k":"1"}""");
        await _source.PutAsync("other", """{"k":"2"}""");
        Task<List<CopyResult>> copying = CopyAsync("vault://kv", "vault://kv2/" + destination, options => options with { Map = [new("main", ""), new("**", "**")] });
        Assert.All(await copying.WaitAsync(TimeSpan.FromMinutes(2)), row => Assert.Equal(CopyAction.Created, row.Action));
        Assert.Equal(("""{"k":"1"}""", """{"k":"2"}"""), (await _target.TextAsync(destination), await _target.TextAsync(destination + "/other")));
    }

    [Fact]
    public async Task A_row_that_lies_inside_the_destination_is_refused_so_that_a_copy_cannot_feed_on_itself()
    {
        await _source.PutAsync("apps/backup/x", """{"k":"v"}""");
        CopyResult row = Assert.Single(await CopyAsync(
            [new("vault://kv/apps/backup/x", "vault://kv/apps", "backup/x")], "vault://kv/apps/backup"));
        Assert.Equal((CopyAction.Failed, FaultKind.Overlap), (row.Action, ((IFaultRow)row).Fault!.Kind));
    }

    [Fact]
    public async Task A_reference_to_one_secret_lands_under_its_own_name()
    {
        await _source.PutAsync("apps/db", """{"k":"v"}""");
        await CopyAsync("vault://kv/apps/db", "vault://kv2/prod");
        Assert.Equal("""{"k":"v"}""", await _target.TextAsync("prod/db"));
    }

    [Fact]
    public async Task A_name_that_is_secret_and_folder_arrives_as_both()
    {
        await _source.PutAsync("a", """{"k":"1"}""");
        await _source.PutAsync("a/b", """{"k":"2"}""");
        await CopyAsync("vault://kv", "vault://kv2");
        Assert.Equal("""{"k":"1"}""", await _target.TextAsync("a"));
        Assert.Equal("""{"k":"2"}""", await _target.TextAsync("a/b"));
    }

    [Fact]
    public async Task What_the_destination_cannot_hold_fails_before_the_write()
    {
        _target.Refuses = "odd";
        await _source.PutAsync("odd", """{"k":"v"}""");
        CopyResult row = Assert.Single(await CopyAsync("vault://kv", "vault://kv2"));
        Assert.Equal(FaultKind.DestinationCannotHold, ((IFaultRow)row).Fault!.Kind);
        Assert.Empty(_target.Writes);
    }

    [Fact]
    public async Task Verification_reads_the_written_version_back()
    {
        await PutManyAsync(3);
        List<CopyResult> rows = await CopyAsync("vault://kv", "vault://kv2", options => options with { Verify = true });
        Assert.All(rows, row => Assert.True(row.Verified));
        Assert.Equal((3, 3), (_target.Reads.Count, _summary.Verified));
    }

    [Fact]
    public async Task Verification_waits_for_a_standby_that_lags_behind()
    {
        await _source.PutAsync("a", """{"k":"v"}""");
        int stale = 2;
        _target.OnRead = (_, _, reading) => stale-- > 0 ? SecretReading.Absent : reading;
        CopyResult row = Assert.Single(await CopyAsync("vault://kv", "vault://kv2", options => options with { Verify = true }));
        Assert.True(row.Verified);
        Assert.Equal(3, _target.Reads.Count);
    }

    [Fact]
    public async Task What_reads_back_changed_is_a_failed_row()
    {
        await _source.PutAsync("a", """{"k":"canary-4711"}""");
        _target.OnRead = (_, _, reading) => reading with { Payload = Stores.JsonText.Payload("""{"k":"canary-4712"}""") };
        CopyResult row = Assert.Single(await CopyAsync("vault://kv", "vault://kv2", options => options with { Verify = true }));
        Assert.Equal((CopyAction.Failed, FaultKind.VerificationFailed), (row.Action, ((IFaultRow)row).Fault!.Kind));
        Assert.DoesNotContain("canary", row + row.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Numbers_that_a_server_does_not_keep_are_warned_of_and_counted()
    {
        _target.With = StoreCapabilities.NumbersThroughDouble;
        await _source.PutAsync("a", """{"n":12345678901234567890}""");
        await _source.PutAsync("b", """{"n":1.0}""");
        List<CopyResult> rows = await CopyAsync("vault://kv", "vault://kv2");
        Assert.Contains("other digits", rows[0].Reason, StringComparison.Ordinal);
        Assert.Null(rows[1].Reason);
        Assert.Equal(1, _summary.NumberPrecision);
        Assert.StartsWith("NumberPrecision: 1 ", Assert.Single(_reporter.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FaultKind.TokenInvalid)]
    [InlineData(FaultKind.CircuitOpen)]
    [InlineData(FaultKind.Sealed)]
    public async Task A_failure_that_lets_nothing_go_on_ends_the_run(FaultKind kind)
    {
        await PutManyAsync(200);
        _source.Before = (verb, path) => verb == "read" ? throw new BridgeException(kind, path.Value, "over") : Task.CompletedTask;
        var exception = await Assert.ThrowsAsync<BridgeException>(() => CopyAsync("vault://kv", "vault://kv2"));
        Assert.Equal(kind, exception.Kind);
        Assert.True(_source.Reads.Count < 200);
    }

    [Fact]
    public async Task What_was_written_before_the_run_ended_is_told()
    {
        await PutManyAsync(60);
        _target.Before = (verb, path) => (verb, path.Value) == ("write", "f0/s06")
            ? throw new BridgeException(FaultKind.TokenInvalid, path.Value, "over") : Task.CompletedTask;
        var rows = new List<CopyResult>();
        var copy = new SubtreeCopy(Options("vault://kv2"), _reporter);
        await Assert.ThrowsAsync<BridgeException>(async () =>
        {
            await foreach (CopyResult row in copy.RunAsync(new[] { new TreeItem("vault://kv") }.ToAsync(), CancellationToken.None))
            {
                rows.Add(row);
            }
        });
        Assert.Equal(_target.Writes.Count, rows.Count);
        Assert.Equal(_target.Writes.Count - 1, copy.Summary.Created);
    }

    [Fact]
    public async Task A_secret_that_has_the_name_of_the_copied_folder_is_not_missed_in_silence()
    {
        await _source.PutAsync("both", """{"k":1}""");
        await _source.PutAsync("both/x", """{"k":2}""");
        List<CopyResult> rows = await CopyAsync("vault://kv/both", "vault://kv2/to");
        Assert.Equal([CopyAction.Created, CopyAction.Skipped], rows.Select(row => row.Action));
        Assert.Equal("vault://memory@kv/both", rows[1].Uri);
        Assert.Contains("1 secrets have the name of a folder", Assert.Single(_reporter.Warnings), StringComparison.Ordinal);
        Assert.Single(await CopyAsync("vault://kv/both/", "vault://kv2/again"));
    }

    [Fact]
    public async Task A_row_whose_secret_is_not_there_fails_and_one_that_lags_behind_its_listing_too()
    {
        CopyResult gone = Assert.Single(await CopyAsync([new("vault://kv/no/such", "vault://kv", "no/such")], "vault://kv2"));
        Assert.Equal((CopyAction.Failed, FaultKind.SecretNotFound), (gone.Action, ((IFaultRow)gone).Fault!.Kind));

        await _source.PutAsync("a", """{"k":1}""");
        _source.OnRead = (_, _, _) => SecretReading.Absent;
        CopyResult lagging = Assert.Single(await CopyAsync("vault://kv", "vault://kv2"));
        Assert.Equal((CopyAction.Failed, FaultKind.UnexpectedAbsence), (lagging.Action, ((IFaultRow)lagging).Fault!.Kind));
    }

    [Fact]
    public async Task A_version_that_a_reference_pins_is_the_one_that_is_copied()
    {
        await _source.PutAsync("a", """{"k":1}""");
        await _source.PutAsync("a", """{"k":2}""");
        CopyResult row = Assert.Single(await CopyAsync([new("vault://memory@kv/a?version=1", "vault://memory@kv", "a")], "vault://kv2"));
        Assert.Equal(("vault://memory@kv/a?version=1", 1), (row.Uri, row.SourceVersion));
        Assert.Equal("""{"k":1}""", await _target.TextAsync("a"));
    }

    [Fact]
    public async Task Two_versions_of_one_secret_do_not_race_for_one_destination()
    {
        await _source.PutAsync("a", """{"k":1}""");
        await _source.PutAsync("a", """{"k":2}""");
        List<CopyResult> rows = await CopyAsync(
            [new("vault://kv/a?version=1", "vault://kv", "a"), new("vault://kv/a?version=2", "vault://kv", "a")], "vault://kv2",
            options => options with { Conflict = ConflictPolicy.Overwrite });
        Assert.Equal([CopyAction.Created, CopyAction.Failed], rows.Select(row => row.Action));
    }

    [Fact]
    public async Task Verification_without_versions_waits_for_a_standby_that_shows_what_was_before()
    {
        _target.Without = StoreCapabilities.CheckAndSet | StoreCapabilities.Versions;
        await _source.PutAsync("a", """{"k":"new"}""");
        await _target.PutAsync("a", """{"k":"old"}""");
        int stale = 3;
        _target.OnRead = (_, _, reading) => stale-- > 0 ? reading with { Payload = Stores.JsonText.Payload("""{"k":"old"}""") } : reading;
        _target.DropsVersions = true;
        CopyResult row = Assert.Single(await CopyAsync("vault://kv", "vault://kv2", options => options with { Verify = true, Conflict = ConflictPolicy.Overwrite }));
        Assert.True(row.Verified);
    }

    [Fact]
    public async Task Cancelling_ends_the_copy_and_nothing_is_written_afterwards()
    {
        await PutManyAsync(50);
        using var cancellation = new CancellationTokenSource();
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int begun = 0;
        _target.Before = async (verb, _) =>
        {
            int turn = verb == "write" ? Interlocked.Increment(ref begun) : 0;
            if (turn == 5)
            {
                await cancellation.CancelAsync();
                cancelled.SetResult();
            }
            else if (turn > 5)
            {
                // What began beside the fifth ends after the cancelling, however late that is: only what was under way is written.
                await cancelled.Task;
            }
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => CopyAsync([new("vault://kv")], "vault://kv2", null, cancellation.Token));
        int written = _target.Writes.Count;
        Assert.InRange(written, 5, 25);
        await Task.Yield();
        Assert.Equal(written, _target.Writes.Count);
    }

    [Fact]
    public async Task Not_more_secrets_are_under_way_than_allowed()
    {
        await PutManyAsync(60);
        _source.Before = (_, _) => Task.Run(() => { });
        await CopyAsync("vault://kv", "vault://kv2", options => options with { ThrottleLimit = 3 });
        Assert.InRange(_source.MostInFlight, 1, 6);
        Assert.InRange(_target.MostInFlight, 1, 3);
    }

    [Fact]
    public async Task The_summary_is_said_once_and_progress_ends_complete()
    {
        await PutManyAsync(3);
        await CopyAsync("vault://kv", "vault://kv2");
        Assert.StartsWith("Copied to vault://kv2: 3 created, 0 updated, 0 unchanged, 0 skipped, 0 in conflict, 0 failed; 3 secrets in ",
            Assert.Single(_reporter.Summaries), StringComparison.Ordinal);
        Assert.True(_reporter.Reports.Last().Completed);
        Assert.Equal((3, 3L), (_reporter.Reports.Last().Done, _reporter.Reports.Last().Total));
    }

    [Theory]
    [InlineData("vault://kv2?version=1")]
    [InlineData("vault://kv2/a#key")]
    [InlineData("not a scheme://x")]
    public void A_destination_that_is_no_folder_is_refused_before_any_request(string destination) =>
        Assert.Throws<BridgeException>(() => new SubtreeCopy(Options(destination), _reporter));

    private async Task PutManyAsync(int count)
    {
        for (int i = 0; i < count; i++)
        {
            await _source.PutAsync($"f{i % 3}/s{i:00}".Replace("f1/", "f0/", StringComparison.Ordinal), $$"""{"k":"{{i}}"}""");
        }
    }

    private CopyOptions Options(string destination) => new()
    {
        SourceStores = new StoreSet(_source, _target),
        DestinationStores = new StoreSet(_source, _target),
        DestinationUri = destination,
    };

    private Task<List<CopyResult>> CopyAsync(string source, string destination, Func<CopyOptions, CopyOptions>? change = null) =>
        CopyAsync([new(source)], destination, change);

    private async Task<List<CopyResult>> CopyAsync(
        TreeItem[] sources, string destination, Func<CopyOptions, CopyOptions>? change = null, CancellationToken cancellationToken = default)
    {
        CopyOptions options = Options(destination);
        var copy = new SubtreeCopy(change?.Invoke(options) ?? options, _reporter);
        var rows = new List<CopyResult>();
        await foreach (CopyResult row in copy.RunAsync(sources.ToAsync(), cancellationToken))
        {
            rows.Add(row);
        }

        _summary = copy.Summary;
        return rows;
    }
}
