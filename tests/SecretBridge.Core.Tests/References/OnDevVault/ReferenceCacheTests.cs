using SecretBridge.DevVault;
using SecretBridge.References;
using SecretBridge.Stores;
using SecretBridge.Tests.Wire;
using SecretBridge.Wire;
using Xunit;
using Fault = SecretBridge.DevVault.Fault;
using FaultKind = SecretBridge.Reporting.FaultKind;
using Hit = SecretBridge.DevVault.FaultKind;

namespace SecretBridge.Tests.References.OnDevVault;

/// <summary>What is kept, for how long, and what stands in when the server is down.</summary>
public sealed class ReferenceCacheTests : ResolveTest
{
    private const string Uri = "vault://secret/open#k";

    [Fact]
    public async Task The_use_of_a_kept_value_is_told_with_who_used_it()
    {
        await using VaultBackend backend = await ConnectAsync(await RoleAsync(ttl: 1000));
        await ResolveAsync(Uri);
        Assert.True((await ResolveAsync(Uri)).FromCache);
        SecretBridge.Reporting.AuditEvent told = Assert.Single(Audit.Events);
        Assert.Equal(("secret.decrypted", "cache", "r1"), (told.Action, told.Details["source"], told.Actor));
    }

    [Fact]
    public async Task A_kept_value_sends_nothing_until_it_is_due()
    {
        await using VaultBackend backend = await ConnectAsync();
        ResolvedSecret first = await ResolveAsync(Uri);
        Assert.Equal(Time.GetUtcNow().AddHours(1), first.RefreshAt);
        Server.Requests.Reset();
        Time.Advance(TimeSpan.FromMinutes(59));
        ResolvedSecret second = await ResolveAsync(Uri);
        Assert.Equal((true, first.ResolvedAt, first.RequestId, "v"), (second.FromCache, second.ResolvedAt, second.RequestId, second.Value!.Reveal()));
        Assert.Equal(0, Server.Requests.Total);
        Time.Advance(TimeSpan.FromMinutes(1));
        Assert.False((await ResolveAsync(Uri)).FromCache);
        Assert.Equal(1, Server.Requests.Count("GET", "secret/data/open"));
    }

    [Fact]
    public async Task Another_key_of_the_same_secret_is_no_other_read_and_another_version_is()
    {
        await using VaultBackend backend = await ConnectAsync();
        Server.Put("secret", "two", """{"a":"1","b":"2"}""");
        Assert.Equal("1", (await ResolveAsync("vault://secret/two#a")).Value!.Reveal());
        Assert.Equal("2", (await ResolveAsync("vault://prod@secret/two#b")).Value!.Reveal());
        Assert.Equal(1, Server.Requests.Count("GET", "secret/data/two"));
        Assert.Equal("1", (await ResolveAsync("vault://secret/two?version=1#a")).Value!.Reveal());
        Assert.Equal(2, Server.Requests.Count("GET", "secret/data/two"));
    }

    [Theory]
    [InlineData("approle", 100, 80)]
    [InlineData("token", 600, 600)]
    [InlineData("token", 36000, 3600)]
    public async Task Without_a_lease_the_login_says_how_long(string login, int ttl, int seconds)
    {
        await using VaultBackend backend = await ConnectAsync(login == "approle"
            ? await RoleAsync(ttl)
            : new TokenAuth(Connection.Secure(Server.CreateToken(["all"], TimeSpan.FromSeconds(ttl)))));
        Assert.Equal(Time.GetUtcNow().AddSeconds(seconds), (await ResolveAsync(Uri)).RefreshAt!.Value, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_login_s_lease_counts_from_the_login()
    {
        await using VaultBackend backend = await ConnectAsync(await RoleAsync(ttl: 100));
        DateTimeOffset login = Time.GetUtcNow();
        Time.Advance(TimeSpan.FromSeconds(50));
        Assert.Equal(login.AddSeconds(80), (await ResolveAsync(Uri)).RefreshAt);
    }

    [Fact]
    public async Task A_lease_counts_only_where_the_reply_names_one_and_the_earlier_wins()
    {
        Server.Mount("old", 1);
        Server.Put("old", "plain", """{"value":"canary-plain"}""");
        await using VaultBackend backend = await ConnectAsync();
        // Version 1 advises 768 h and names no lease.
        Assert.Equal(Time.GetUtcNow().AddHours(1), (await ResolveAsync("vault://old/plain")).RefreshAt);
        Lease("old/leased", seconds: 1000);
        Assert.Equal(Time.GetUtcNow().AddSeconds(800), (await ResolveAsync("vault://old/leased")).RefreshAt);
        Lease("old/long", seconds: 100_000);
        Assert.Equal(Time.GetUtcNow().AddHours(1), (await ResolveAsync("vault://old/long")).RefreshAt);
    }

    [Fact]
    public async Task A_version_that_will_be_deleted_is_not_kept_past_that()
    {
        Server.Mount("short", 2);
        Server.Configure("short", deleteVersionAfter: TimeSpan.FromMinutes(5));
        Server.Put("short", "s", """{"value":"v"}""");
        await using VaultBackend backend = await ConnectAsync();
        Assert.Equal(Time.GetUtcNow().AddMinutes(5), (await ResolveAsync("vault://short/s")).RefreshAt!.Value, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Many_who_want_it_at_once_share_one_read()
    {
        await using VaultBackend backend = await ConnectAsync();
        await ResolveAsync("vault://secret/other");
        var gate = new Gate();
        Server.Faults.Add(new Fault { Kind = Hit.Latency, Path = "secret/data/open", Gate = gate, Times = null });
        Task<List<ResolvedSecret>> running = ResolveAllAsync(Enumerable.Repeat(new ResolveItem(Uri), 30));
        await gate.ArrivedAsync();
        gate.Open();
        List<ResolvedSecret> rows = await running;
        Assert.Equal(1, Server.Requests.Count("GET", "secret/data/open"));
        Assert.Single(rows, row => !row.FromCache);
        Assert.All(rows, row => Assert.Equal("v", row.Value!.Reveal()));
    }

    [Fact]
    public async Task Whoever_waits_for_the_read_of_another_reads_when_that_gives_up()
    {
        await using VaultBackend backend = await ConnectAsync();
        await ResolveAsync("vault://secret/other");
        var gate = new Gate();
        Server.Faults.Add(new Fault { Kind = Hit.HangUntilReleased, Path = "secret/data/open", Gate = gate });
        using var stop = new CancellationTokenSource();
        Task<List<ResolvedSecret>> first = ResolveAllAsync([new(Uri)], null, stop.Token);
        await gate.ArrivedAsync();
        Task<ResolvedSecret> second = ResolveAsync(Uri);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Equal("v", (await second).Value!.Reveal());
    }

    [Fact]
    public async Task Without_a_cache_each_use_reads_and_nothing_is_kept()
    {
        await using VaultBackend backend = await ConnectAsync();
        await ResolveAsync(Uri, options => options with { Cache = null });
        Assert.Equal(0, Cache.Count);
        await ResolveAsync(Uri);
        Assert.False((await ResolveAsync(Uri, options => options with { Cache = null })).FromCache);
        Assert.Equal(3, Server.Requests.Count("GET", "secret/data/open"));
    }

    [Theory]
    [InlineData("secret", "write")]
    [InlineData("secret", "delete")]
    [InlineData("secret", "remove")]
    [InlineData("old", "write")]
    [InlineData("old", "remove")]
    public async Task A_secret_that_is_changed_through_the_connection_is_read_anew_and_others_are_not(string mount, string change)
    {
        Server.Mount("old", 1);
        Server.Put(mount, "a/s", """{"value":"before"}""");
        Server.Put(mount, "a/other", """{"value":"other"}""");
        await using VaultBackend backend = await ConnectAsync();
        Assert.Equal("before", (await ResolveAsync($"vault://{mount}/a/s")).Value!.Reveal());
        await ResolveAsync($"vault://{mount}/a/other");
        StoreLocation location = await backend.OpenAsync(SecretReference.Parse($"vault://{mount}/a/s"), default);
        await using (IWriteSession session = await location.Store.OpenWriteSessionAsync(default))
        {
            await (change switch
            {
                "write" => session.WriteAsync(location.Path, SecretPayload.FromValues([new("value", SealedValue.FromText("after"))]), null, default).AsTask(),
                "delete" => session.DeleteAsync(location.Path, [], default).AsTask(),
                _ => session.RemoveAsync(location.Path, default).AsTask(),
            });
        }

        Time.Advance(TimeSpan.FromSeconds(1));
        ResolvedSecret row = await ResolveAsync($"vault://{mount}/a/s");
        Assert.Equal((change == "write" ? "after" : null, false), (row.Value?.Reveal(), row.FromCache));
        Assert.True((await ResolveAsync($"vault://{mount}/a/other")).FromCache);
    }

    [Fact]
    public async Task Values_go_with_their_connection_and_are_no_other_connection_s()
    {
        Server.WritePolicy("elsewhere", """path "secret/data/elsewhere" { capabilities = ["read"] }""");
        VaultBackend one = await ConnectAsync();
        await using VaultBackend two = await ConnectAsync(new TokenAuth(Connection.Secure(Server.CreateToken(["elsewhere", "default"]))), "two");
        await ResolveAsync("vault://prod@secret/open#k");
        Assert.Equal(FaultKind.PermissionDenied, (await ResolveAsync("vault://two@secret/open#k")).Fault!.Kind);
        Assert.Equal(1, Cache.Count);
        await one.DisconnectAsync(default);
        Assert.Equal(0, Cache.Count);
    }

    [Fact]
    public async Task A_connection_of_the_same_name_reads_anew()
    {
        await using VaultBackend before = await ConnectAsync();
        await ResolveAsync(Uri);
        await using VaultBackend after = await ConnectAsync();
        Assert.False((await ResolveAsync(Uri)).FromCache);
    }

    [Fact]
    public async Task It_is_bounded()
    {
        await using VaultBackend backend = await ConnectAsync();
        Server.MountSynthetic("many", folders: 12, secretsPerFolder: 100, valueBytes: 8);
        StoreLocation location = await backend.OpenAsync(SecretReference.Parse("vault://many"), default);
        var items = new List<ResolveItem>();
        foreach (ListedName folder in (await location.Store.ListAsync(SecretPath.Root, default)).Names)
        {
            items.AddRange((await location.Store.ListAsync(SecretPath.Parse(folder.Name), default)).Names.Select(name => new ResolveItem($"vault://many/{folder.Name}/{name.Name}")));
        }

        Assert.Equal(1200, items.Count);
        Assert.All(await ResolveAllAsync(items), row => Assert.Null(row.Fault));
        Assert.Equal(ReferenceCache.MostEntries, Cache.Count);
    }

    [Fact]
    public async Task A_server_that_is_down_gives_an_error_and_never_an_old_value()
    {
        await using VaultBackend backend = await ConnectAsync(await RoleAsync(ttl: 1000));
        await ResolveAsync(Uri);
        Time.Advance(TimeSpan.FromSeconds(801));
        GoDown();
        ResolvedSecret row = await ResolveAsync(Uri);
        Assert.Equal(FaultKind.Sealed, row.Fault!.Kind);
        Assert.Null(row.Value);
        Assert.Empty(Audit.Events);
    }

    [Fact]
    public async Task Where_it_is_allowed_a_value_inside_its_lease_stands_in_and_is_marked_warned_of_and_audited()
    {
        await using VaultBackend backend = await ConnectAsync(await RoleAsync(ttl: 1000));
        ResolvedSecret first = await ResolveAsync(Uri);
        Time.Advance(TimeSpan.FromSeconds(801));
        GoDown();
        ResolvedSecret row = await ResolveAsync(Uri, options => options with { AllowStale = true });
        Assert.Equal((true, true, "v", first.ResolvedAt, null), (row.Stale, row.FromCache, row.Value!.Reveal(), row.ResolvedAt, row.Fault));
        Assert.Contains(Reporter.Warnings, warning => warning.Contains("vault://prod@secret/open#k' is stale", StringComparison.Ordinal));
        SecretBridge.Reporting.AuditEvent audited = Assert.Single(Audit.Events);
        Assert.Equal(("secret.stale", "vault://prod@secret/open#k", "prod", "Sealed", "r1"), (audited.Action, audited.Reference, audited.Backend, audited.Details["cause"], audited.Actor));
        Time.Advance(TimeSpan.FromSeconds(199));
        row = await ResolveAsync(Uri, options => options with { AllowStale = true });
        Assert.NotNull(row.Fault);
        Assert.Single(Audit.Events);
    }

    [Fact]
    public async Task A_value_with_a_lease_of_its_own_stands_in_no_longer_than_that()
    {
        Server.Mount("old", 1);
        await using VaultBackend backend = await ConnectAsync();
        Lease("old/leased", seconds: 1000);
        await ResolveAsync("vault://old/leased");
        GoDown();
        Time.Advance(TimeSpan.FromSeconds(801));
        Assert.True((await ResolveAsync("vault://old/leased", options => options with { AllowStale = true })).Stale);
        Time.Advance(TimeSpan.FromSeconds(199));
        Assert.NotNull((await ResolveAsync("vault://old/leased", options => options with { AllowStale = true })).Fault);
    }

    [Fact]
    public async Task Without_any_lease_nothing_stands_in()
    {
        await using VaultBackend backend = await ConnectAsync();
        await ResolveAsync(Uri);
        Time.Advance(TimeSpan.FromHours(1));
        GoDown();
        Assert.Contains("still inside its lease", (await ResolveAsync(Uri, options => options with { AllowStale = true })).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(403)]
    [InlineData(404)]
    public async Task A_server_that_answers_is_believed_and_what_was_kept_is_forgotten(int status)
    {
        await using VaultBackend backend = await ConnectAsync(await RoleAsync(ttl: 1000));
        await ResolveAsync(Uri);
        Time.Advance(TimeSpan.FromSeconds(801));
        Fault fault = Server.Faults.Add(new Fault { Kind = Hit.Status, Status = status, Body = """{"errors":[]}""", Path = "secret/data/open", Times = null });
        Assert.NotNull((await ResolveAsync(Uri, options => options with { AllowStale = true })).Fault);
        Assert.True(fault.Struck > 0);
        Assert.Equal(0, Cache.Count);
    }
}
