using SecretBridge.Profiles;
using SecretBridge.Reporting;
using SecretBridge.Tests.Trees;
using SecretBridge.Trees;
using Xunit;

namespace SecretBridge.Tests.Profiles;

public class ProfileReadTests
{
    private readonly ProbedStore _store = new("kv");

    [Fact]
    public async Task A_profile_keeps_its_secrets_sealed_and_its_settings_spelt_as_they_are()
    {
        await _store.PutAsync("p/job", """
            {"name":"nightly","description":"d","owner":"o","tags":["a","b"],"env":{"N":1.50,"B":true,"T":"x"},
             "secrets":{"KEY":"canary-0042","NESTED":{"a":1}},"allowed_workflows":["w"]}
            """);
        SealedProfile row = Assert.Single(await ReadAsync(null, "vault://kv/p/job"));
        Assert.Equal(("nightly", "d", "o", 1), (row.Name, row.Description, row.Owner, row.Version));
        Assert.Equal(["a", "b"], row.Tags);
        Assert.Equal(["w"], row.AllowedWorkflows);
        Assert.Equal(("1.50", "true", "x"), (row.Environment["N"], row.Environment["B"], row.Environment["T"]));
        Assert.Equal("canary-0042", row.Secrets["KEY"].Reveal());
        Assert.DoesNotContain("canary-0042", row + System.Text.Json.JsonSerializer.Serialize(row), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_key_is_optional_and_the_secret_gives_the_name()
    {
        await _store.PutAsync("p/bare", """{"secrets":{}}""");
        SealedProfile row = Assert.Single(await ReadAsync(null, "vault://kv/p/bare"));
        Assert.Equal(("bare", null), (row.Name, row.Reason));
    }

    [Fact]
    public async Task A_secret_that_is_no_profile_is_refused_and_unknown_keys_are_told()
    {
        await _store.PutAsync("p/other", """{"user":"u","password":"canary-0042"}""");
        await _store.PutAsync("p/typo", """{"name":"n","secret":{"KEY":"canary-0042"}}""");
        SealedProfile other = Assert.Single(await ReadAsync(null, "vault://kv/p/other"));
        Assert.Equal(FaultKind.InvalidProfile, other.Fault!.Kind);
        SealedProfile typo = Assert.Single(await ReadAsync(null, "vault://kv/p/typo"));
        Assert.Equal("It has keys that a profile does not know: secret.", typo.Reason);
    }

    [Theory]
    [InlineData("""{"name":1}""", "name")]
    [InlineData("""{"tags":"canary-0042"}""", "tags")]
    [InlineData("""{"tags":["a",1]}""", "tags")]
    [InlineData("""{"env":["canary-0042"]}""", "env")]
    [InlineData("""{"env":{"A":{"b":"canary-0042"}}}""", "env.A")]
    [InlineData("""{"secrets":"canary-0042"}""", "secrets")]
    [InlineData("""{"allowed_workflows":{}}""", "allowed_workflows")]
    public async Task Another_shape_is_told_by_its_key_and_never_by_its_value(string json, string key)
    {
        await _store.PutAsync("p/bad", json);
        SealedProfile row = Assert.Single(await ReadAsync(null, "vault://kv/p/bad"));
        Assert.Equal(FaultKind.InvalidProfile, row.Fault!.Kind);
        Assert.Contains($"'{key}'", row.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("canary-0042", row.Fault.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "vault://kv/p/", "a1,a2,b")]
    [InlineData("a*", "vault://kv/p", "a1,a2")]
    [InlineData("?", "vault://kv/p", "b")]
    [InlineData("b", "vault://kv/p", "b")]
    [InlineData("z*", "vault://kv/p", "")]
    public async Task A_folder_gives_the_profiles_whose_names_match(string? name, string uri, string expected)
    {
        foreach (string path in new[] { "p/a1", "p/a2", "p/b", "p/deeper/a3" })
        {
            await _store.PutAsync(path, "{}");
        }

        Assert.Equal(expected, string.Join(',', (await ReadAsync(name, uri)).Select(row => row.Name)));
    }

    [Theory]
    [InlineData("none", "vault://kv/p", FaultKind.SecretNotFound)]
    [InlineData("*", "vault://kv/nowhere", FaultKind.SecretNotFound)]
    [InlineData(null, "vault://kv/none", FaultKind.SecretNotFound)]
    [InlineData(null, "vault://other/x", FaultKind.MountNotFound)]
    public async Task What_is_not_there_is_a_row_with_a_fault(string? name, string uri, FaultKind kind)
    {
        await _store.PutAsync("p/a", "{}");
        Assert.Equal(kind, Assert.Single(await ReadAsync(name, uri)).Fault!.Kind);
    }

    private async Task<List<SealedProfile>> ReadAsync(string? name, params string[] uris)
    {
        var rows = new List<SealedProfile>();
        await foreach (SealedProfile row in new ProfileRead(new() { Stores = new StoreSet(_store), Name = name }).RunAsync(uris.ToAsync(), default))
        {
            rows.Add(row);
        }

        return rows;
    }
}
