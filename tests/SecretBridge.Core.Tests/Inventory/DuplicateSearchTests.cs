using System.Text.Json;
using SecretBridge.Inventory;
using SecretBridge.Reporting;
using SecretBridge.Tests.Reporting;
using SecretBridge.Tests.Trees;
using SecretBridge.Trees;
using Xunit;

namespace SecretBridge.Tests.Inventory;

public class DuplicateSearchTests
{
    private readonly RecordingReporter _reporter = new();
    private readonly ProbedStore _store = new("kv");

    [Fact]
    public async Task One_value_at_several_paths_is_one_group_that_tells_paths_and_keys_and_not_the_value()
    {
        await _store.PutAsync("a", """{"password":"canary-shared","user":"canary-alone"}""");
        await _store.PutAsync("b/c", """{"nested":{"pw":"canary-shared"},"again":"canary-shared"}""");
        await _store.PutAsync("d", """{"password":"canary-other"}""");
        SecretDuplicate group = Assert.Single(await GroupsAsync());
        Assert.Equal((2, true), (group.Count, group.IsComplete));
        Assert.Equal(["password", "nested.pw", "again"], group.Key);
        Assert.Equal(["vault://memory@kv/a password", "vault://memory@kv/b/c nested.pw,again"], group.Members.Select(member => $"{member.Uri} {string.Join(',', member.MatchedKey)}"));
        Assert.DoesNotContain("canary", JsonSerializer.Serialize(group) + group + string.Concat(_reporter.Messages.Concat(_reporter.Summaries).Concat(_reporter.Warnings)), StringComparison.Ordinal);
        Assert.StartsWith("Searched 3 secrets: 1 shared, 0 unreadable in ", Assert.Single(_reporter.Summaries), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_value_twice_in_one_secret_is_no_duplicate_and_neither_is_a_short_one_or_none()
    {
        await _store.PutAsync("a", """{"x":"canary-same","y":"canary-same","port":5432,"on":true,"none":null,"short":"abcdefg"}""");
        await _store.PutAsync("b", """{"port":5432,"on":true,"none":null,"short":"abcdefg"}""");
        Assert.Empty(await GroupsAsync());
        Assert.Equal(["short"], Assert.Single(await GroupsAsync(options => options with { MinimumLength = 7 })).Key);
        Assert.Equal(3, (await GroupsAsync(options => options with { MinimumLength = 1 })).Count);
    }

    [Fact]
    public async Task The_largest_group_comes_first_and_key_names_narrow_it()
    {
        foreach (string path in new[] { "a", "b", "c" })
        {
            await _store.PutAsync(path, $$"""{"token":"canary-three","{{(path == "c" ? "z" : "pw")}}":"canary-{{(path == "c" ? "three" : "two")}}"}""");
        }

        Assert.Equal([3, 2], (await GroupsAsync()).Select(group => group.Count));
        Assert.Equal([2], (await GroupsAsync(options => options with { KeyName = ["pw"] })).Select(group => group.Count));
    }

    [Theory]
    [InlineData("""{"a":"1","b":{"c":[1,"x"]}}""", """{"b":{"c":[1,"x"]},"a":"1"}""", true)]
    [InlineData("""{"a":"\u0041"}""", """{"a":"A"}""", true)]
    [InlineData("""{"a":"1"}""", """{"a":1}""", false)]
    [InlineData("""{"a":"1"}""", """{"a":"1","b":{}}""", false)]
    [InlineData("""{"a":[]}""", """{"a":{}}""", false)]
    [InlineData("""{"a.b":"1"}""", """{"a":{"b":"1"}}""", false)]
    [InlineData("""{"a":[1,2]}""", """{"a":[2,1]}""", false)]
    [InlineData("{}", "{}", false)]
    public async Task Whole_secrets_are_the_same_where_keys_and_values_are(string left, string right, bool same)
    {
        await _store.PutAsync("left", left);
        await _store.PutAsync("right", right);
        List<SecretDuplicate> groups = await GroupsAsync(options => options with { WholeSecret = true });
        Assert.Equal(same ? 1 : 0, groups.Count);
        Assert.All(groups, group => Assert.Empty(group.Key));
    }

    [Fact]
    public async Task What_could_not_be_read_makes_the_groups_incomplete()
    {
        foreach (string path in new[] { "a", "b", "c" })
        {
            await _store.PutAsync(path, """{"k":"canary-same"}""");
        }

        _store.Before = (verb, path) => verb == "read" && path.Value == "b" ? throw ProbedStore.Denied(path) : Task.CompletedTask;
        List<SecretDuplicate> rows = await GroupsAsync();
        Assert.Equal([FaultKind.PermissionDenied, null], rows.Select(row => ((IFaultRow)row).Fault?.Kind));
        Assert.Equal((2, false), (rows[1].Count, rows[1].IsComplete));
    }

    [Fact]
    public void The_key_of_the_hash_is_of_the_run_and_is_cleared_at_its_end()
    {
        byte[] key = [];
        byte next = 1;
        Action<byte[]> fill = buffer => (key = buffer).AsSpan().Fill(next++);
        var one = new RunDigest(fill);
        RunDigest.Mark mark = one.Of("canary"u8);
        Assert.Equal(mark, one.Of("canary"u8));
        Assert.Equal(32, key.Count(b => b == 1));
        byte[] first = key;
        Assert.NotEqual(mark, new RunDigest(fill).Of("canary"u8));
        one.Dispose();
        Assert.All(first, b => Assert.Equal(0, b));
    }

    [Fact]
    public async Task A_search_clears_its_key_also_where_it_is_left_early()
    {
        await _store.PutAsync("a", """{"k":"canary-same"}""");
        await _store.PutAsync("b", """{"k":"canary-same"}""");
        var keys = new List<byte[]>();
        await foreach (SecretDuplicate _ in Search(options => options with { Fill = buffer => { buffer.AsSpan().Fill(7); keys.Add(buffer); } }).FindDuplicatesAsync(Roots, default))
        {
            Assert.Equal(7, Assert.Single(keys)[0]);
            break;
        }

        Assert.All(Assert.Single(keys), b => Assert.Equal(0, b));
    }

    private static IAsyncEnumerable<TreeItem> Roots => new[] { new TreeItem("vault://kv") }.ToAsync();

    private SecretSearch Search(Func<FindOptions, FindOptions>? change)
    {
        var options = new FindOptions { Stores = new StoreSet(_store) };
        return new(change?.Invoke(options) ?? options, _reporter);
    }

    private async Task<List<SecretDuplicate>> GroupsAsync(Func<FindOptions, FindOptions>? change = null)
    {
        var groups = new List<SecretDuplicate>();
        await foreach (SecretDuplicate group in Search(change).FindDuplicatesAsync(Roots, default))
        {
            groups.Add(group);
        }

        return groups;
    }
}
