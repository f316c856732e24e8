using SecretBridge.Profiles;
using SecretBridge.Reporting;
using SecretBridge.Stores;
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
    [InlineData("deeper/*", "vault://kv/p", "a3")]
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

    [Theory]
    [InlineData("vault://kv/p/a*", "a1,a2")]
    [InlineData("vault://kv/p/?", "b")]
    [InlineData("vault://kv/p/b", "b")]
    [InlineData("vault://kv/p/b?version=1", "b")]
    [InlineData("vault://kv/p/odd%3F*", "odd?name")]
    [InlineData("vault://kv/p/odd?*", "odd?name")]
    [InlineData("b", "b")]
    [InlineData("a?", "a1,a2")]
    [InlineData("deeper/*", "a3")]
    public async Task A_name_may_be_a_pattern_in_the_default_store_or_at_the_end_of_a_reference(string name, string expected)
    {
        foreach (string path in new[] { "p/a1", "p/a2", "p/b", "p/deeper/a3", "p/odd?name" })
        {
            await _store.PutAsync(path, """{"secrets":{}}""");
        }

        Assert.Equal(expected, string.Join(',', (await ReadAsync(new ProfileQuery(null, name))).Select(row => row.Name)));
    }

    [Theory]
    [InlineData("vault://k*")]
    [InlineData("vault://prod@k*")]
    [InlineData("vault://kv/p/a#key")]
    public async Task A_reference_that_can_mean_no_profile_is_refused(string name) =>
        Assert.Equal(FaultKind.InvalidReference, Assert.Single(await ReadAsync(new ProfileQuery(null, name))).Fault!.Kind);

    [Fact]
    public async Task A_name_is_read_without_listing()
    {
        await _store.PutAsync("p/a", """{"secrets":{}}""");
        await ReadAsync(new ProfileQuery("vault://kv/p", "a"), new ProfileQuery(null, "a"), new ProfileQuery("vault://kv/p/a"));
        Assert.Empty(_store.Lists);
    }

    [Fact]
    public async Task A_default_store_without_anything_has_no_profiles() => Assert.Empty(await ReadAsync(new ProfileQuery(null, "*")));

    [Fact]
    public async Task A_pattern_leaves_out_what_is_deleted_and_a_name_does_not()
    {
        await _store.PutAsync("p/a", """{"secrets":{}}""");
        await _store.DeleteAsync(SecretPath.Parse("p/a"), [], default);
        Assert.Empty(await ReadAsync(new ProfileQuery(null, "*")));
        Assert.Equal(FaultKind.SecretDeleted, Assert.Single(await ReadAsync(new ProfileQuery(null, "a"))).Fault!.Kind);
    }

    [Theory]
    [InlineData("prod", null, "a,b")]
    [InlineData("PR*,none", null, "a,b")]
    [InlineData("nightly", null, "a")]
    [InlineData("none", null, "")]
    [InlineData("", "team-?", "a")]
    [InlineData("prod", "other", "b")]
    public async Task Filters_keep_what_has_one_of_the_tags_and_the_owner(string tags, string? owner, string expected)
    {
        await _store.PutAsync("p/a", """{"owner":"Team-1","tags":["prod","nightly"]}""");
        await _store.PutAsync("p/b", """{"owner":"other","tags":["prod"]}""");
        await _store.PutAsync("p/c", """{"secrets":{}}""");
        ProfileOptions options = Options with { Tags = tags.Split(',', StringSplitOptions.RemoveEmptyEntries), Owner = owner };
        Assert.Equal(expected, string.Join(',', (await ReadAsync(options, new ProfileQuery(null, "*"))).Select(row => row.Name)));
    }

    [Fact]
    public async Task A_workflow_that_is_not_allowed_is_refused_by_name_and_left_out_of_a_pattern()
    {
        await _store.PutAsync("p/closed", """{"secrets":{"K":"canary-0042"},"allowed_workflows":["nightly.yml"]}""");
        await _store.PutAsync("p/open", """{"secrets":{}}""");
        ProfileOptions options = Options with { Workflow = "Nightly.yml" };
        Assert.Equal("open", Assert.Single(await ReadAsync(options, new ProfileQuery(null, "*"))).Name);
        SealedProfile refused = Assert.Single(await ReadAsync(options, new ProfileQuery(null, "closed")));
        Assert.Equal(FaultKind.WorkflowNotAllowed, refused.Fault!.Kind);
        Assert.Empty(refused.Secrets);
        Assert.Null(Assert.Single(await ReadAsync(Options with { Workflow = "nightly.yml" }, new ProfileQuery(null, "closed"))).Fault);
    }

    [Fact]
    public async Task Metadata_alone_finds_profiles_and_reads_no_secret()
    {
        await _store.PutAsync("p/a", """{"secrets":{"K":"canary-0042"}}""");
        await _store.WriteMetadataAsync(SecretPath.Parse("p/a"), new()
        {
            CustomMetadata = new Dictionary<string, string> { ["description"] = "d", ["owner"] = "o", ["tags"] = """["x"]""", ["allowed_workflows"] = """["w"]""" },
        }, default);
        SealedProfile row = Assert.Single(await ReadAsync(Options with { MetadataOnly = true, Tags = ["x"], Owner = "o", Workflow = "w" }, new ProfileQuery(null, "*")));
        Assert.Equal(("d", "o", true), (row.Description, row.Owner, row.IsMetadataOnly));
        Assert.Equal(["x"], row.Tags);
        Assert.Equal(["w"], row.AllowedWorkflows);
        Assert.Empty(_store.Reads);
    }

    [Fact]
    public async Task A_filter_that_metadata_cannot_decide_is_a_fault_and_never_silence()
    {
        await _store.PutAsync("p/a", """{"tags":["x"]}""");
        ProfileOptions only = Options with { MetadataOnly = true };
        Assert.Null(Assert.Single(await ReadAsync(only, new ProfileQuery(null, "*"))).Fault);
        foreach (ProfileOptions filter in new[] { only with { Tags = ["x"] }, only with { Owner = "x" }, only with { Workflow = "x" } })
        {
            Assert.Equal(FaultKind.NotSupported, Assert.Single(await ReadAsync(filter, new ProfileQuery(null, "*"))).Fault!.Kind);
        }
    }

    private ProfileOptions Options => new() { Stores = new DefaultFolder(_store, "p") };

    private Task<List<SealedProfile>> ReadAsync(string? name, string uri) => ReadAsync(new ProfileQuery(uri, name));

    private Task<List<SealedProfile>> ReadAsync(params ProfileQuery[] queries) => ReadAsync(Options, queries);

    private static async Task<List<SealedProfile>> ReadAsync(ProfileOptions options, params ProfileQuery[] queries) =>
        await new ProfileRead(options).RunAsync(queries.ToAsync(), default).ListAsync();
}
