using SecretBridge.DevVault;
using SecretBridge.Stores;
using SecretBridge.Wire;
using Xunit;
using BridgeException = SecretBridge.Reporting.BridgeException;
using FaultKind = SecretBridge.Reporting.FaultKind;
using Hit = SecretBridge.DevVault.FaultKind;

namespace SecretBridge.Tests.Wire.OnDevVault;

/// <summary>Logins by each method, and credentials that somebody tampered with.</summary>
public sealed class LoginTests : ServerTest
{
    [Fact]
    public async Task A_wrong_secret_id_is_a_refused_login_that_is_not_repeated()
    {
        string roleId = await Admin.AppRoleAsync("r1", 100);
        BridgeException exception = await Assert.ThrowsAnyAsync<BridgeException>(() => ConnectAsync(new AppRoleAuth(roleId, Connection.Secure("canary-bad"))));
        Assert.Equal(FaultKind.LoginFailed, exception.Kind);
        Assert.DoesNotContain("canary", exception.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, Count("auth/approle/login"));
    }

    [Fact]
    public async Task A_wrapped_secret_id_is_looked_at_unwrapped_once_and_logged_in_with()
    {
        string roleId = await Admin.AppRoleAsync("r1", 100);
        string wrapped = await Admin.WrappedSecretIdAsync("r1");
        await using VaultBackend backend = await ConnectAsync(new WrappedAppRoleAuth(roleId, Connection.Secure(wrapped), "r1"));
        await ReadAsync(backend);
        Assert.Equal((1, 1, 1), (Count("sys/wrapping/lookup"), Count("sys/wrapping/unwrap"), Count("auth/approle/login")));
    }

    [Fact]
    public async Task A_wrapping_token_made_elsewhere_is_a_mismatch_and_nothing_else_is_tried()
    {
        string roleId = await Admin.AppRoleAsync("r1", 100);
        await Admin.SendAsync("POST", "auth/approle/role/r11", new { token_policies = "all" });
        string ofAnotherRole = await Admin.WrappedSecretIdAsync("r11");
        string rewrapped = (await Admin.SendAsync("POST", "sys/wrapping/wrap", new { secret_id = "x" }, "60s")).GetProperty("wrap_info").GetProperty("token").GetString()!;
        foreach (string wrapped in new[] { ofAnotherRole, rewrapped })
        {
            BridgeException exception = await Assert.ThrowsAnyAsync<BridgeException>(() => ConnectAsync(new WrappedAppRoleAuth(roleId, Connection.Secure(wrapped), "r1")));
            Assert.Equal(FaultKind.WrappingMismatch, exception.Kind);
            Assert.DoesNotContain(wrapped, exception.ToString(), StringComparison.Ordinal);
        }

        Assert.Equal((0, 0), (Count("sys/wrapping/unwrap"), Count("auth/approle/login")));
    }

    [Theory]
    [InlineData("2026-01-01T00:06:00Z", 60)]
    [InlineData("2026-01-01T00:00:00Z", 0)]
    public async Task A_wrapping_token_with_times_that_cannot_be_is_not_unwrapped(string made, int ttl)
    {
        string roleId = await Admin.AppRoleAsync("r1", 100);
        string wrapped = await Admin.WrappedSecretIdAsync("r1");
        Server.Faults.Add(new Fault { Kind = Hit.Status, Status = 200, Path = "sys/wrapping/lookup", Body = $$$"""{"data":{"creation_path":"auth/approle/role/r1/secret-id","creation_time":"{{{made}}}","creation_ttl":{{{ttl}}}}}""" });
        BridgeException exception = await Assert.ThrowsAnyAsync<BridgeException>(() => ConnectAsync(new WrappedAppRoleAuth(roleId, Connection.Secure(wrapped), "r1")));
        Assert.Equal((FaultKind.WrappingMismatch, 0), (exception.Kind, Count("sys/wrapping/unwrap")));
        Assert.DoesNotContain(wrapped, exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unwrapped_secret_id_serves_for_the_next_login_and_is_never_shown()
    {
        string roleId = await Admin.AppRoleAsync("r1", 1000);
        string wrapped = await Admin.WrappedSecretIdAsync("r1");
        await using VaultBackend backend = await ConnectAsync(new WrappedAppRoleAuth(roleId, Connection.Secure(wrapped), "r1"));
        Server.RevokeToken(backend.Client.Session.Current!.Token.Reveal());
        await ReadAsync(backend);
        Assert.Equal((1, 2), (Count("sys/wrapping/unwrap"), Count("auth/approle/login")));
    }

    [Fact]
    public async Task A_used_wrapping_token_is_an_alarm()
    {
        string roleId = await Admin.AppRoleAsync("r1", 100);
        string wrapped = await Admin.WrappedSecretIdAsync("r1");
        await (await ConnectAsync(new WrappedAppRoleAuth(roleId, Connection.Secure(wrapped), "r1"))).DisposeAsync();
        BridgeException exception = await Assert.ThrowsAnyAsync<BridgeException>(() => ConnectAsync(new WrappedAppRoleAuth(roleId, Connection.Secure(wrapped), "r1")));
        Assert.Equal(FaultKind.WrappingTokenInvalid, exception.Kind);
        Assert.DoesNotContain(wrapped, exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unwrap_whose_reply_is_lost_is_not_repeated()
    {
        string roleId = await Admin.AppRoleAsync("r1", 100);
        string wrapped = await Admin.WrappedSecretIdAsync("r1");
        Server.Faults.Add(new Fault { Kind = Hit.ResetAfterCommit, Path = "sys/wrapping/unwrap" });
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
            Server.AcceptJwt("app", "canary-jwt-1");
            await Admin.SendAsync("POST", "auth/kubernetes/role/app", new { bound_service_account_names = "*", bound_service_account_namespaces = "*", token_policies = "app" });
            Server.WritePolicy("app", """path "*" { capabilities = ["create","read","update","list"] }""");
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
        await Admin.SendAsync("POST", "sys/auth/userpass", new { type = "userpass" });
        await Admin.SendAsync("POST", "auth/userpass/users/bob", new { password = "canary-pw", token_policies = "all", token_ttl = 100 });
        await using VaultBackend backend = await ConnectAsync(new UserpassAuth("bob", Connection.Secure("canary-pw")));
        await ReadAsync(backend);
        BridgeException exception = await Assert.ThrowsAnyAsync<BridgeException>(() => ConnectAsync(new UserpassAuth("bob", Connection.Secure("canary-bad"))));
        Assert.Equal(FaultKind.LoginFailed, exception.Kind);
        Assert.DoesNotContain("canary", exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_login_that_wants_a_second_factor_is_no_success()
    {
        string roleId = await Admin.AppRoleAsync("r1", 100);
        Server.Faults.Add(new Fault { Kind = Hit.Status, Status = 200, Path = "auth/approle/login", Body = """{"auth":{"client_token":"","mfa_requirement":{"mfa_request_id":"x"}}}""" });
        BridgeException exception = await Assert.ThrowsAnyAsync<BridgeException>(() => ConnectAsync(new AppRoleAuth(roleId, Connection.Secure("s"))));
        Assert.Equal(FaultKind.MfaRequired, exception.Kind);
    }
}
