using System.Text.Json;
using SecretBridge.Inventory;
using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Tests.Clocks;
using SecretBridge.Tests.Reporting;
using SecretBridge.Tests.Trees;
using SecretBridge.Trees;
using Xunit;

namespace SecretBridge.Tests.Inventory;

public class SecretSearchTests
{
    private readonly ManualTime _time = new();
    private readonly RecordingReporter _reporter = new();
    private readonly ProbedStore _store;

    public SecretSearchTests() => _store = new("kv", _time);

    [Fact]
    public async Task Paths_are_found_by_glob_and_regex_with_nothing_read()
    {
        await PutAsync("apps/db-1", "apps/db-x", "apps/web", "old/db-2");
        Assert.Equal(["apps/db-1", "old/db-2"], await FindAsync(options => options with { Match = @"/db-\d$" }));
        Assert.Equal(["apps/db-1"], await FindAsync(options => options with { Match = @"/db-\d$", Include = ["apps/**"] }));
        Assert.Empty(_store.Reads);
        Assert.Empty(_store.MetadataReads);
        Assert.Empty(_store.ShapeReads);
    }

    [Fact]
    public async Task Keys_are_found_by_name_nested_ones_too_from_shapes_alone_where_the_store_tells_them()
    {
        await _store.PutAsync("a", """{"DB_PASSWORD":"canary-1","options":{"api_password":"canary-2"}}""");
        await _store.PutAsync("b", """{"user":"x"}""");
        _store.TellsShapes = true;
        FoundSecret row = Assert.Single(await RowsAsync(options => options with { KeyName = ["*password"] }));
        Assert.Equal(["DB_PASSWORD", "options.api_password"], row.MatchedKey);
        Assert.Equal(["a", "b"], _store.ShapeReads.Order());
        Assert.Empty(_store.Reads);
    }

    [Fact]
    public async Task Where_a_store_tells_no_keys_its_secrets_are_read_which_is_said()
    {
        await _store.PutAsync("a", """{"list":[{"token":"canary-1"}]}""");
        Assert.Equal(["list[0].token"], Assert.Single(await RowsAsync(options => options with { KeyName = ["token"] })).MatchedKey);
        Assert.Equal(["a"], _store.Reads);
        Assert.Contains("only their keys are looked at", Assert.Single(_reporter.Messages), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"k":"\ud800 canary-bad"}""")]
    [InlineData("""{"\ud800":"canary-bad"}""")]
    [InlineData("""{"k":"canary-one","k":"canary-bad"}""")]
    public async Task A_payload_that_cannot_be_understood_does_not_end_the_search_of_the_others(string broken)
    {
        await PutAsync("a", "b");
        _store.OnRead = (path, _, reading) => path.Value == "a" ? reading with { Payload = SecretPayload.FromReply(System.Text.Encoding.UTF8.GetBytes(broken)) } : reading;
        Assert.Equal(2, (await RowsAsync(options => options with { ValuePattern = "." })).Count);
        Assert.Equal(2, (await RowsAsync(options => options with { KeyName = ["*"] })).Count);
        foreach (bool isWhole in new[] { false, true })
        {
            await foreach (SecretDuplicate group in new SecretSearch(new() { Stores = new StoreSet(_store), WholeSecret = isWhole }, _reporter)
                .FindDuplicatesAsync(new[] { new TreeItem("vault://kv") }.ToAsync(), default))
            {
                Assert.DoesNotContain("canary", group + group.Fault?.ToString(), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Custom_metadata_is_found_by_key_and_pattern_of_its_value()
    {
        await PutAsync("a", "b", "c");
        await TagAsync("a", ("team", "Billing"), ("stage", "prod"));
        await TagAsync("b", ("team", "search"));
        Assert.Equal(["a"], await FindAsync(options => options with { CustomMetadata = new Dictionary<string, string> { ["team"] = "bill*" } }));
        Assert.Empty(await FindAsync(options => options with { CustomMetadata = new Dictionary<string, string> { ["team"] = "bill*", ["stage"] = "dev" } }));
        Assert.Equal(["a", "b"], await FindAsync(options => options with { CustomMetadata = new Dictionary<string, string> { ["team"] = "*" } }));
        Assert.Empty(_store.Reads);
    }

    [Fact]
    public async Task Age_is_that_of_the_last_change()
    {
        await PutAsync("old", "changed");
        _time.Advance(TimeSpan.FromDays(100));
        await PutAsync("changed", "new");
        _time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(["old"], await FindAsync(options => options with { OlderThan = TimeSpan.FromDays(90) }));
        Assert.Equal(["changed", "new"], await FindAsync(options => options with { NewerThan = TimeSpan.FromDays(90) }));
        Assert.Equal(["new", "old"], await FindAsync(options => options with { NeverUpdated = true }));
        Assert.Equal(["new"], await FindAsync(options => options with { NeverUpdated = true, NewerThan = TimeSpan.FromDays(90) }));
    }

    [Fact]
    public async Task What_path_or_metadata_rule_out_is_not_read()
    {
        await PutAsync("a", "b", "x/c");
        await TagAsync("b", ("team", "t"));
        await RowsAsync(options => options with { Exclude = ["x/**"], CustomMetadata = new Dictionary<string, string> { ["team"] = "t" }, Value = SealedValue.FromText("canary") });
        Assert.Equal(["a", "b"], _store.MetadataReads.Order());
        Assert.Equal(["b"], _store.Reads);
    }

    [Theory]
    [InlineData("""{"k":"canary-x"}""", "k")]
    [InlineData("""{"o":{"l":[0,"canary-x"]}}""", "o.l[1]")]
    [InlineData("""{"k":"canary\u002dx"}""", "k")]
    [InlineData("""{"k":"canary-xy"}""", null)]
    [InlineData("""{"canary-x":"k"}""", null)]
    [InlineData("""{"k":"Canary-x"}""", null)]
    public async Task A_value_is_found_as_a_whole_however_it_is_spelt_in_JSON(string json, string? key)
    {
        await _store.PutAsync("a", json);
        List<FoundSecret> rows = await RowsAsync(options => options with { Value = SealedValue.FromText("canary-x") });
        Assert.Equal(key is null ? [] : [key], rows.SelectMany(row => row.MatchedKey));
    }

    [Fact]
    public async Task A_number_is_found_by_its_spelling_and_key_names_narrow_a_search_for_a_value()
    {
        await _store.PutAsync("a", """{"port":5432,"other":"5432","db":{"port":"5432"}}""");
        Assert.Equal(["port", "other", "db.port"], Assert.Single(await RowsAsync(options => options with { Value = SealedValue.FromText("5432") })).MatchedKey);
        Assert.Equal(["port", "db.port"], Assert.Single(await RowsAsync(options => options with { Value = SealedValue.FromText("5432"), KeyName = ["port"] })).MatchedKey);
        Assert.Equal(["db.port"], Assert.Single(await RowsAsync(options => options with { Value = SealedValue.FromText("5432"), KeyName = ["db"] })).MatchedKey);
    }

    [Fact]
    public async Task A_pattern_finds_parts_of_values_and_no_value_comes_out()
    {
        await _store.PutAsync("a", """{"key":"canary-AKIA0123","n":1,"none":null}""");
        await _store.PutAsync("b", """{"key":"canary-other"}""");
        List<FoundSecret> rows = await RowsAsync(options => options with { ValuePattern = @"AKIA\d+" });
        Assert.Equal(("a", "key"), (Assert.Single(rows).RelativePath, Assert.Single(rows[0].MatchedKey)));
        Assert.DoesNotContain("canary", JsonSerializer.Serialize(rows) + string.Concat(_reporter.Messages.Concat(_reporter.Summaries).Concat(_reporter.Warnings)), StringComparison.Ordinal);
        Assert.Equal("Searched 2 secrets: 1 found, 0 unreadable in 0.0 s.", Assert.Single(_reporter.Summaries));
    }

    [Theory]
    [InlineData("(canary-x")]
    [InlineData(@"(?=canary-x)y")]
    public void A_pattern_that_cannot_be_used_is_refused_without_repeating_it(string pattern)
    {
        BridgeException exception = Assert.Throws<BridgeException>(() => Search(options => options with { ValuePattern = pattern }));
        Assert.Equal(FaultKind.InvalidArgument, exception.Kind);
        Assert.DoesNotContain("canary", exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pattern_that_would_explode_does_not()
    {
        await _store.PutAsync("a", $$"""{"k":"{{new string('a', 50_000)}}!"}""");
        Assert.Empty(await FindAsync(options => options with { ValuePattern = "^(a+)+$" }));
    }

    [Fact]
    public async Task A_deleted_secret_has_no_value_to_be_found()
    {
        await _store.PutAsync("a", """{"k":"canary-x"}""");
        await _store.Inner.DeleteAsync(SecretPath.Parse("a"), [], default);
        Assert.Empty(await FindAsync(options => options with { Value = SealedValue.FromText("canary-x") }));
        Assert.Equal(SecretState.Deleted, Assert.Single(await RowsAsync(options => options with { NeverUpdated = true })).State);
    }

    [Fact]
    public async Task What_cannot_be_read_is_a_fault_and_the_search_goes_on()
    {
        await PutAsync("a", "b/1", "c");
        _store.Before = (verb, path) => (verb, path.Value) is ("list", "b") or ("read", "a") ? throw ProbedStore.Denied(path) : Task.CompletedTask;
        List<FoundSecret> rows = await RowsAsync(options => options with { Value = SealedValue.FromText("v") });
        Assert.Equal(["a", "b/", "c"], rows.Select(row => row.RelativePath));
        Assert.Equal([FaultKind.PermissionDenied, FaultKind.PermissionDenied, null], rows.Select(row => ((IFaultRow)row).Fault?.Kind));
        Assert.EndsWith("1 found, 2 unreadable in 0.0 s.", Assert.Single(_reporter.Summaries), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_keeps_no_metadata_says_so_once_where_it_is_asked_for()
    {
        await PutAsync("a", "b");
        _store.Without = StoreCapabilities.Metadata;
        FoundSecret row = Assert.Single(await RowsAsync(options => options with { OlderThan = TimeSpan.FromDays(1) }));
        Assert.Equal((FaultKind.NotSupported, "vault://memory@kv"), (((IFaultRow)row).Fault!.Kind, row.Uri));
    }

    [Fact]
    public void An_age_of_ticks_two_ways_to_ask_for_a_value_and_an_empty_value_are_refused()
    {
        Assert.Contains("ten-millionth", Refused(options => options with { OlderThan = new TimeSpan(90) }), StringComparison.Ordinal);
        Refused(options => options with { NewerThan = TimeSpan.Zero });
        Refused(options => options with { Value = SealedValue.FromText("v"), ValuePattern = "v" });
        Refused(options => options with { Value = SealedValue.FromText("") });
        Refused(options => options with { MinimumLength = 0 });
        Refused(options => options with { Match = "(" });
        Refused(options => options with { WholeSecret = true, KeyName = ["k"] });
    }

    private string Refused(Func<FindOptions, FindOptions> change)
    {
        BridgeException exception = Assert.Throws<BridgeException>(() => Search(change));
        Assert.Equal(FaultKind.InvalidArgument, exception.Kind);
        return exception.Message;
    }

    private SecretSearch Search(Func<FindOptions, FindOptions> change) =>
        new(change(new() { Stores = new StoreSet(_store), Time = _time }), _reporter);

    private async Task PutAsync(params string[] paths)
    {
        foreach (string path in paths)
        {
            await _store.PutAsync(path, """{"k":"v"}""");
        }
    }

    private async Task TagAsync(string path, params (string Key, string Value)[] tags) => await _store.Inner.WriteMetadataAsync(
        SecretPath.Parse(path), new() { CustomMetadata = tags.ToDictionary(tag => tag.Key, tag => tag.Value) }, default);

    private async Task<IEnumerable<string>> FindAsync(Func<FindOptions, FindOptions> change) => (await RowsAsync(change)).Select(row => row.RelativePath);

    private async Task<List<FoundSecret>> RowsAsync(Func<FindOptions, FindOptions> change)
    {
        var rows = new List<FoundSecret>();
        await foreach (FoundSecret row in Search(change).RunAsync(new[] { new TreeItem("vault://kv") }.ToAsync(), default))
        {
            rows.Add(row);
        }

        return rows;
    }
}
