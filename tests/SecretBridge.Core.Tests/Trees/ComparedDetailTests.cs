using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Tests.Reporting;
using SecretBridge.Trees;
using Xunit;

namespace SecretBridge.Tests.Trees;

/// <summary>What is compared beyond the latest content, or instead of it.</summary>
public class ComparedDetailTests
{
    private readonly ProbedStore _reference = new("kv");
    private readonly ProbedStore _difference = new("kv2");
    private readonly RecordingReporter _reporter = new();
    private ComparisonSummary? _summary;

    [Fact]
    public async Task Equal_rows_carry_the_compared_version_of_both_sides()
    {
        await PutBothAsync("a", """{"k":1}""", """{"k":0}""");
        await _difference.PutAsync("a", """{"k":1}""");
        TreeDifference row = Assert.Single(await CompareAsync(options => options with { IncludeEqual = true }));
        Assert.Equal(("==", 1, 2, "vault://memory@kv2/a"), (row.SideIndicator, row.ReferenceVersion, row.DifferenceVersion, row.DifferenceUri));
    }

    [Fact]
    public async Task Metadata_differs_by_name_and_never_by_value()
    {
        await PutBothAsync("a", """{"k":1}""", """{"k":1}""");
        await SetAsync(_reference, "a", new() { CustomMetadata = Pairs(("owner", "team-a"), ("same", "x"), ("gone", "y")), MaxVersions = 3, CheckAndSetRequired = true });
        await SetAsync(_difference, "a", new() { CustomMetadata = Pairs(("owner", "team-b"), ("same", "x"), ("new", "z")), DeleteVersionAfter = TimeSpan.FromHours(1) });
        Assert.Empty(await CompareAsync());
        TreeDifference row = Assert.Single(await CompareAsync(options => options with { IncludeMetadata = true }));
        Assert.Equal(
            ["cas_required", "custom_metadata.gone", "custom_metadata.new", "custom_metadata.owner", "delete_version_after", "max_versions"],
            row.ChangedMetadata);
        Assert.Equal(("<>", 0), (row.SideIndicator, row.ChangedKey.Count));
        Assert.Equal((1, false), (_summary!.Different, _summary.IsClean));
    }

    [Fact]
    public async Task Metadata_that_cannot_be_read_is_not_clean()
    {
        await PutBothAsync("a", """{"k":1}""", """{"k":1}""");
        _difference.Before = (verb, path) => verb == "metadata" ? throw ProbedStore.Denied(path) : Task.CompletedTask;
        TreeDifference row = Assert.Single(await CompareAsync(options => options with { IncludeMetadata = true }));
        Assert.Equal((SecretState.Unreadable, FaultKind.PermissionDenied), (row.DifferenceState, ((IFaultRow)row).Fault!.Kind));
        Assert.Equal((0, 1, false), (_summary!.Equal, _summary.Unreadable, _summary.IsClean));
    }

    [Fact]
    public async Task A_store_without_metadata_equals_one_where_none_is_set()
    {
        _difference.Without = StoreCapabilities.Metadata | StoreCapabilities.Versions;
        await PutBothAsync("plain", """{"k":1}""", """{"k":1}""");
        await PutBothAsync("set", """{"k":1}""", """{"k":1}""");
        await SetAsync(_reference, "set", new() { MaxVersions = 3 });
        TreeDifference row = Assert.Single(await CompareAsync(options => options with { IncludeMetadata = true }));
        Assert.Equal("set", row.RelativePath);
        Assert.Equal(["max_versions"], row.ChangedMetadata);
    }

    [Fact]
    public async Task A_history_that_was_numbered_anew_is_compared_in_order_from_the_oldest()
    {
        await _reference.PutAsync("a", """{"k":"trimmed"}""");
        foreach (int i in new[] { 1, 2, 3 })
        {
            await PutBothAsync("a", $$"""{"k":{{i}}}""", $$"""{"k":{{i}}}""");
        }

        _reference.OnMetadata = metadata => metadata with { Versions = metadata.Versions.Skip(1).ToArray() };
        Assert.Empty(await CompareAsync(options => options with { IncludeVersion = true }));
        Assert.True(_summary!.IsClean);
    }

    [Fact]
    public async Task An_older_version_that_differs_or_is_gone_is_told_by_its_number()
    {
        foreach (int i in new[] { 1, 2, 3, 4 })
        {
            await PutBothAsync("a", $$"""{"k":{{i}}}""", $$"""{"k":{{(i == 2 ? 9 : i)}}}""");
        }

        await _reference.Inner.DestroyAsync(SecretPath.Parse("a"), [3], CancellationToken.None);
        Assert.Empty(await CompareAsync());
        TreeDifference row = Assert.Single(await CompareAsync(options => options with { IncludeVersion = true }));
        Assert.Equal("<>", row.SideIndicator);
        Assert.Equal([2, 3], row.ChangedVersion);
        Assert.Empty(row.ChangedKey);
    }

    [Fact]
    public async Task More_versions_on_one_side_are_a_difference()
    {
        await PutBothAsync("a", """{"k":1}""", """{"k":1}""");
        await _difference.PutAsync("a", """{"k":1}""");
        TreeDifference row = Assert.Single(await CompareAsync(options => options with { IncludeVersion = true }));
        Assert.Equal(("<>", "The reference side keeps 1 versions, the difference side 2."), (row.SideIndicator, row.Note));
    }

    /// <summary>A tool that takes every deletion time for a deletion loses what delete_version_after only plans to delete.</summary>
    [Fact]
    public async Task A_version_whose_deletion_is_to_come_is_live_and_its_content_counts()
    {
        await PutBothAsync("a", """{"k":1}""", """{"k":2}""");
        await PutBothAsync("a", """{"k":3}""", """{"k":3}""");
        SecretMetadata ToCome(SecretMetadata metadata) =>
            metadata with { Versions = metadata.Versions.Select(version => version with { DeletionTime = metadata.ServerTime!.Value.AddDays(1) }).ToArray() };
        (_reference.OnMetadata, _difference.OnMetadata) = (ToCome, ToCome);
        Assert.Equal([1], Assert.Single(await CompareAsync(options => options with { IncludeVersion = true })).ChangedVersion);
    }

    [Fact]
    public async Task A_version_that_metadata_has_and_reads_lack_makes_the_secret_unreadable()
    {
        await PutBothAsync("a", """{"k":1}""", """{"k":1}""");
        await PutBothAsync("a", """{"k":2}""", """{"k":2}""");
        _difference.OnRead = (_, version, reading) => version == 1 ? SecretReading.Absent : reading;
        Assert.Equal(FaultKind.UnexpectedAbsence, ((IFaultRow)Assert.Single(await CompareAsync(options => options with { IncludeVersion = true }))).Fault!.Kind);
        Assert.False(_summary!.IsClean);
    }

    [Fact]
    public async Task Only_keys_and_their_nesting_count_and_no_value_is_read()
    {
        (_reference.TellsShapes, _difference.TellsShapes) = (true, true);
        await PutBothAsync("same", """{"k":"canary-1","o":{"p":1,"q":[1]}}""", """{"k":2,"o":{"p":{},"q":null}}""");
        await PutBothAsync("other", """{"k":1,"o":{"p":1},"old":1}""", """{"k":1,"o":{"p":{"deep":1}},"new":1}""");
        TreeDifference row = Assert.Single(await CompareAsync(options => options with { KeysOnly = true }));
        Assert.Equal(("other", "o", "new", "old"), (row.RelativePath, Assert.Single(row.ChangedKey), Assert.Single(row.AddedKey), Assert.Single(row.RemovedKey)));
        Assert.Equal((0, 0, 2, 2), (_reference.Reads.Count, _difference.Reads.Count, _reference.ShapeReads.Count, _difference.ShapeReads.Count));
    }

    [Fact]
    public async Task A_side_that_cannot_tell_keys_alone_is_read_and_that_is_said_once()
    {
        _reference.TellsShapes = true;
        await PutBothAsync("a", """{"k":"canary-1","e":{}}""", """{"e":3,"k":2}""");
        await PutBothAsync("b", """{"k":1}""", """{"k":2}""");
        Assert.Empty(await CompareAsync(options => options with { KeysOnly = true }));
        Assert.Equal((0, 2), (_reference.Reads.Count, _difference.Reads.Count));
        Assert.Contains("'vault://memory@kv2' cannot tell keys without values", Assert.Single(_reporter.Messages), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Excluded_keys_count_on_neither_side()
    {
        await PutBothAsync("a", """{"k":1,"updated_at":"x","UPDATED":1}""", """{"k":1,"rotated":2,"UPDATED":1}""");
        Assert.Empty(await CompareAsync(options => options with { ExcludeKey = ["updated_*", "rotate?"] }));
    }

    [Fact]
    public async Task Excluded_keys_are_told_by_their_case()
    {
        await PutBothAsync("a", """{"UPDATED":1}""", """{"UPDATED":2}""");
        Assert.Equal(["UPDATED"], Assert.Single(await CompareAsync(options => options with { ExcludeKey = ["up*"] })).ChangedKey);
    }

    [Fact]
    public async Task A_backslash_in_an_excluded_key_is_part_of_its_name()
    {
        await PutBothAsync("a", """{"d\\n":1,"dn":1}""", """{"d\\n":2,"dn":2}""");
        Assert.Equal(["dn"], Assert.Single(await CompareAsync(options => options with { ExcludeKey = ["d\\n"] })).ChangedKey);
        Assert.Equal(["dn"], Assert.Single(await CompareAsync(options => options with { ExcludeKey = ["?\\*"] })).ChangedKey);
    }

    private static Dictionary<string, string> Pairs(params (string Key, string Value)[] pairs) =>
        pairs.ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);

    private static async Task SetAsync(ProbedStore store, string path, MetadataChange change) =>
        await store.WriteMetadataAsync(SecretPath.Parse(path), change, CancellationToken.None);

    private async Task PutBothAsync(string path, string left, string right)
    {
        await _reference.PutAsync(path, left);
        await _difference.PutAsync(path, right);
    }

    private async Task<List<TreeDifference>> CompareAsync(Func<CompareOptions, CompareOptions>? change = null)
    {
        var options = new CompareOptions
        {
            ReferenceStores = new StoreSet(_reference),
            DifferenceStores = new StoreSet(_difference),
            ReferenceUri = "vault://kv",
            DifferenceUri = "vault://kv2",
        };
        var comparison = new TreeComparison(change?.Invoke(options) ?? options, _reporter);
        var rows = new List<TreeDifference>();
        await foreach (TreeDifference row in comparison.RunAsync(CancellationToken.None))
        {
            rows.Add(row);
        }

        _summary = comparison.Summary;
        return rows;
    }
}
