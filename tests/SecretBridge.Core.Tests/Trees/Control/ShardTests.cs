using SecretBridge.Reporting;
using SecretBridge.Tests.Reporting;
using SecretBridge.Trees;
using Xunit;

namespace SecretBridge.Tests.Trees.Control;

public class ShardTests
{
    private readonly ProbedStore _source = new("kv");
    private readonly ProbedStore _target = new("kv2");
    private readonly RecordingReporter _reporter = new();

    [Fact]
    public void The_parts_share_nothing_and_together_are_all()
    {
        string[] paths = [.. Enumerable.Range(0, 5000).Select(i => FormattableString.Invariant($"team{i % 40}/app/s{i}")), "", "ü/ß", "folder/"];
        Shard[] shards = [.. Enumerable.Range(1, 8).Select(number => Shard.Of(number, 8))];
        Assert.All(paths, path => Assert.Single(shards, shard => shard.Contains(path)));
        Assert.All(shards, shard => Assert.InRange(paths.Count(shard.Contains), 530, 720));
    }

    [Theory]
    [InlineData("apps/billing/db", 8, 2)]
    [InlineData("apps/web", 8, 4)]
    [InlineData("ü", 3, 3)]
    public void Which_part_a_path_is_in_never_changes(string path, int count, int number) =>
        Assert.Equal(number, Enumerable.Range(1, count).Single(candidate => Shard.Of(candidate, count).Contains(path)));

    [Theory]
    [InlineData("3/8")]
    [InlineData("1/1")]
    [InlineData("1000/1000")]
    public void A_part_is_read_as_it_is_written(string text) => Assert.Equal(text, Shard.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("0/8")]
    [InlineData("9/8")]
    [InlineData("3")]
    [InlineData("3/8/1")]
    [InlineData("-1/8")]
    [InlineData("1/1001")]
    [InlineData(" 1/2")]
    public void What_is_no_part_is_refused(string text) =>
        Assert.Equal(FaultKind.InvalidArgument, Assert.Throws<BridgeException>(() => Shard.Parse(text)).Kind);

    [Fact]
    public async Task Copies_of_all_parts_are_a_copy_of_the_whole_and_their_summaries_add_up()
    {
        await PutAsync(60);
        _source.Before = (verb, path) => (verb, path.Value) is ("read", "f1/s05") or ("list", "f3") ? throw ProbedStore.Denied(path) : Task.CompletedTask;
        var rows = new List<CopyResult>();
        var summaries = new List<CopySummary>();
        for (int number = 1; number <= 4; number++)
        {
            SubtreeCopy copy = Copy(options => options with { Shard = Shard.Of(number, 4) });
            rows.AddRange(await RowsAsync(copy));
            summaries.Add(copy.Summary);
        }

        Assert.Equal(rows.Count, rows.Select(row => row.Uri).Distinct().Count());
        CopySummary merged = CopySummary.Merge(summaries);
        Assert.Equal((44, 2, null), (merged.Created, merged.Failed, merged.Shard));
        Assert.False(merged.Succeeded);

        _target.Before = _source.Before = (_, _) => Task.CompletedTask;
        CopySummary rest = await SummaryAsync(Copy(options => options));
        Assert.Equal((44, 16), (rest.Unchanged, rest.Created));
    }

    [Fact]
    public async Task Each_part_finds_the_collisions_of_a_map_wherever_they_are()
    {
        await PutAsync(12);
        for (int number = 1; number <= 5; number++)
        {
            SubtreeCopy copy = Copy(options => options with { Shard = Shard.Of(number, 5), Map = [new("regex:^f1/.*$", "x"), new("**", "**")] });
            Assert.Equal(FaultKind.MapCollision, (await Assert.ThrowsAsync<BridgeException>(() => RowsAsync(copy))).Kind);
        }

        Assert.Empty(_target.Writes);
    }

    [Fact]
    public async Task Comparisons_of_all_parts_prove_what_one_of_the_whole_does_and_a_missing_one_proves_nothing()
    {
        await PutAsync(30);
        await RowsAsync(Copy(options => options));
        await _target.PutAsync("f0/s00", """{"k":"other"}""");
        await _target.PutAsync("extra", """{"k":"other"}""");
        var summaries = new List<ComparisonSummary>();
        var rows = new List<TreeDifference>();
        for (int number = 1; number <= 6; number++)
        {
            var comparison = Comparison(Shard.Of(number, 6));
            await foreach (TreeDifference row in comparison.RunAsync(CancellationToken.None))
            {
                rows.Add(row);
            }

            summaries.Add(comparison.Summary);
        }

        Assert.Equal(["f0/s00", "extra"], rows.OrderBy(row => row.SideIndicator).Select(row => row.RelativePath));
        ComparisonSummary merged = ComparisonSummary.Merge(summaries);
        Assert.Equal((29, 1, 1, false), (merged.Equal, merged.Different, merged.OnlyDifference, merged.IsClean));
        Assert.Equal(FaultKind.InvalidArgument, Assert.Throws<BridgeException>(() => ComparisonSummary.Merge(summaries.Skip(1))).Kind);
        Assert.Equal(FaultKind.InvalidArgument, Assert.Throws<BridgeException>(() => ComparisonSummary.Merge(summaries.Append(summaries[0]))).Kind);
    }

    [Fact]
    public async Task A_part_without_secrets_is_clean_where_other_parts_have_some_and_nothing_at_all_is_not()
    {
        await PutAsync(1);
        await RowsAsync(Copy(options => options));
        Assert.All(await Task.WhenAll(Enumerable.Range(1, 4).Select(number => CompareAsync(Shard.Of(number, 4)))), summary => Assert.True(summary.IsClean));
        var nothing = new ProbedStore("kv");
        var comparison = new TreeComparison(
            new() { ReferenceStores = new StoreSet(nothing), DifferenceStores = new StoreSet(new ProbedStore("kv2")), ReferenceUri = "vault://kv", DifferenceUri = "vault://kv2", Shard = Shard.Of(1, 4) }, _reporter);
        await foreach (TreeDifference _ in comparison.RunAsync(CancellationToken.None))
        {
        }

        Assert.False(comparison.Summary.IsClean);
    }

    [Fact]
    public void Parts_of_two_comparisons_are_no_proof_of_either()
    {
        ComparisonSummary Part(string tree, string shard) => new()
        {
            ReferenceUri = $"vault://old@kv/{tree}",
            DifferenceUri = $"vault://new@kv/{tree}",
            Equal = 5,
            OtherShards = 5,
            Completed = true,
            Shard = shard,
        };
        Assert.True(ComparisonSummary.Merge([Part("a", "1/2"), Part("a", "2/2")]).IsClean);
        Assert.Equal(FaultKind.InvalidArgument, Assert.Throws<BridgeException>(() => ComparisonSummary.Merge([Part("a", "1/2"), Part("b", "2/2")])).Kind);
    }

    [Fact]
    public async Task Parts_of_copies_to_two_places_do_not_add_up_to_one()
    {
        await PutAsync(8);
        CopySummary one = await SummaryAsync(Copy(options => options with { Shard = Shard.Of(1, 2) }));
        CopySummary other = await SummaryAsync(Copy(options => options with { Shard = Shard.Of(2, 2), DestinationUri = "vault://kv2/other" }));
        Assert.Equal(("vault://kv2", "vault://kv2/other"), (one.DestinationUri, other.DestinationUri));
        Assert.Equal(FaultKind.InvalidArgument, Assert.Throws<BridgeException>(() => CopySummary.Merge([one, other])).Kind);
        Assert.Equal("vault://kv2, vault://kv2/other", CopySummary.Merge([one with { Shard = null }, other with { Shard = null }]).DestinationUri);
    }

    [Fact]
    public void A_mirror_of_one_part_is_refused() =>
        Assert.Equal(FaultKind.InvalidArgument, Assert.Throws<BridgeException>(() => Copy(options => options with { Mirror = true, Shard = Shard.Of(1, 2) })).Kind);

    private async Task PutAsync(int count)
    {
        for (int i = 0; i < count; i++)
        {
            await _source.PutAsync(FormattableString.Invariant($"f{i % 4}/s{i:00}"), $$"""{"k":"canary-{{i}}"}""");
        }
    }

    private SubtreeCopy Copy(Func<CopyOptions, CopyOptions> change)
    {
        var stores = new StoreSet(_source, _target);
        return new(change(new() { SourceStores = stores, DestinationStores = stores, DestinationUri = "vault://kv2" }), _reporter);
    }

    private TreeComparison Comparison(Shard shard)
    {
        var stores = new StoreSet(_source, _target);
        return new(new() { ReferenceStores = stores, DifferenceStores = stores, ReferenceUri = "vault://kv", DifferenceUri = "vault://kv2", Shard = shard }, _reporter);
    }

    private async Task<ComparisonSummary> CompareAsync(Shard shard)
    {
        TreeComparison comparison = Comparison(shard);
        await foreach (TreeDifference _ in comparison.RunAsync(CancellationToken.None))
        {
        }

        return comparison.Summary;
    }

    private static async Task<List<CopyResult>> RowsAsync(SubtreeCopy copy)
    {
        var rows = new List<CopyResult>();
        await foreach (CopyResult row in copy.RunAsync(new[] { new TreeItem("vault://kv") }.ToAsync(), CancellationToken.None))
        {
            rows.Add(row);
        }

        return rows;
    }

    private static async Task<CopySummary> SummaryAsync(SubtreeCopy copy)
    {
        await RowsAsync(copy);
        return copy.Summary;
    }
}
