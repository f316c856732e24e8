using System.Text.Json;
using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Tests.Reporting;
using SecretBridge.Trees;
using Xunit;

namespace SecretBridge.Tests.Trees.Control;

public class PlannedCopyTests
{
    private readonly ProbedStore _source = new("kv");
    private readonly ProbedStore _target = new("kv2");
    private readonly RecordingReporter _reporter = new();

    [Fact]
    public async Task A_plan_that_was_kept_as_JSON_does_exactly_what_it_says()
    {
        await PutAsync();
        CopyPlan plan = await PlanAsync(options => options with { Conflict = ConflictPolicy.Overwrite, Map = [new("apps/*", "x/*"), new("*", "*")] });
        Assert.Empty(_target.Writes);
        Assert.Equal(
            ["apps/new Created", "other Updated", "same Unchanged"],
            plan.Items.Select(item => $"{item.RelativePath} {item.Action}"));
        Assert.DoesNotContain("canary", JsonSerializer.Serialize(plan), StringComparison.Ordinal);

        await _source.PutAsync("later", """{"k":"canary-later"}""");
        (List<CopyResult> rows, _) = await RunAsync(Kept(plan));
        Assert.Equal(["apps/new Created", "other Updated"], rows.Select(row => $"{row.RelativePath} {row.Action}"));
        Assert.Equal("""{"k":"canary-new"}""", await _target.TextAsync("x/new"));
        Assert.Equal("""{"k":"canary-other"}""", await _target.TextAsync("other"));
        Assert.Null(await _target.TextAsync("later"));
    }

    [Theory]
    [InlineData("source changed")]
    [InlineData("source gone")]
    [InlineData("destination changed")]
    [InlineData("destination made")]
    public async Task Where_a_side_has_moved_on_nothing_at_all_is_written(string what)
    {
        await PutAsync();
        CopyPlan plan = await PlanAsync(options => options with { Conflict = ConflictPolicy.Overwrite });
        switch (what)
        {
            case "source changed": await _source.PutAsync("other", """{"k":"canary-newer"}"""); break;
            case "source gone": await _source.Inner.RemoveAsync(SecretPath.Parse("apps/new"), CancellationToken.None); break;
            case "destination changed": await _target.PutAsync("other", """{"k":"theirs, newer"}"""); break;
            default: await _target.PutAsync("apps/new", """{"k":"theirs"}"""); break;
        }

        BridgeException fault = await Assert.ThrowsAsync<BridgeException>(() => RunAsync(plan));
        Assert.Equal(FaultKind.PlanOutdated, fault.Kind);
        Assert.Contains("Nothing was written", fault.Message, StringComparison.Ordinal);
        Assert.Empty(_target.Writes);
    }

    [Fact]
    public async Task What_moves_on_between_the_look_and_the_write_is_not_overwritten()
    {
        await PutAsync();
        CopyPlan plan = await PlanAsync(options => options with { Conflict = ConflictPolicy.Overwrite });
        int reads = 0;
        _source.Before = async (verb, path) =>
        {
            if ((verb, path.Value) == ("read", "other") && Interlocked.Increment(ref reads) == 2)
            {
                await _target.PutAsync("other", """{"k":"theirs, newer"}""");
            }
        };
        (List<CopyResult> rows, CopySummary summary) = await RunAsync(plan);
        Assert.Equal(FaultKind.PlanOutdated, rows.Single(row => row.Action == CopyAction.Failed).Fault!.Kind);
        Assert.Equal((1, 1), (summary.Created, summary.Failed));
        Assert.Equal("""{"k":"theirs, newer"}""", await _target.TextAsync("other"));
    }

    [Fact]
    public async Task Stores_without_versions_are_held_against_the_plan_by_what_would_be_done()
    {
        foreach (ProbedStore store in new[] { _source, _target })
        {
            store.Without = StoreCapabilities.Versions | StoreCapabilities.Metadata | StoreCapabilities.CheckAndSet;
            store.DropsVersions = true;
            store.OnRead = (_, _, reading) => reading with { Version = null };
        }

        await PutAsync();
        CopyPlan plan = await PlanAsync(options => options with { Conflict = ConflictPolicy.Overwrite });
        await _target.PutAsync("apps/new", """{"k":"theirs"}""");
        Assert.Equal(FaultKind.PlanOutdated, (await Assert.ThrowsAsync<BridgeException>(() => RunAsync(plan))).Kind);
    }

    [Fact]
    public async Task Another_store_of_the_same_name_is_another()
    {
        await PutAsync();
        CopyPlan plan = await PlanAsync(options => options);
        var other = new ProbedStore("kv2");
        BridgeException fault = await Assert.ThrowsAsync<BridgeException>(() => RunAsync(plan, options => options with { DestinationStores = new StoreSet(other) }));
        Assert.Equal(FaultKind.PlanOutdated, fault.Kind);
        Assert.Empty(other.Writes);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("not JSON")]
    [InlineData("""{"Format":2}""")]
    public void What_is_no_plan_is_refused(string text) =>
        Assert.Equal(FaultKind.InvalidConfiguration, Assert.Throws<BridgeException>(() => CopyPlan.Read(System.Text.Encoding.UTF8.GetBytes(text), "plan.json")).Kind);

    [Theory]
    [InlineData("\"maxVersions\":\"10\"", "\"maxVersions\":\"99999999999\"", "Options.maxVersions")]
    [InlineData("\"maxVersions\":\"10\",", "", "Options.maxVersions is missing")]
    [InlineData("\"conflict\":\"Fail\"", "\"conflict\":\"99999999999\"", "Options.conflict")]
    [InlineData("\"conflict\":\"Fail\"", "\"conflict\":\"1\"", "Options.conflict")]
    [InlineData("\"verify\":\"false\"", "\"verify\":\"no\"", "Options.verify")]
    [InlineData("\"SourceVersion\":1", "\"SourceVersion\":99999999999", "Items[0].SourceVersion")]
    [InlineData("\"SourceVersion\":1,", "", "Items[0].SourceVersion is missing")]
    [InlineData("\"VersionsCopied\":1", "\"VersionsCopied\":1.5", "Items[0].VersionsCopied")]
    [InlineData("\"Action\":0", "\"Action\":\"99999999999\"", "Items[0].Action")]
    [InlineData("\"Action\":0", "\"Action\":99", "Items[0].Action")]
    [InlineData("\"Format\":1", "\"Format\":99999999999", "Format")]
    [InlineData("\"DestinationUri\":\"vault://kv2\"", "\"DestinationUri\":null", "DestinationUri")]
    public async Task What_cannot_be_read_of_a_plan_is_told_by_its_file_and_field(string text, string changed, string told)
    {
        await PutAsync();
        string json = JsonSerializer.Serialize(await PlanAsync(options => options));
        Assert.Contains(text, json, StringComparison.Ordinal);
        int at = json.IndexOf(text, StringComparison.Ordinal);
        byte[] edited = System.Text.Encoding.UTF8.GetBytes(json[..at] + changed + json[(at + text.Length)..]);
        var fault = await Assert.ThrowsAsync<BridgeException>(() => RunAsync(CopyPlan.Read(edited, "my.plan.json")));
        Assert.Equal((FaultKind.InvalidConfiguration, "my.plan.json"), (fault.Kind, fault.Target));
        Assert.Contains("'my.plan.json'", fault.Message, StringComparison.Ordinal);
        Assert.Contains(told, fault.Message, StringComparison.Ordinal);
        Assert.Empty(_target.Writes);
    }

    [Fact]
    public async Task A_plan_that_leads_out_of_its_destination_is_refused()
    {
        await PutAsync();
        CopyPlan plan = await PlanAsync(options => options with { DestinationUri = "vault://kv2/in" });
        plan = plan with { Items = [plan.Items[0] with { Destination = "vault://memory@kv2/out" }] };
        await Assert.ThrowsAsync<BridgeException>(() => RunAsync(plan));
        Assert.Empty(_target.Writes);
    }

    [Fact]
    public async Task A_plan_of_the_whole_is_done_by_several_runners_each_its_part()
    {
        for (int i = 0; i < 12; i++)
        {
            await _source.PutAsync(FormattableString.Invariant($"s{i}"), $$"""{"k":"canary-{{i}}"}""");
        }

        CopyPlan plan = Kept(await PlanAsync(options => options));
        var summaries = new List<CopySummary>();
        for (int shard = 1; shard <= 3; shard++)
        {
            // What other runners have written meanwhile is no drift of this part.
            (List<CopyResult> rows, CopySummary summary) = await RunAsync(plan, options => options with { Shard = Shard.Of(shard, 3) });
            Assert.NotEmpty(rows);
            Assert.All(rows, row => Assert.True(Shard.Of(shard, 3).Contains(row.RelativePath)));
            summaries.Add(summary);
        }

        Assert.Equal((12, 0), CopySummary.Merge(summaries) is var all ? (all.Created, all.Failed) : default);
    }

    [Fact]
    public async Task The_plan_of_a_shard_is_done_as_that_shard_and_as_no_other()
    {
        await PutAsync();
        CopyPlan plan = await PlanAsync(options => options with { Shard = Shard.Of(1, 2), Conflict = ConflictPolicy.Skip });
        (_, CopySummary summary) = await RunAsync(plan);
        Assert.Equal("1/2", summary.Shard);
        BridgeException fault = await Assert.ThrowsAsync<BridgeException>(() => RunAsync(plan, options => options with { Shard = Shard.Of(2, 2) }));
        Assert.Equal(FaultKind.InvalidArgument, fault.Kind);
        Assert.Contains("Make a plan of the whole", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_mirror_is_not_planned_and_the_refusal_says_what_to_do(bool planned)
    {
        await PutAsync();
        CopyPlan plan = await PlanAsync(options => options with { Mirror = planned, Conflict = ConflictPolicy.Skip });
        BridgeException fault = await Assert.ThrowsAsync<BridgeException>(() => RunAsync(plan, options => options with { Mirror = !planned }));
        Assert.Equal(FaultKind.InvalidArgument, fault.Kind);
        Assert.Contains("then run Copy-VaultSubtree -Mirror", fault.Message, StringComparison.Ordinal);
        Assert.Empty(_target.Writes);
    }

    private async Task PutAsync()
    {
        await _source.PutAsync("apps/new", """{"k":"canary-new"}""");
        await _source.PutAsync("other", """{"k":"canary-other"}""");
        await _source.PutAsync("same", """{"k":"canary-same"}""");
        await _target.PutAsync("other", """{"k":"theirs"}""");
        await _target.PutAsync("same", """{"k":"canary-same"}""");
    }

    private static CopyPlan Kept(CopyPlan plan) => CopyPlan.Read(JsonSerializer.SerializeToUtf8Bytes(plan), "plan.json");

    private CopyOptions Options() =>
        new() { SourceStores = new StoreSet(_source), DestinationStores = new StoreSet(_target), DestinationUri = "vault://kv2" };

    private async Task<CopyPlan> PlanAsync(Func<CopyOptions, CopyOptions> change)
    {
        CopyOptions options = change(Options()) with { PlanOnly = true };
        var copy = new SubtreeCopy(options, _reporter);
        var rows = new List<CopyResult>();
        await foreach (CopyResult row in copy.RunAsync(new[] { new TreeItem("vault://kv") }.ToAsync(), CancellationToken.None))
        {
            rows.Add(row);
        }

        return CopyPlan.Of(options, copy, rows);
    }

    private async Task<(List<CopyResult> Rows, CopySummary Summary)> RunAsync(CopyPlan plan, Func<CopyOptions, CopyOptions>? change = null)
    {
        var copy = new PlannedCopy(plan, (change ?? (options => options))(Options()), _reporter);
        var rows = new List<CopyResult>();
        await foreach (CopyResult row in copy.RunAsync(CancellationToken.None))
        {
            rows.Add(row);
        }

        return (rows, copy.Summary);
    }
}
