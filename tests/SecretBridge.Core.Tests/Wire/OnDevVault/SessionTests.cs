using SecretBridge.DevVault;
using SecretBridge.Stores;
using SecretBridge.Tests.Clocks;
using SecretBridge.Tests.Reporting;
using SecretBridge.Wire;
using Xunit;
using BridgeException = SecretBridge.Reporting.BridgeException;
using FaultKind = SecretBridge.Reporting.FaultKind;
using Hit = SecretBridge.DevVault.FaultKind;

namespace SecretBridge.Tests.Wire.OnDevVault;

/// <summary>Logins, refreshes, and tokens that die under way.</summary>
public sealed class SessionTests : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private readonly RecordingReporter _reporter = new();
    private DevVaultServer _server = null!;
    private Admin _admin = null!;

    public async Task InitializeAsync()
    {
        _server = await DevVaultServer.StartAsync(new DevVaultOptions { Time = _time });
        _admin = new Admin(_server);
        _server.WritePolicy("all", """path "*" { capabilities = ["create","read","update","delete","list","sudo"] }""");
        _server.WritePolicy("ro", """path "secret/data/open" { capabilities = ["read"] }""");
        _server.Put("secret", "open", """{"k":"v"}""");
    }

    public async Task DisposeAsync()
    {
        _admin.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_token_tells_its_policies_and_its_end_and_nothing_secret()
    {
        string token = _server.CreateToken(["ro"], TimeSpan.FromHours(1));
        await using VaultBackend backend = await ConnectAsync(new TokenAuth(Connection.Secure(token + "\n")));
        Assert.Contains("ro", backend.Policies);
        Assert.Equal(_time.GetUtcNow().AddHours(1), backend.TokenExpires!.Value, TimeSpan.FromSeconds(2));
        Assert.Equal(("token", "OpenBao", _server.ClusterId), (backend.AuthMethod, backend.Product, backend.ClusterId));
        string shown = string.Join(' ', typeof(VaultBackend).GetProperties().Select(property => property.GetValue(backend)?.ToString())) + System.Text.Json.JsonSerializer.Serialize(backend);
        Assert.DoesNotContain(token, shown, StringComparison.Ordinal);
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
        _time.Advance(TimeSpan.FromSeconds(79));
        await ReadAsync(backend);
        Assert.Equal(0, Count("auth/token/renew-self"));
        _time.Advance(TimeSpan.FromSeconds(2));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => ReadAsync(backend)));
        Assert.Equal(1, Count("auth/token/renew-self"));
        Assert.Equal(1, Count("auth/approle/login"));
    }

    [Fact]
    public async Task A_login_is_made_again_when_renewing_no_longer_lengthens_the_lease()
    {
        await using VaultBackend backend = await ConnectAsync(await RoleAsync(ttl: 100, maxTtl: 100));
        _time.Advance(TimeSpan.FromSeconds(85));
        await ReadAsync(backend);
        Assert.Equal(2, Count("auth/approle/login"));
    }

    [Fact]
    public async Task A_revoked_token_leads_to_one_login_and_the_work_goes_on()
    {
        await using VaultBackend backend = await ConnectAsync(await RoleAsync(ttl: 1000));
        await ReadAsync(backend);
        _server.RevokeToken(backend.Client.Session.Current!.Token.Reveal());
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => ReadAsync(backend)));
        Assert.Equal(2, Count("auth/approle/login"));
    }

    [Fact]
    public async Task A_missing_right_is_no_dead_token_and_asks_the_server_once()
    {
        await using VaultBackend backend = await ConnectAsync(new TokenAuth(Connection.Secure(_server.CreateToken(["ro"], TimeSpan.FromHours(1)))));
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
        _server.WritePolicy("all", """
            path "auth/token/lookup-self" { capabilities = ["deny"] }
            path "secret/data/open" { capabilities = ["read"] }
            path "secret/metadata/*" { capabilities = ["list"] }
            """);
        await using VaultBackend backend = await ConnectAsync(await RoleAsync(ttl: 10000));
        for (int i = 0; i < 5; i++)
        {
            await ReadAsync(backend);
            Assert.Equal(FaultKind.PermissionDenied, (await Assert.ThrowsAnyAsync<BridgeException>(() => ReadAsync(backend, "secret/closed"))).Kind);
            _time.Advance(TimeSpan.FromMinutes(2));
        }

        Assert.InRange(Count("auth/approle/login"), 1, 2);
    }

    [Fact]
    public async Task A_users_token_that_dies_under_way_is_told_to_be_dead()
    {
        string token = _server.CreateToken(["ro"], TimeSpan.FromHours(1));
        await using VaultBackend backend = await ConnectAsync(new TokenAuth(Connection.Secure(token)));
        await ReadAsync(backend);
        _server.RevokeToken(token);
        Assert.Equal(FaultKind.TokenInvalid, (await Assert.ThrowsAnyAsync<BridgeException>(() => ReadAsync(backend))).Kind);
    }

    [Fact]
    public async Task A_token_of_limited_use_is_spent_on_nothing_but_the_work()
    {
        string token = _server.CreateToken(["all"], TimeSpan.FromHours(1), numUses: 2);
        await using VaultBackend backend = await ConnectAsync(new TokenAuth(Connection.Secure(token)), options => options with { NoVerify = true, KvVersion = null });
        await ReadAsync(backend);
        Assert.Equal(0, Count("auth/token/lookup-self"));
        await Assert.ThrowsAnyAsync<BridgeException>(() => ReadAsync(backend));
    }

    [Fact]
    public async Task A_token_of_limited_use_is_warned_of_and_looked_up_once_only()
    {
        await using VaultBackend backend = await ConnectAsync(new TokenAuth(Connection.Secure(_server.CreateToken(["ro"], TimeSpan.FromHours(1), numUses: 5))));
        Assert.Contains("requests in all", Assert.Single(_reporter.Warnings), StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<BridgeException>(() => ReadAsync(backend, "secret/closed"));
        Assert.Equal(1, Count("auth/token/lookup-self"));
    }

    [Fact]
    public async Task A_token_without_an_end_is_looked_at_again_after_an_hour()
    {
        await using VaultBackend backend = await ConnectAsync(new TokenAuth(Connection.Secure(_server.RootToken)));
        await ReadAsync(backend);
        Assert.Equal(1, Count("auth/token/lookup-self"));
        _time.Advance(TimeSpan.FromMinutes(61));
        await ReadAsync(backend);
        Assert.Equal(2, Count("auth/token/lookup-self"));
    }

    [Fact]
    public async Task A_refresh_that_fails_for_a_moment_stops_nothing_while_the_lease_lasts()
    {
        await using VaultBackend backend = await ConnectAsync(await RoleAsync(ttl: 1000));
        await ReadAsync(backend);
        _time.Advance(TimeSpan.FromSeconds(810));
        Fault fault = _server.Faults.Add(new Fault { Kind = Hit.Status, Status = 503, Path = "auth/token/renew-self", Times = 5 });
        await ReadAsync(backend);
        Assert.Equal(5, fault.Struck);
        _time.Advance(TimeSpan.FromSeconds(20));
        await ReadAsync(backend);
        Assert.Equal(1, Count("auth/approle/login"));
    }

    [Fact]
    public async Task Only_a_token_that_was_obtained_is_revoked()
    {
        VaultBackend given = await ConnectAsync(new TokenAuth(Connection.Secure(_server.RootToken)));
        await given.DisposeAsync();
        Assert.Equal(0, Count("auth/token/revoke-self"));
        VaultBackend login = await ConnectAsync(await RoleAsync(ttl: 100));
        await login.DisposeAsync();
        Assert.Equal(1, Count("auth/token/revoke-self"));
        Assert.Equal(FaultKind.NotConnected, (await Assert.ThrowsAsync<BridgeException>(() => ReadAsync(login))).Kind);
    }

    [Fact]
    public async Task A_wrong_secret_id_is_a_refused_login_that_is_not_repeated()
    {
        string roleId = await _admin.AppRoleAsync("r1", 100);
        BridgeException exception = await Assert.ThrowsAnyAsync<BridgeException>(() => ConnectAsync(new AppRoleAuth(roleId, Connection.Secure("canary-bad"))));
        Assert.Equal(FaultKind.LoginFailed, exception.Kind);
        Assert.DoesNotContain("canary", exception.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, Count("auth/approle/login"));
    }

    [Fact]
    public async Task A_wrapped_secret_id_is_looked_at_unwrapped_once_and_logged_in_with()
    {
        string roleId = await _admin.AppRoleAsync("r1", 100);
        string wrapped = await _admin.WrappedSecretIdAsync("r1");
        await using VaultBackend backend = await ConnectAsync(new WrappedAppRoleAuth(roleId, Connection.Secure(wrapped), "r1"));
        await ReadAsync(backend);
        Assert.Equal((1, 1, 1), (Count("sys/wrapping/lookup"), Count("sys/wrapping/unwrap"), Count("auth/approle/login")));
    }

    [Fact]
    public async Task A_wrapping_token_made_elsewhere_is_a_mismatch_and_nothing_else_is_tried()
    {
        string roleId = await _admin.AppRoleAsync("r1", 100);
        await _admin.SendAsync("POST", "auth/approle/role/r11", new { token_policies = "all" });
        string ofAnotherRole = await _admin.WrappedSecretIdAsync("r11");
        string rewrapped = (await _admin.SendAsync("POST", "sys/wrapping/wrap", new { secret_id = "x" }, "60s")).GetProperty("wrap_info").GetProperty("token").GetString()!;
        foreach (string wrapped in new[] { ofAnotherRole, rewrapped })
        {
            BridgeException exception = await Assert.ThrowsAnyAsync<BridgeException>(() => ConnectAsync(new WrappedAppRoleAuth(roleId, Connection.Secure(wrapped), "r1")));
            Assert.Equal(FaultKind.WrappingMismatch, exception.Kind);
            Assert.DoesNotContain(wrapped, exception.ToString(), StringComparison.Ordinal);
        }

        Assert.Equal((0, 0), (Count("sys/wrapping/unwrap"), Count("auth/approle/login")));
    }

    [Fact]
    public async Task A_used_wrapping_token_is_an_alarm()
    {
        string roleId = await _admin.AppRoleAsync("r1", 100);
        string wrapped = await _admin.WrappedSecretIdAsync("r1");
        await (await ConnectAsync(new WrappedAppRoleAuth(roleId, Connection.Secure(wrapped), "r1"))).DisposeAsync();
        BridgeException exception = await Assert.ThrowsAnyAsync<BridgeException>(() => ConnectAsync(new WrappedAppRoleAuth(roleId, Connection.Secure(wrapped), "r1")));
        Assert.Equal(FaultKind.WrappingTokenInvalid, exception.Kind);
        Assert.DoesNotContain(wrapped, exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unwrap_whose_reply_is_lost_is_not_repeated()
    {
        string roleId = await _admin.AppRoleAsync("r1", 100);
        string wrapped = await _admin.WrappedSecretIdAsync("r1");
        _server.Faults.Add(new Fault { Kind = Hit.ResetAfterCommit, Path = "sys/wrapping/unwrap" });
        BridgeException exception = await Assert.ThrowsAnyAsync<BridgeException>(() => ConnectAsync(new WrappedAppRoleAuth(roleId, Connection.Secure(wrapped), "r1")));
        Assert.Equal(FaultKind.OutcomeUnknown, exception.Kind);
        Assert.Equal(1, Count("sys/wrapping/unwrap"));
    }

    [Fact]
    public async Task Kubernetes_reads_its_JWT_again_at_each_login()
    {
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "canary-jwt-1\n");
            _server.AcceptJwt("app", "canary-jwt-1");
            await _admin.SendAsync("POST", "auth/kubernetes/role/app", new { bound_service_account_names = "*", bound_service_account_namespaces = "*", token_policies = "app" });
            _server.WritePolicy("app", """path "*" { capabilities = ["create","read","update","list"] }""");
            await using VaultBackend backend = await ConnectAsync(new KubernetesAuth("app", JwtPath: file));
            await File.WriteAllTextAsync(file, "canary-jwt-2\n");
            BridgeException exception = await Assert.ThrowsAnyAsync<BridgeException>(() => ConnectAsync(new KubernetesAuth("app", JwtPath: file)));
            Assert.Equal(FaultKind.LoginFailed, exception.Kind);
            Assert.DoesNotContain("canary", exception.ToString(), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_user_logs_in_with_a_password()
    {
        await _admin.SendAsync("POST", "sys/auth/userpass", new { type = "userpass" });
        await _admin.SendAsync("POST", "auth/userpass/users/bob", new { password = "canary-pw", token_policies = "all", token_ttl = 100 });
        await using VaultBackend backend = await ConnectAsync(new UserpassAuth("bob", Connection.Secure("canary-pw")));
        await ReadAsync(backend);
        BridgeException exception = await Assert.ThrowsAnyAsync<BridgeException>(() => ConnectAsync(new UserpassAuth("bob", Connection.Secure("canary-bad"))));
        Assert.Equal(FaultKind.LoginFailed, exception.Kind);
        Assert.DoesNotContain("canary", exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_login_that_wants_a_second_factor_is_no_success()
    {
        string roleId = await _admin.AppRoleAsync("r1", 100);
        _server.Faults.Add(new Fault { Kind = Hit.Status, Status = 200, Path = "auth/approle/login", Body = """{"auth":{"client_token":"","mfa_requirement":{"mfa_request_id":"x"}}}""" });
        BridgeException exception = await Assert.ThrowsAnyAsync<BridgeException>(() => ConnectAsync(new AppRoleAuth(roleId, Connection.Secure("s"))));
        Assert.Equal(FaultKind.MfaRequired, exception.Kind);
    }

    private static async Task ReadAsync(VaultBackend backend, string path = "secret/open")
    {
        StoreLocation location = await backend.OpenAsync(SecretReference.Parse("vault://" + path), CancellationToken.None);
        Assert.Equal(SecretState.Live, (await location.Store.ReadAsync(location.Path, null, CancellationToken.None)).State);
    }

    private async Task<AppRoleAuth> RoleAsync(int ttl, int maxTtl = 0)
    {
        string roleId = await _admin.AppRoleAsync("r1", ttl, maxTtl);
        return new AppRoleAuth(roleId, Connection.Secure(await _admin.SecretIdAsync("r1")));
    }

    private int Count(string path) => _server.Requests.All.Count(request => request.Path == path);

    private Task<VaultBackend> ConnectAsync(VaultAuth auth, Func<ConnectOptions, ConnectOptions>? change = null)
    {
        var options = new ConnectOptions { Name = "prod", Address = _server.Address.ToString(), Auth = auth };
        return VaultBackend.ConnectAsync(change?.Invoke(options) ?? options, _reporter, _time, CancellationToken.None);
    }
}
