using SecretBridge.References;
using SecretBridge.Stores;
using Xunit;
using BridgeException = SecretBridge.Reporting.BridgeException;
using FaultKind = SecretBridge.Reporting.FaultKind;

namespace SecretBridge.Tests.References.OnDevVault;

/// <summary>What references lead to.</summary>
public sealed class ReferenceResolveTests : ResolveTest
{
    [Fact]
    public async Task A_row_tells_the_value_sealed_and_where_it_is_from()
    {
        await using VaultBackend backend = await ConnectAsync();
        Server.Put("secret", "apps/db", """{"user":"app","value":"canary-0042"}""");
        ResolvedSecret row = await ResolveAsync("vault://secret/apps/db");
        Assert.Equal(("vault://prod@secret/apps/db", "value", 1, false, false), (row.Uri, row.Key, row.Version, row.FromCache, row.Stale));
        Assert.Equal("canary-0042", row.Value!.Reveal());
        Assert.Null(row.Values);
        Assert.Equal(Time.GetUtcNow(), row.ResolvedAt);
        Assert.NotNull(row.RequestId);
        Assert.DoesNotContain("canary", row.ToString() + System.Text.Json.JsonSerializer.Serialize(row), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"token":"t","value":"v"}""", "value", "v")]
    [InlineData("""{"token":"t","apiKey":"k","accessToken":"a"}""", "accessToken", "a")]
    [InlineData("""{"token":"t","apiKey":"k"}""", "apiKey", "k")]
    [InlineData("""{"user":"u","token":"t"}""", "token", "t")]
    [InlineData("""{"password":"p"}""", null, null)]
    [InlineData("""{"user":"u","password":"p"}""", null, null)]
    [InlineData("""{"Value":"v"}""", null, null)]
    public async Task The_primary_value_is_the_first_of_four_keys_else_all_are_given(string json, string? key, string? value)
    {
        await using VaultBackend backend = await ConnectAsync();
        Server.Put("secret", "s", json);
        ResolvedSecret row = await ResolveAsync("vault://secret/s");
        Assert.Equal((key, value), (row.Key, row.Value?.Reveal()));
        Assert.Equal(key is null, row.Values is not null);
    }

    [Fact]
    public async Task A_key_is_named_by_the_reference_or_by_parameter_and_not_by_both()
    {
        await using VaultBackend backend = await ConnectAsync();
        Server.Put("secret", "s", """{"value":"v","user":"u"}""");
        Assert.Equal("u", (await ResolveAsync("vault://secret/s#user")).Value!.Reveal());
        ResolvedSecret row = await ResolveAsync("vault://secret/s", options => options with { Key = "user" });
        Assert.Equal(("u", "vault://prod@secret/s#user"), (row.Value!.Reveal(), row.Uri));
        Assert.Equal(FaultKind.InvalidArgument, (await ResolveAsync("vault://secret/s#user", options => options with { Key = "value" })).Fault!.Kind);
        Assert.Equal(1, Server.Requests.Count("GET", "secret/data/s"));
    }

    [Theory]
    [InlineData("vault://secret/nothing", FaultKind.SecretNotFound)]
    [InlineData("vault://secret/open#nothing", FaultKind.SecretNotFound)]
    [InlineData("vault://secret/open?version=7", FaultKind.SecretNotFound)]
    [InlineData("vault://secret/gone", FaultKind.SecretDeleted)]
    [InlineData("vault://secret", FaultKind.InvalidReference)]
    [InlineData("vault://other/x", FaultKind.MountNotFound)]
    [InlineData("builtin://x", FaultKind.SealedStoreLocked)]
    public async Task What_leads_to_nothing_is_a_row_whose_fault_names_the_reference(string uri, FaultKind kind)
    {
        await using VaultBackend backend = await ConnectAsync();
        Server.Put("secret", "gone", "{}");
        Server.Delete("secret", "gone");
        Time.Advance(TimeSpan.FromSeconds(1));
        ResolvedSecret row = await ResolveAsync(uri);
        Assert.Equal(kind, row.Fault!.Kind);
        if (kind is FaultKind.SecretNotFound or FaultKind.SecretDeleted)
        {
            Assert.Equal(uri.Replace("vault://", "vault://prod@", StringComparison.Ordinal), row.Fault.Target);
            Assert.Contains(row.Fault.Target, row.Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_key_that_a_kept_secret_lacks_is_looked_for_again()
    {
        await using VaultBackend backend = await ConnectAsync();
        Assert.NotNull((await ResolveAsync("vault://secret/open#later")).Fault);
        Server.Put("secret", "open", """{"k":"v","later":"there"}""");
        Assert.Equal("there", (await ResolveAsync("vault://secret/open#later")).Value!.Reveal());
    }

    [Fact]
    public async Task One_that_leads_to_nothing_does_not_keep_the_others_from_being_resolved()
    {
        await using VaultBackend backend = await ConnectAsync();
        List<ResolvedSecret> rows = await ResolveAllAsync([new("vault://secret/nothing"), new("vault://secret/open#k"), new("no//reference")]);
        Assert.Equal([null, "v", null], rows.Select(row => row.Value?.Reveal()));
    }

    [Fact]
    public async Task A_store_without_a_login_is_read_each_time()
    {
        var builtin = new InMemoryStore("file", Time);
        await builtin.WriteAsync(SecretPath.Parse("app"), SecretPayload.FromValues([new("value", SealedValue.FromText("canary-1"))]), null, default);
        Registry.Builtin = builtin;
        ResolvedSecret row = await ResolveAsync("builtin://app");
        Assert.Equal(("canary-1", null, false), (row.Value!.Reveal(), row.RefreshAt, row.FromCache));
        Assert.Equal(Time.GetUtcNow(), row.ResolvedAt);
        await builtin.WriteAsync(SecretPath.Parse("app"), SecretPayload.FromValues([new("value", SealedValue.FromText("canary-2"))]), null, default);
        Assert.Equal("canary-2", (await ResolveAsync("builtin://app")).Value!.Reveal());
        Assert.Equal(0, Cache.Count);
    }

    [Theory]
    [InlineData("{mount}/data/{orgId}/{kind}", "secret", "7/db", "vault://prod@secret/7/db")]
    [InlineData("{mount}/data/{orgId}/{kind}", "team/kv", "7/db", "vault://prod@team/kv/7/db")]
    [InlineData("{mount}/data/{orgId}/{kind}", "old", "data/7/db", "vault://prod@old/data/7/db")]
    [InlineData("{mount}/{orgId}/data/{kind}", "secret", "7/data/db", "vault://prod@secret/7/data/db")]
    [InlineData("vault://prod@{mount}/data/data/{orgId}#value", "secret", "data/7", "vault://prod@secret/data/7#value")]
    [InlineData("{mount}/{folder}/{orgId}", "secret", "data/7", "vault://prod@secret/data/7")]
    public async Task The_data_of_a_template_is_left_out_only_directly_below_a_mount_of_version_2(string template, string mount, string path, string uri)
    {
        Server.Mount("team/kv", 2);
        Server.Mount("old", 1);
        Server.Put(mount, path, """{"value":"canary-t"}""");
        await using VaultBackend backend = await ConnectAsync();
        var values = new Dictionary<string, string> { ["mount"] = mount, ["orgId"] = "7", ["kind"] = "db", ["folder"] = "data" };
        ResolvedSecret row = (await ResolveAllAsync([ReferenceTemplate.Parse(template).Fill(name => values.GetValueOrDefault(name))]))[0];
        Assert.Equal(("canary-t", uri), (row.Value?.Reveal(), row.Uri));
    }

    [Fact]
    public async Task A_reference_keeps_its_folder_named_data()
    {
        Server.Put("secret", "data/x", """{"value":"v"}""");
        await using VaultBackend backend = await ConnectAsync();
        Assert.Equal("v", (await ResolveAsync("vault://secret/data/x")).Value!.Reveal());
    }

    [Fact]
    public void Stale_values_come_from_a_cache_and_a_key_has_a_name()
    {
        Assert.Throws<BridgeException>(() => new ReferenceResolve(new() { Stores = Registry, AllowStale = true }, Reporter));
        Assert.Throws<BridgeException>(() => new ReferenceResolve(new() { Stores = Registry, Key = "" }, Reporter));
    }
}
