using SecretBridge.DevVault;
using SecretBridge.Stores;
using SecretBridge.Wire;
using Xunit;
using BridgeException = SecretBridge.Reporting.BridgeException;
using FaultKind = SecretBridge.Reporting.FaultKind;
using Hit = SecretBridge.DevVault.FaultKind;

namespace SecretBridge.Tests.Wire.OnDevVault;

/// <summary>Refreshes, and tokens that die under way.</summary>
public sealed class SessionTests : ServerTest
{
    [Fact]
    public async Task A_token_tells_its_policies_and_its_end_and_nothing_secret()
    {
        string token = Server.CreateToken(["ro"], TimeSpan.FromHours(1));
        await using VaultBackend backend = await ConnectAsync(new TokenAuth(Connection.Secure(token + "\n")));
        Assert.Contains("ro", backend.Policies);
        Assert.Equal(Time.GetUtcNow().AddHours(1), backend.TokenExpires!.Value, TimeSpan.FromSeconds(2));
        Assert.Equal(("token", "OpenBao", Server.ClusterId), (backend.AuthMethod, backend.Product, backend.ClusterId));
        string shown = string.Join(' ', typeof(VaultBackend).GetProperties().Select(property => property.GetValue(backend)?.ToString())) + System.Text.Json.JsonSerializer.Serialize(backend);
        Assert.DoesNotContain(token, shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_login_is_told_while_the_server_still_thinks_about_who_it_is()
    {
        var gate = new Gate();
        Server.Faults.Add(new Fault { Kind = Hit.HangUntilReleased, Path = "sys/health", Gate = gate });
        var fault = await Assert.ThrowsAsync<VaultException>(() => ConnectAsync(new TokenAuth(Connection.Secure("hvs.nobody"))));
        Assert.Equal(403, fault.StatusCode);
    }

    [Theory]
    [InlineData(29, true)]
    [InlineData(31, false)]
    public async Task A_server_is_waited_for_to_say_who_it_is_as_long_as_for_any_reply_and_lacking_that_nothing_else_is_lost(int seconds, bool isKnown)
    {
        var gate = new Gate();
        Server.Faults.Add(new Fault { Kind = Hit.Latency, Path = "sys/health", Gate = gate });
        Task<VaultBackend> connecting = ConnectAsync(new TokenAuth(Connection.Secure(Server.RootToken)));
        await gate.ArrivedAsync();
        Time.Advance(TimeSpan.FromSeconds(seconds));
        if (isKnown)
        {
            gate.Open();
        }

        await using VaultBackend backend = await connecting;
        Assert.Equal(isKnown ? Server.ClusterId : null, backend.ClusterId);
        await ReadAsync(backend);
    }

    [Theory]
    [InlineData("s.canary-unknown", FaultKind.TokenInvalid)]
    [InlineData("s.canary with space", FaultKind.TokenInvalid)]
    [InlineData("", FaultKind.TokenInvalid)]
    public async Task A_token_that_is_none_is_refused_without_being_shown(string token, FaultKind kind)
    {
        BridgeException exception = await Assert.ThrowsAnyAsync<BridgeException>(() => ConnectAsync(new TokenAuth(Connection.Secure(token))));
        Assert.Equal(kind, exception.Kind);
        Assert.DoesNotContain("canary", exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lease_is_renewed_on_the_next_use_after_four_fifths_and_by_one_caller()
    {
        await using VaultBackend backend = await ConnectAsync(await RoleAsync(ttl: 100));
        await ReadAsync(backend);
        Time.Advance(TimeSpan.FromSeconds(79));
        await ReadAsync(backend);
        Assert.Equal(0, Count("auth/token/renew-self"));
        Time.Advance(TimeSpan.FromSeconds(2));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => ReadAsync(backend)));
        Assert.Equal(1, Count("auth/token/renew-self"));
        Assert.Equal(1, Count("auth/approle/login"));
    }

    [Fact]
    public async Task A_login_is_made_again_when_renewing_no_longer_lengthens_the_lease()
    {
        await using VaultBackend backend = await ConnectAsync(await RoleAsync(ttl: 100, maxTtl: 100));
        Time.Advance(TimeSpan.FromSeconds(85));
        await ReadAsync(backend);
        Assert.Equal(2, Count("auth/approle/login"));
    }

    [Fact]
    public async Task A_revoked_token_leads_to_one_login_and_the_work_goes_on()
    {
        await using VaultBackend backend = await ConnectAsync(await RoleAsync(ttl: 1000));
        await ReadAsync(backend);
        Server.RevokeToken(backend.Client.Session.Current!.Token.Reveal());
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => ReadAsync(backend)));
        Assert.Equal(2, Count("auth/approle/login"));
    }

    [Fact]
    public async Task A_missing_right_is_no_dead_token_and_asks_theServer_once()
    {
        await using VaultBackend backend = await ConnectAsync(new TokenAuth(Connection.Secure(Server.CreateToken(["ro"], TimeSpan.FromHours(1)))));
        int before = Count("auth/token/lookup-self");
        for (int i = 0; i < 5; i++)
        {
            BridgeException exception = await Assert.ThrowsAnyAsync<BridgeException>(() => ReadAsync(backend, "secret/closed"));
            Assert.Equal(FaultKind.PermissionDenied, exception.Kind);
        }

        Assert.Equal(before + 1, Count("auth/token/lookup-self"));
    }

    [Fact]
    public async Task A_role_whose_tokens_may_not_look_themselves_up_leads_to_no_storm_of_logins()
    {
        Server.WritePolicy("all", """
            path "auth/token/lookup-self" { capabilities = ["deny"] }
            path "secret/data/open" { capabilities = ["read"] }
            path "secret/metadata/*" { capabilities = ["list"] }
            """);
        await using VaultBackend backend = await ConnectAsync(await RoleAsync(ttl: 10000));
        for (int i = 0; i < 5; i++)
        {
            await ReadAsync(backend);
            Assert.Equal(FaultKind.PermissionDenied, (await Assert.ThrowsAnyAsync<BridgeException>(() => ReadAsync(backend, "secret/closed"))).Kind);
            Time.Advance(TimeSpan.FromMinutes(2));
        }

        Assert.InRange(Count("auth/approle/login"), 1, 2);
    }

    [Fact]
    public async Task A_users_token_that_dies_under_way_is_told_to_be_dead()
    {
        string token = Server.CreateToken(["ro"], TimeSpan.FromHours(1));
        await using VaultBackend backend = await ConnectAsync(new TokenAuth(Connection.Secure(token)));
        await ReadAsync(backend);
        Server.RevokeToken(token);
        Assert.Equal(FaultKind.TokenInvalid, (await Assert.ThrowsAnyAsync<BridgeException>(() => ReadAsync(backend))).Kind);
    }

    [Fact]
    public async Task A_token_of_limited_use_is_spent_on_nothing_but_the_work()
    {
        string token = Server.CreateToken(["all"], TimeSpan.FromHours(1), numUses: 2);
        await using VaultBackend backend = await ConnectAsync(new TokenAuth(Connection.Secure(token)), options => options with { NoVerify = true, KvVersion = null });
        await ReadAsync(backend);
        Assert.Equal(0, Count("auth/token/lookup-self"));
        await Assert.ThrowsAnyAsync<BridgeException>(() => ReadAsync(backend));
    }

    [Fact]
    public async Task A_token_of_limited_use_is_warned_of_and_looked_up_once_only()
    {
        await using VaultBackend backend = await ConnectAsync(new TokenAuth(Connection.Secure(Server.CreateToken(["ro"], TimeSpan.FromHours(1), numUses: 5))));
        Assert.Contains("requests in all", Assert.Single(Reporter.Warnings), StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<BridgeException>(() => ReadAsync(backend, "secret/closed"));
        Assert.Equal(1, Count("auth/token/lookup-self"));
    }

    [Fact]
    public async Task A_token_without_an_end_is_looked_at_again_after_an_hour()
    {
        await using VaultBackend backend = await ConnectAsync(new TokenAuth(Connection.Secure(Server.RootToken)));
        await ReadAsync(backend);
        Assert.Equal(1, Count("auth/token/lookup-self"));
        Time.Advance(TimeSpan.FromMinutes(61));
        await ReadAsync(backend);
        Assert.Equal(2, Count("auth/token/lookup-self"));
    }

    [Fact]
    public async Task A_refresh_that_fails_for_a_moment_stops_nothing_while_the_lease_lasts()
    {
        await using VaultBackend backend = await ConnectAsync(await RoleAsync(ttl: 1000));
        await ReadAsync(backend);
        Time.Advance(TimeSpan.FromSeconds(810));
        Fault fault = Server.Faults.Add(new Fault { Kind = Hit.Status, Status = 503, Path = "auth/token/renew-self", Times = 5 });
        await ReadAsync(backend);
        Assert.Equal(5, fault.Struck);
        Time.Advance(TimeSpan.FromSeconds(20));
        await ReadAsync(backend);
        Assert.Equal(1, Count("auth/approle/login"));
    }

    [Fact]
    public async Task Only_a_token_that_was_obtained_is_revoked()
    {
        VaultBackend given = await ConnectAsync(new TokenAuth(Connection.Secure(Server.RootToken)));
        await given.DisposeAsync();
        Assert.Equal(0, Count("auth/token/revoke-self"));
        VaultBackend login = await ConnectAsync(await RoleAsync(ttl: 100));
        await login.DisposeAsync();
        Assert.Equal(1, Count("auth/token/revoke-self"));
        Assert.Equal(FaultKind.NotConnected, (await Assert.ThrowsAsync<BridgeException>(() => ReadAsync(login))).Kind);
    }
}
