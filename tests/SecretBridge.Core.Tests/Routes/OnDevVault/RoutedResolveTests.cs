using SecretBridge.Audit;
using SecretBridge.Profiles;
using SecretBridge.References;
using SecretBridge.Reporting;
using SecretBridge.Routes;
using SecretBridge.Stores;
using SecretBridge.Tests.References.OnDevVault;
using SecretBridge.Trees;
using SecretBridge.Wire;
using Xunit;
using Connection = SecretBridge.Tests.Wire.Connection;

namespace SecretBridge.Tests.Routes.OnDevVault;

/// <summary>Consumers that read by routes, on a server, with a cache and an audit trail.</summary>
public sealed class RoutedResolveTests : ResolveTest
{
    private const string Asked = "external/apps/db";

    private SecretRoute _route = new() { Pattern = "external/**", Target = ["vault://secret/**"], NewTarget = ["vault://next/moved/**"] };

    private IStoreResolver Routed => new RoutedResolver(
        new AuditedResolver(Registry, new() { Sink = Audit, Backend = _ => null }),
        new() { Table = RouteTable.Of([_route]), Reporter = Reporter, Audit = Audit, Time = Time });

    [Fact]
    public async Task A_consumer_is_moved_and_moved_back_and_each_time_reads_the_authority()
    {
        await using VaultBackend backend = await PrepareAsync();
        Assert.Equal(("canary-old", "vault://prod@secret/apps/db"), await ReadAsync());
        _route = _route with { Mode = RouteMode.Cutover };
        Assert.Equal(("canary-new", "vault://prod@next/moved/apps/db"), await ReadAsync());
        _route = _route with { Mode = RouteMode.Proxy };
        Assert.Equal(("canary-old", "vault://prod@secret/apps/db"), await ReadAsync());
        Assert.Equal((1, 1), (Server.Requests.Count("GET", "secret/data/apps/db"), Server.Requests.Count("GET", "next/data/moved/apps/db")));
    }

    [Fact]
    public async Task A_kept_value_sends_nothing_and_is_not_for_who_reads_directly_or_by_another_mode()
    {
        await using VaultBackend backend = await PrepareAsync();
        await ResolveAsync("vault://secret/apps/db");
        ResolvedSecret first = await RoutedAsync();
        Assert.Equal((false, "external/**"), (first.FromCache, first.Route));
        ResolvedSecret second = await RoutedAsync();
        Assert.Equal((true, "external/**"), (second.FromCache, second.Route));
        Assert.Equal((true, null), ((await ResolveAsync("vault://secret/apps/db")).FromCache, (await ResolveAsync("vault://secret/apps/db")).Route));
        _route = _route with { Mode = RouteMode.Shadow };
        ResolvedSecret shadow = await RoutedAsync();
        Assert.Equal((false, RouteDrift.Different), (shadow.FromCache, shadow.Drift));
        Assert.Equal((3, 1), (Server.Requests.Count("GET", "secret/data/apps/db"), Server.Requests.Count("GET", "next/data/moved/apps/db")));
    }

    [Fact]
    public async Task Each_side_that_is_read_is_told_as_read_and_drift_without_values()
    {
        await using VaultBackend backend = await PrepareAsync();
        _route = _route with { Mode = RouteMode.Shadow };
        ResolvedSecret row = await RoutedAsync();
        Assert.Equal("canary-old", row.Value!.Reveal());
        Assert.Equal(["secret.decrypted", "secret.decrypted", "secret.drift"], Audit.Events.Select(told => told.Action).Order());
        Assert.Equal(["vault://prod@next/moved/apps/db", "vault://prod@secret/apps/db"], Audit.Events.Where(told => told.Action == "secret.decrypted").Select(told => told.Reference).Order());
        Assert.Equal("value", Audit.Events.Single(told => told.Action == "secret.drift").Details["changed_keys"]);
        Assert.Contains("differ in value", row.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", row + row.Reason + string.Concat(Reporter.Warnings) + string.Concat(Audit.Events.SelectMany(told => told.Details.Values)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fallback_is_marked_and_never_kept()
    {
        await using VaultBackend backend = await PrepareAsync();
        Server.Delete("next", "moved/apps/db");
        _route = _route with { Mode = RouteMode.Cutover, NewTarget = ["vault://next/other/**"], AllowFallbackUntil = Time.GetUtcNow().AddHours(1) };
        for (int time = 0; time < 2; time++)
        {
            ResolvedSecret row = await RoutedAsync(Asked + "#value");
            Assert.Equal(("canary-old", true, false, "vault://prod@secret/apps/db#value", null), (row.Value!.Reveal(), row.Fallback, row.FromCache, row.Uri, row.RefreshAt));
        }

        Assert.Equal((2, 2), (Server.Requests.Count("GET", "secret/data/apps/db"), Server.Requests.Count("GET", "next/data/other/apps/db")));
        Server.Put("next", "other/apps/db", """{"value":"canary-there"}""");
        Assert.Equal(("canary-there", "vault://prod@next/other/apps/db"), await ReadAsync());
        Assert.Equal(2, Reporter.Warnings.Count);
    }

    [Fact]
    public async Task An_error_after_the_cutover_names_the_new_authority_and_the_way_back()
    {
        await using VaultBackend backend = await PrepareAsync();
        _route = _route with { Mode = RouteMode.Cutover, NewTarget = ["vault://next/nowhere/**"] };
        ResolvedSecret row = await RoutedAsync();
        Assert.Equal((FaultKind.SecretNotFound, "vault://prod@next/nowhere/apps/db"), (row.Fault!.Kind, row.Fault.Target));
        Assert.Contains("Set-SecretRoute", row.Reason, StringComparison.Ordinal);
        Assert.Equal(0, Server.Requests.Count("GET", "secret/data/apps/db"));
    }

    [Fact]
    public async Task A_token_that_may_not_read_the_new_authority_is_an_error_even_while_a_fallback_is_allowed()
    {
        await using VaultBackend admin = await PrepareAsync();
        Server.WritePolicy("old-only", """path "secret/data/*" { capabilities = ["read"] } path "next/metadata/*" { capabilities = ["list"] }""");
        await using VaultBackend backend = await ConnectAsync(new TokenAuth(Connection.Secure(Server.CreateToken(["old-only"], TimeSpan.FromHours(1)))), "narrow");
        _route = _route with { Mode = RouteMode.Cutover, AllowFallbackUntil = Time.GetUtcNow().AddHours(1) };
        ResolvedSecret row = await RoutedAsync();
        Assert.Equal(FaultKind.PermissionDenied, row.Fault!.Kind);
        Assert.Equal(0, Server.Requests.Count("GET", "secret/data/apps/db"));
    }

    [Theory]
    [InlineData("external/profiles/*", null)]
    [InlineData("external/profiles", "billing")]
    [InlineData("external/profiles", "b*")]
    public async Task Profiles_are_read_by_routes_by_name_and_by_pattern(string uri, string? name)
    {
        await using VaultBackend backend = await PrepareAsync();
        Server.Put("secret", "profiles/billing", """{"name":"billing","secrets":{"PW":"canary-old"}}""");
        Server.Put("next", "moved/profiles/billing", """{"name":"billing","secrets":{"PW":"canary-new"}}""");
        _route = _route with { Mode = RouteMode.Shadow };
        SealedProfile profile = Assert.Single(await ProfilesAsync(new(uri, name)));
        Assert.Equal(("vault://prod@secret/profiles/billing", "external/**", RouteDrift.Different, false), (profile.Uri, profile.Route, profile.Drift, profile.Fallback));
        _route = _route with { Mode = RouteMode.Cutover };
        profile = Assert.Single(await ProfilesAsync(new(uri, name)));
        Assert.Equal(("vault://prod@next/moved/profiles/billing", "canary-new", RouteDrift.None), (profile.Uri, profile.Secrets["PW"].Reveal(), profile.Drift));
    }

    [Fact]
    public async Task A_profile_that_is_a_fallback_says_so_and_names_where_it_is_from()
    {
        await using VaultBackend backend = await PrepareAsync();
        Server.Put("secret", "profiles/billing", """{"name":"billing","odd":1}""");
        _route = _route with { Mode = RouteMode.Cutover, AllowFallbackUntil = Time.GetUtcNow().AddHours(1) };
        SealedProfile profile = Assert.Single(await ProfilesAsync(new("external/profiles/billing")));
        Assert.Equal(("vault://prod@secret/profiles/billing", "vault://prod@secret/profiles", true), (profile.Uri, profile.Root, profile.Fallback));
        Assert.Contains("The old authority stands in", profile.Reason, StringComparison.Ordinal);
        Assert.Contains("odd", profile.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vault://secret/profiles/")]
    [InlineData("vault://secret/")]
    public async Task A_folder_of_profiles_goes_by_the_route_of_what_is_in_it(string folder)
    {
        await using VaultBackend backend = await PrepareAsync();
        Server.Put("next", "profiles/new-one", """{"name":"new-one"}""");
        Server.Put("next", "new-one", """{"name":"new-one"}""");
        _route = new() { Pattern = "vault://secret/**", Target = ["vault://next/**"] };
        Assert.Equal(["new-one"], (await ProfilesAsync(new(folder))).Select(profile => profile.Name));
    }

    private async Task<VaultBackend> PrepareAsync()
    {
        Server.Mount("next", 2);
        Server.Put("secret", "apps/db", """{"value":"canary-old"}""");
        Server.Put("next", "moved/apps/db", """{"value":"canary-new"}""");
        VaultBackend backend = await ConnectAsync();
        Server.Requests.Reset();
        return backend;
    }

    private Task<ResolvedSecret> RoutedAsync(string uri = Asked) => ResolveAsync(uri, options => options with { Stores = Routed });

    private async Task<(string? Value, string Uri)> ReadAsync()
    {
        ResolvedSecret row = await RoutedAsync();
        return (row.Value?.Reveal(), row.Uri);
    }

    private async Task<List<SealedProfile>> ProfilesAsync(ProfileQuery query)
    {
        var rows = new List<SealedProfile>();
        await foreach (SealedProfile row in new ProfileRead(new() { Stores = Routed }, Reporter).RunAsync(new[] { query }.ToAsync(), default))
        {
            rows.Add(row);
        }

        return rows;
    }
}
