using System.Text;
using SecretBridge.Profiles;
using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Tests.Reporting;
using SecretBridge.Tests.Trees;
using SecretBridge.Trees;
using Xunit;

namespace SecretBridge.Tests.Profiles;

public class ProfileWriteTests
{
    private const string Stored = """{"name":"n","owner":"o","env":{"N":1.50},"secrets":{"A":"canary-a","B":"canary-b"},"other":[1]}""";

    private readonly ProbedStore _store = new("kv");
    private readonly RecordingReporter _reporter = new();

    [Fact]
    public async Task A_new_profile_has_every_part_that_was_given()
    {
        ProfileChange row = await WriteAsync("job", new()
        {
            Description = "d",
            Owner = "o",
            Tags = ["t"],
            Env = Sealed(("E", "1")),
            Secrets = Sealed(("S", "canary-0042")),
            AllowedWorkflows = ["w"],
        });
        Assert.Equal((ProfileAction.Created, 1, "vault://memory@kv/p/job"), (row.Action, row.Version, row.Uri));
        Assert.Equal(["allowed_workflows", "description", "env.E", "name", "owner", "secrets.S", "tags"], row.ChangedKey.Order(StringComparer.Ordinal));
        Assert.Equal("""{"name":"job","description":"d","owner":"o","tags":["t"],"env":{"E":"1"},"secrets":{"S":"canary-0042"},"allowed_workflows":["w"]}""", await _store.TextAsync("p/job"));
        Assert.DoesNotContain("canary", row + System.Text.Json.JsonSerializer.Serialize(row), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_given_stays_with_its_spelling_and_order()
    {
        await _store.PutAsync("p/job", Stored);
        ProfileChange row = await WriteAsync("job", new() { Owner = "new", Secrets = Sealed(("B", "canary-c")), RemoveKeys = ["N"] });
        Assert.Equal((ProfileAction.Updated, 2), (row.Action, row.Version));
        Assert.Equal(["env.N", "owner", "secrets.B"], row.ChangedKey.Order(StringComparer.Ordinal));
        Assert.Equal("""{"name":"n","owner":"new","env":{},"secrets":{"A":"canary-a","B":"canary-c"},"other":[1]}""", await _store.TextAsync("p/job"));
    }

    [Fact]
    public async Task The_same_content_is_not_written_again()
    {
        await _store.PutAsync("p/job", Stored);
        ProfileChange row = await WriteAsync("job", new() { Owner = "o", Secrets = Sealed(("A", "canary-a")) });
        Assert.Equal((ProfileAction.Unchanged, 1), (row.Action, row.Version));
        Assert.Empty(_store.Writes);
    }

    [Theory]
    [InlineData("""{"secrets":{"A":null,"B":"(sealed)","C":"canary-c"}}""", false, """{"A":"canary-a","B":"canary-b","C":"canary-c"}""")]
    [InlineData("""{"secrets":{"A":null}}""", true, """{"A":"canary-a"}""")]
    public async Task A_stored_secret_need_not_be_given_again(string json, bool replace, string secrets)
    {
        await _store.PutAsync("p/job", Stored);
        await WriteAsync("job", ProfileFile.FromJson(Encoding.UTF8.GetBytes(json), "x.json") with { Replace = replace });
        Assert.Contains($"\"secrets\":{secrets}", await _store.TextAsync("p/job"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_without_a_value_that_is_not_stored_either_is_refused()
    {
        ProfileChange row = await WriteAsync("job", ProfileFile.FromJson("""{"secrets":{"A":"(sealed)"}}"""u8, "x.json"));
        Assert.Equal(FaultKind.InvalidProfile, row.Fault!.Kind);
        Assert.Empty(_store.Writes);
    }

    [Fact]
    public async Task A_setting_that_becomes_a_secret_does_not_stay_readable()
    {
        await _store.PutAsync("p/job", """{"env":{"A":"canary-a","B":"1"},"secrets":{}}""");
        await WriteAsync("job", new() { Secrets = Sealed(("A", "canary-b")) });
        Assert.Contains(""" "env":{"B":"1"},"secrets":{"A":"canary-b"} """.Trim(), await _store.TextAsync("p/job"), StringComparison.Ordinal);
        Assert.Equal(FaultKind.InvalidProfile, (await WriteAsync("job", new() { Env = Sealed(("X", "1")), Secrets = Sealed(("X", "2")) })).Fault!.Kind);
    }

    [Theory]
    [InlineData("""{"secret":{"A":"canary-0042"}}""")]
    [InlineData("""{"name":"x","secret":{"A":"canary-0042"}}""")]
    [InlineData("""{"env":{"A":{"b":"canary-0042"}}}""")]
    [InlineData("""["canary-0042"]""")]
    [InlineData("""{"env": canary-0042}""")]
    public void A_file_of_another_shape_is_refused_without_a_value(string json)
    {
        BridgeException fault = Assert.Throws<BridgeException>(() => ProfileFile.FromJson(Encoding.UTF8.GetBytes(json), "x.json"));
        Assert.DoesNotContain("canary", fault.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, null)]
    [InlineData(0, FaultKind.CheckAndSetMismatch)]
    [InlineData(2, FaultKind.CheckAndSetMismatch)]
    public async Task A_pinned_version_must_be_the_current_one(int pinned, FaultKind? expected)
    {
        await _store.PutAsync("p/job", Stored);
        Assert.Equal(expected, (await WriteAsync("job", new() { Owner = "x" }, pinned)).Fault?.Kind);
    }

    [Fact]
    public async Task What_somebody_wrote_in_between_is_not_overwritten()
    {
        await _store.PutAsync("p/job", Stored);
        _store.Before = async (verb, _) =>
        {
            if (verb == "write")
            {
                await _store.PutAsync("p/job", """{"name":"theirs"}""");
            }
        };
        Assert.Equal(FaultKind.CheckAndSetMismatch, (await WriteAsync("job", new() { Owner = "x" })).Fault!.Kind);
        Assert.Equal("""{"name":"theirs"}""", await _store.TextAsync("p/job"));
    }

    [Fact]
    public async Task A_plan_writes_nothing_and_tells_what_would_change()
    {
        await _store.PutAsync("p/job", Stored);
        ProfileChange row = (await Write(null).RunAsync(new[] { new ProfileItem(null, "job", new() { Owner = "x" }, PlanOnly: true) }.ToAsync(), default).ListAsync()).Single();
        Assert.Equal((ProfileAction.Updated, true), (row.Action, row.Planned));
        Assert.Equal(["owner"], row.ChangedKey.Where(key => key == "owner"));
        Assert.Empty(_store.Writes);
    }

    [Fact]
    public async Task A_secret_that_is_no_profile_is_not_made_one()
    {
        await _store.PutAsync("p/job", """{"password":"canary-0042"}""");
        Assert.Equal(FaultKind.InvalidProfile, (await WriteAsync("job", new() { Owner = "x" })).Fault!.Kind);
        Assert.Empty(_store.Writes);
    }

    [Theory]
    [InlineData(null, "vault://kv/p/x", "p/x")]
    [InlineData("vault://kv/q", "x", "q/x")]
    [InlineData("vault://kv/q/", "x/y", "q/x/y")]
    [InlineData("vault://kv/q/z", null, "q/z")]
    [InlineData("vault://kv/q/", null, null)]
    [InlineData("vault://kv", null, null)]
    [InlineData("vault://kv/q#k", null, null)]
    [InlineData("vault://kv/q?version=1", null, null)]
    [InlineData(null, null, null)]
    public async Task The_place_is_a_reference_a_name_in_a_folder_or_a_name(string? uri, string? name, string? path)
    {
        ProfileChange row = (await Write(null).RunAsync(new[] { new ProfileItem(uri, name, new() { Owner = "x" }) }.ToAsync(), default).ListAsync()).Single();
        Assert.Equal(path, row.Fault is null ? Assert.Single(_store.Writes) : null);
    }

    [Fact]
    public async Task What_it_is_found_by_stands_beside_it()
    {
        await WriteAsync("job", new() { Description = "d", Owner = "o", Tags = ["a", "b"], AllowedWorkflows = [] });
        Assert.Equal("d|o|[\"a\",\"b\"]|[]", await BesideAsync());
        await WriteAsync("job", new() { Owner = "", Description = new('x', 513) });
        Assert.Equal(" | |[\"a\",\"b\"]|[]", await BesideAsync());
    }

    [Theory]
    [InlineData(FaultKind.NotSupported, 0, 1)]
    [InlineData(FaultKind.PermissionDenied, 1, 0)]
    public async Task Metadata_that_cannot_be_written_does_not_undo_the_profile(FaultKind kind, int warnings, int verbose)
    {
        _store.Before = (verb, path) => verb == "write-metadata" ? throw new BridgeException(kind, path.Value, "no") : Task.CompletedTask;
        Assert.Equal(ProfileAction.Created, (await WriteAsync("job", new() { Owner = "o" })).Action);
        Assert.Equal((warnings, verbose), (_reporter.Warnings.Count, _reporter.Messages.Count));
    }

    [Fact]
    public async Task Metadata_that_cannot_be_told_to_the_audit_trail_ends_the_run()
    {
        _store.Before = (verb, path) => verb == "write-metadata" ? throw new BridgeException(FaultKind.AuditFailed, path.Value, "full") : Task.CompletedTask;
        Assert.Equal(FaultKind.AuditFailed, (await Assert.ThrowsAsync<BridgeException>(() => WriteAsync("job", new() { Owner = "o" }))).Kind);
        Assert.Empty(_reporter.Warnings);
    }

    private static readonly string[] BesideKeys = ["description", "owner", "tags", "allowed_workflows"];

    private async Task<string> BesideAsync()
    {
        IReadOnlyDictionary<string, string> metadata = (await _store.ReadMetadataAsync(SecretPath.Parse("p/job"), default))!.CustomMetadata;
        return string.Join('|', BesideKeys.Select(key => metadata.GetValueOrDefault(key)));
    }

    private ProfileWrite Write(int? checkAndSet) => new(new() { Stores = new DefaultFolder(_store, "p"), CheckAndSet = checkAndSet }, _reporter);

    private async Task<ProfileChange> WriteAsync(string name, ProfileEdit edit, int? checkAndSet = null) =>
        (await Write(checkAndSet).RunAsync(new[] { new ProfileItem(null, name, edit) }.ToAsync(), default).ListAsync()).Single();

    private static Dictionary<string, SealedValue> Sealed(params (string Name, string Value)[] values) =>
        values.ToDictionary(value => value.Name, value => SealedValue.FromText(value.Value), StringComparer.Ordinal);
}
