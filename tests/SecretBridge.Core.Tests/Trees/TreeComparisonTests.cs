using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Tests.Reporting;
using SecretBridge.Trees;
using Xunit;

namespace SecretBridge.Tests.Trees;

public class TreeComparisonTests
{
    private readonly ProbedStore _reference = new("kv");
    private readonly ProbedStore _difference = new("kv2");
    private readonly RecordingReporter _reporter = new();
    private ComparisonSummary? _summary;

    [Fact]
    public async Task Equal_trees_give_no_row_and_a_positive_proof()
    {
        await PutBothAsync("a", """{"k":1,"l":[1,2]}""", """{"l":[1,2],"k":1.0}""");
        await PutBothAsync("b/c", """{"k":"v"}""", """{"k":"v"}""");
        Assert.Empty(await CompareAsync());
        Assert.Equal((2, true), (_summary!.Equal, _summary.IsClean));
    }

    [Fact]
    public async Task Each_difference_is_one_row_that_names_keys_and_never_values()
    {
        await _reference.PutAsync("only-left", """{"k":"canary-4711"}""");
        await _difference.PutAsync("only-right", """{"k":"canary-4711"}""");
        await PutBothAsync("both", """{"a":"canary-4711","gone":1,"same":1}""", """{"a":"canary-4712","new":1,"same":1}""");
        List<TreeDifference> rows = await CompareAsync();
        Assert.Equal(["both <>", "only-left <=", "only-right =>"], rows.Select(row => $"{row.RelativePath} {row.SideIndicator}"));
        Assert.Equal(["new"], rows[0].AddedKey);
        Assert.Equal(["gone"], rows[0].RemovedKey);
        Assert.Equal(["a"], rows[0].ChangedKey);
        Assert.Equal(["vault://memory@kv/both", "vault://memory@kv/only-left", "vault://memory@kv2/only-right"], rows.Select(row => row.Uri));
        Assert.Equal("vault://memory@kv2", rows[2].Root);
        Assert.All(rows, row => Assert.DoesNotContain("canary", row.ToString(), StringComparison.Ordinal));
        Assert.Equal((0, 1, 1, 1, false), (_summary!.Equal, _summary.Different, _summary.OnlyReference, _summary.OnlyDifference, _summary.IsClean));
    }

    [Fact]
    public async Task Rows_come_in_byte_order_whatever_the_reads_take()
    {
        for (int i = 0; i < 40; i++)
        {
            await _reference.PutAsync($"f{i % 4}/s{i:00}", """{"k":"v"}""");
        }

        _reference.Before = async (_, path) =>
        {
            for (int i = path.Value.Length * 7 % 13; i > 0; i--)
            {
                await Task.Yield();
            }
        };
        List<TreeDifference> rows = await CompareAsync();
        Assert.Equal(rows.Select(row => row.RelativePath).Order(Utf8Order.Instance), rows.Select(row => row.RelativePath));
        Assert.Equal(40, rows.Count);
    }

    [Theory]
    [InlineData("""{"k":null}""", """{}""")]
    [InlineData("""{"k":"1"}""", """{"k":1}""")]
    [InlineData("""{"k":12345678901234567890}""", """{"k":12345678901234567000}""")]
    public async Task Null_is_not_absence_text_is_no_number_and_digits_count(string left, string right)
    {
        await PutBothAsync("a", left, right);
        Assert.Equal("<>", Assert.Single(await CompareAsync()).SideIndicator);
    }

    [Fact]
    public async Task Digits_that_a_server_does_not_keep_count_as_equal_with_a_warning()
    {
        _difference.With = StoreCapabilities.NumbersThroughDouble;
        await PutBothAsync("a", """{"k":12345678901234567890}""", """{"k":12345678901234567000}""");
        TreeDifference row = Assert.Single(await CompareAsync(options => options with { IncludeEqual = true }));
        Assert.Equal("==", row.SideIndicator);
        Assert.StartsWith("NumberPrecision", row.Note, StringComparison.Ordinal);
        Assert.StartsWith("NumberPrecision: 1 ", Assert.Single(_reporter.Warnings), StringComparison.Ordinal);
        Assert.True(_summary!.IsClean);
    }

    [Fact]
    public async Task An_unreadable_secret_is_a_row_and_a_fault_and_never_clean()
    {
        await PutBothAsync("a", """{"k":1}""", """{"k":1}""");
        await PutBothAsync("b", """{"k":1}""", """{"k":1}""");
        _difference.Before = (verb, path) => verb == "read" && path.Value == "b" ? throw ProbedStore.Denied(path) : Task.CompletedTask;
        TreeDifference row = Assert.Single(await CompareAsync());
        Assert.Equal(("b", "<>", "'b' is denied."), (row.RelativePath, row.SideIndicator, row.Note));
        Assert.Equal(FaultKind.PermissionDenied, ((IFaultRow)row).Fault!.Kind);
        Assert.Equal((1, 1, false), (_summary!.Equal, _summary.Unreadable, _summary.IsClean));
    }

    [Fact]
    public async Task A_folder_that_one_side_cannot_list_makes_nothing_in_it_look_missing()
    {
        await PutBothAsync("open/a", """{"k":1}""", """{"k":1}""");
        await PutBothAsync("shut/b", """{"k":1}""", """{"k":1}""");
        await PutBothAsync("shut/c/d", """{"k":1}""", """{"k":1}""");
        _difference.Before = (verb, path) => verb == "list" && path.Value == "shut" ? throw ProbedStore.Denied(path) : Task.CompletedTask;
        List<TreeDifference> rows = await CompareAsync();
        Assert.Equal(["shut/ <>", "shut/b <>", "shut/c/d <>"], rows.Select(row => $"{row.RelativePath} {row.SideIndicator}"));
        Assert.Single(rows, row => ((IFaultRow)row).Fault is not null);
        Assert.Equal((1, 3), (_summary!.Equal, _summary.Unreadable));
    }

    [Fact]
    public async Task A_root_that_cannot_be_listed_makes_the_whole_other_side_unreadable()
    {
        await PutBothAsync("a", """{"k":1}""", """{"k":1}""");
        _reference.Before = (verb, path) => verb == "list" ? throw ProbedStore.Denied(path) : Task.CompletedTask;
        List<TreeDifference> rows = await CompareAsync();
        Assert.Equal(2, rows.Count);
        Assert.All(rows, row => Assert.Equal("<>", row.SideIndicator));
        Assert.False(_summary!.IsClean);
    }

    [Fact]
    public async Task Deleted_equals_deleted_and_absent_and_differs_from_live()
    {
        await PutBothAsync("both-deleted", """{"k":1}""", """{"k":2}""");
        await _reference.PutAsync("deleted-absent", """{"k":1}""");
        await PutBothAsync("deleted-live", """{"k":1}""", """{"k":1}""");
        foreach (string path in new[] { "both-deleted", "deleted-absent", "deleted-live" })
        {
            await _reference.Inner.DeleteAsync(SecretPath.Parse(path), [], CancellationToken.None);
        }

        await _difference.Inner.DeleteAsync(SecretPath.Parse("both-deleted"), [], CancellationToken.None);
        List<TreeDifference> rows = await CompareAsync(options => options with { IncludeEqual = true });
        Assert.Equal(["both-deleted ==", "deleted-absent ==", "deleted-live <>"], rows.Select(row => $"{row.RelativePath} {row.SideIndicator}"));
        Assert.Null(rows[0].Note);
        Assert.Equal("Neither side has a value: deleted against absent.", rows[1].Note);
        Assert.Equal("A value stands against none: deleted against live.", rows[2].Note);
    }

    [Fact]
    public async Task A_listed_name_that_reads_as_absent_is_decided_by_one_metadata_read()
    {
        await _reference.PutAsync("lagging", """{"k":1}""");
        await _difference.PutAsync("lagging", """{"k":1}""");
        int absent = 1;
        _reference.OnRead = (_, version, reading) => version is null && absent-- > 0 ? SecretReading.Absent : reading;
        Assert.Empty(await CompareAsync());
        Assert.Equal(["lagging"], _reference.MetadataReads);
    }

    [Fact]
    public async Task A_version_that_metadata_has_and_reads_lack_is_unreadable()
    {
        await PutBothAsync("a", """{"k":1}""", """{"k":1}""");
        _reference.OnRead = (_, _, _) => SecretReading.Absent;
        TreeDifference row = Assert.Single(await CompareAsync());
        Assert.Equal(FaultKind.UnexpectedAbsence, ((IFaultRow)row).Fault!.Kind);
        Assert.False(_summary!.IsClean);
    }

    [Fact]
    public async Task Nothing_on_either_side_is_no_proof()
    {
        Assert.Empty(await CompareAsync());
        Assert.False(_summary!.IsClean);
        Assert.Contains("proves nothing", Assert.Single(_reporter.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Leaving_early_is_no_proof()
    {
        await _reference.PutAsync("a", """{"k":1}""");
        var comparison = new TreeComparison(Options("vault://kv", "vault://kv2"), _reporter);
        await foreach (TreeDifference row in comparison.RunAsync(CancellationToken.None))
        {
            break;
        }

        Assert.False(comparison.Summary.Completed);
        Assert.False(comparison.Summary.IsClean);
    }

    [Fact]
    public async Task A_mapped_copy_is_compared_by_the_map_that_made_it()
    {
        await _reference.PutAsync("apps/z", """{"k":1}""");
        await _reference.PutAsync("lib/a", """{"k":2}""");
        await _reference.PutAsync("left", """{"k":3}""");
        await _difference.PutAsync("a/z", """{"k":1}""");
        await _difference.PutAsync("b/a", """{"k":2}""");
        List<TreeDifference> rows = await CompareAsync(options => options with { Map = [new("lib/**", "b/**"), new("apps/**", "a/**")], IncludeEqual = true });
        Assert.Equal(["apps/z ==", "lib/a ==", "left <="], rows.Select(row => $"{row.RelativePath} {row.SideIndicator}"));
        Assert.Equal("No rule of the map matches it.", rows[2].Note);
    }

    [Fact]
    public async Task Two_secrets_can_be_compared_by_themselves()
    {
        await _reference.PutAsync("apps/one", """{"k":1}""");
        await _difference.PutAsync("prod/two", """{"k":2}""");
        TreeDifference row = Assert.Single(await CompareAsync("vault://kv/apps/one", "vault://kv2/prod/two"));
        Assert.Equal(("vault://memory@kv/apps/one", "vault://memory@kv/apps", "one", "<>"), (row.Uri, row.Root, row.RelativePath, row.SideIndicator));
    }

    [Fact]
    public async Task A_secret_that_has_the_name_of_the_compared_folder_is_compared_too()
    {
        await PutBothAsync("both", """{"k":1}""", """{"k":2}""");
        await PutBothAsync("both/x", """{"k":1}""", """{"k":1}""");
        TreeDifference row = Assert.Single(await CompareAsync("vault://kv/both", "vault://kv2/both"));
        Assert.Equal(("vault://memory@kv/both", "<>"), (row.Uri, row.SideIndicator));
        Assert.Empty(await CompareAsync("vault://kv/both/", "vault://kv2/both/"));
    }

    [Fact]
    public async Task A_payload_of_null_is_not_an_empty_one()
    {
        await _difference.PutAsync("a", "{}");
        await _reference.PutAsync("a", "{}");
        _reference.OnRead = (_, _, reading) => reading with { Payload = SecretPayload.FromReply("null"u8.ToArray()) };
        TreeDifference row = Assert.Single(await CompareAsync());
        Assert.Equal(("<>", "The payload of one side is null."), (row.SideIndicator, row.Note));
    }

    [Fact]
    public async Task Globs_keep_both_sides_to_what_was_asked_for()
    {
        await PutBothAsync("a/x", """{"k":1}""", """{"k":1}""");
        await _reference.PutAsync("b/x", """{"k":1}""");
        await _difference.PutAsync("c/x", """{"k":1}""");
        Assert.Empty(await CompareAsync(options => options with { Exclude = ["b/**", "c/**"] }));
        Assert.Empty(await CompareAsync(options => options with { Include = ["a/**"] }));
    }

    [Fact]
    public async Task Each_secret_is_read_once_on_each_side()
    {
        for (int i = 0; i < 10; i++)
        {
            await PutBothAsync($"f/{i}", """{"k":1}""", """{"k":1}""");
        }

        await CompareAsync();
        Assert.Equal((10, 10), (_reference.Reads.Count, _difference.Reads.Count));
        Assert.Empty(_reference.MetadataReads);
    }

    private async Task PutBothAsync(string path, string left, string right)
    {
        await _reference.PutAsync(path, left);
        await _difference.PutAsync(path, right);
    }

    private CompareOptions Options(string reference, string difference) => new()
    {
        ReferenceStores = new StoreSet(_reference),
        DifferenceStores = new StoreSet(_difference),
        ReferenceUri = reference,
        DifferenceUri = difference,
    };

    private Task<List<TreeDifference>> CompareAsync(Func<CompareOptions, CompareOptions>? change = null) =>
        CompareAsync("vault://kv", "vault://kv2", change);

    private async Task<List<TreeDifference>> CompareAsync(
        string reference, string difference, Func<CompareOptions, CompareOptions>? change = null)
    {
        CompareOptions options = Options(reference, difference);
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
