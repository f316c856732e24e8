using SecretBridge.DevVault;
using SecretBridge.Health;
using SecretBridge.Stores;
using SecretBridge.Tests.Clocks;
using SecretBridge.Tests.Reporting;
using SecretBridge.Tests.Wire;
using SecretBridge.Trees;
using SecretBridge.Wire;
using Xunit;
using BridgeException = SecretBridge.Reporting.BridgeException;
using FaultKind = SecretBridge.Reporting.FaultKind;
using Hit = SecretBridge.DevVault.FaultKind;

namespace SecretBridge.Tests.Health.OnDevVault;

public class HealthProbeTests
{
    private readonly ManualTime _time = new();
    private readonly RecordingReporter _reporter = new();

    [Theory]
    [InlineData(NodeState.Active, HealthStatus.Active, 200, true)]
    [InlineData(NodeState.Standby, HealthStatus.Standby, 429, false)]
    [InlineData(NodeState.PerformanceStandby, HealthStatus.PerformanceStandby, 473, false)]
    [InlineData(NodeState.DrSecondary, HealthStatus.DrSecondary, 472, false)]
    [InlineData(NodeState.Sealed, HealthStatus.Sealed, 503, false)]
    [InlineData(NodeState.Uninitialised, HealthStatus.Uninitialized, 501, false)]
    public async Task Each_state_of_a_server_is_a_result(NodeState state, HealthStatus status, int code, bool healthy)
    {
        await using DevVaultServer server = await StartAsync(state);
        VaultHealth health = await ProbeAsync(server);
        Assert.Equal((status, code, healthy), (health.Status, health.StatusCode, health.Healthy));
        Assert.Equal("reachable", health.Checks[0].Name);
        Assert.True(health.Checks[0].Passed);
        Assert.Equal(1, server.Requests.Total);
    }

    [Fact]
    public async Task A_standby_or_a_secondary_can_be_enough()
    {
        await using DevVaultServer server = await StartAsync(NodeState.Standby);
        Assert.True((await ProbeAsync(server, options => options with { StandbyOk = true })).Healthy);
        server.State = NodeState.DrSecondary;
        Assert.False((await ProbeAsync(server, options => options with { StandbyOk = true })).Healthy);
        Assert.True((await ProbeAsync(server, options => options with { DrSecondaryOk = true })).Healthy);
    }

    [Fact]
    public async Task An_answer_tells_version_product_cluster_and_the_clocks_difference()
    {
        await using DevVaultServer server = await StartAsync(NodeState.Active);
        VaultHealth health = await HealthProbe.RunAsync(new HealthOptions { Address = server.Address.ToString() }, _reporter, new Ahead(_time, TimeSpan.FromHours(-1)), CancellationToken.None);
        Assert.Equal(("OpenBao", server.ClusterId), (health.Product, health.ClusterId));
        Assert.StartsWith("2.", health.Version, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromHours(1), health.ClockSkew);
        Assert.NotNull(health.LatencyMs);
        Assert.Null(health.CertificateExpires);
        Assert.Null(health.TokenExpires);
    }

    [Fact]
    public async Task What_cannot_be_reached_is_a_result_with_a_hint()
    {
        using var closed = new ClosedPort();
        VaultHealth health = await HealthProbe.RunAsync(new HealthOptions { Address = closed.Address }, _reporter, _time, CancellationToken.None);
        Assert.Equal((HealthStatus.Unreachable, false, null), (health.Status, health.Healthy, health.StatusCode));
        Assert.NotNull(Assert.Single(health.Checks).Hint);
    }

    [Theory]
    [InlineData("<html>sign in</html>")]
    [InlineData("""{"status":"ok"}""")]
    [InlineData("")]
    public async Task What_is_not_Vault_is_said_to_be_so(string body)
    {
        await using var server = new RawServer(RawServer.Json(200, body));
        VaultHealth health = await HealthProbe.RunAsync(new HealthOptions { Address = server.Address }, _reporter, _time, CancellationToken.None);
        Assert.Equal((HealthStatus.Unreachable, 200), (health.Status, health.StatusCode));
        Assert.False(health.Healthy);
        HealthCheck check = Assert.Single(health.Checks);
        Assert.Equal(("reachable", false, health.Message), (check.Name, check.Passed, check.Detail));
    }

    [Fact]
    public async Task A_certificate_that_does_not_hold_is_a_result()
    {
        await using DevVaultServer server = await DevVaultServer.StartAsync(new DevVaultOptions { Tls = new DevVault.TlsOptions(), Listen = new Uri("https://127.0.0.1:0") });
        VaultHealth health = await HealthProbe.RunAsync(new HealthOptions { Address = server.Address.ToString() }, _reporter, _time, CancellationToken.None);
        Assert.Equal(HealthStatus.TlsError, health.Status);
        VaultHealth skipped = await HealthProbe.RunAsync(new HealthOptions { Address = server.Address.ToString(), Tls = new SecretBridge.Wire.TlsOptions { SkipCertificateCheck = true } }, _reporter, _time, CancellationToken.None);
        Assert.True(skipped.Healthy);
        Assert.NotNull(skipped.CertificateExpires);
        Assert.Single(_reporter.Warnings);
    }

    [Fact]
    public async Task A_server_that_never_answers_is_given_up_after_the_timeout()
    {
        await using var server = new RawServer(RawServer.Hang);
        Task<VaultHealth> asking = HealthProbe.RunAsync(new HealthOptions { Address = server.Address }, _reporter, _time, CancellationToken.None);
        await server.Hanging.Task;
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(HealthStatus.Unreachable, (await asking).Status);
    }

    [Fact]
    public async Task A_server_that_is_being_unsealed_is_waited_for()
    {
        await using DevVaultServer server = await StartAsync(NodeState.Sealed);
        server.Faults.Add(new Fault { Kind = Hit.Interfere, Path = "sys/health", Skip = 3, Do = () => server.State = NodeState.Active });
        VaultHealth health = await ProbeAsync(server, options => options with { Wait = TimeSpan.FromSeconds(30) });
        Assert.True(health.Healthy);
        Assert.Equal(3, _time.Waits.Count);
    }

    [Fact]
    public async Task Waiting_ends_when_its_time_is_over()
    {
        await using DevVaultServer server = await StartAsync(NodeState.Sealed);
        VaultHealth health = await ProbeAsync(server, options => options with { Wait = TimeSpan.FromSeconds(3.5) });
        Assert.Equal(HealthStatus.Sealed, health.Status);
        Assert.Equal(5, server.Requests.Total);
    }

    [Fact]
    public async Task A_connection_tells_its_token_and_what_it_may_do()
    {
        await using DevVaultServer server = await StartAsync(NodeState.Active);
        server.Put("secret", "app/db", """{"k":"canary"}""");
        server.WritePolicy("ro", """path "secret/data/app/*" { capabilities = ["read"] } path "secret/metadata/app/*" { capabilities = ["list"] }""");
        await using VaultBackend backend = await ConnectAsync(server, server.CreateToken(["ro"], TimeSpan.FromHours(2)));
        VaultHealth health = await HealthProbe.RunAsync(new HealthOptions { Backend = backend, Path = "vault://secret/app/db" }, _reporter, _time, CancellationToken.None);
        Assert.Equal(TimeSpan.FromHours(2), health.TokenTtl);
        Assert.Contains("ro", health.Policies);
        Assert.Equal("prod", health.Backend);
        Assert.Equal([("reachable", true), ("sealed", true), ("token", true), ("mount", true), ("list", true), ("read", true), ("write", false)], health.Checks.Select(check => (check.Name, check.Passed)));
        Assert.Contains("secret/data/app/db", health.Checks[^1].Hint, StringComparison.Ordinal);
        Assert.False(health.Healthy);
        Assert.DoesNotContain("canary", health.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_prefix_where_nothing_is_gets_a_hint_and_is_no_failure()
    {
        await using DevVaultServer server = await StartAsync(NodeState.Active);
        await using VaultBackend backend = await ConnectAsync(server, server.RootToken);
        VaultHealth health = await HealthProbe.RunAsync(new HealthOptions { Backend = backend, Path = "vault://secret/App" }, _reporter, _time, CancellationToken.None);
        Assert.True(health.Healthy);
        Assert.Contains("case-sensitive", health.Checks[^1].Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vault://nosuch/x", "mount")]
    public async Task A_mount_that_is_not_there_fails_its_check(string path, string check)
    {
        await using DevVaultServer server = await StartAsync(NodeState.Active);
        await using VaultBackend backend = await ConnectAsync(server, server.RootToken);
        VaultHealth health = await HealthProbe.RunAsync(new HealthOptions { Backend = backend, Path = path }, _reporter, _time, CancellationToken.None);
        Assert.Equal((check, false), (health.Checks[^1].Name, health.Checks[^1].Passed));
        Assert.Contains("namespace", health.Checks[^1].Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dead_token_fails_its_check_and_the_server_is_still_told()
    {
        await using DevVaultServer server = await StartAsync(NodeState.Active);
        string token = server.CreateToken(["x"], TimeSpan.FromHours(1));
        await using VaultBackend backend = await ConnectAsync(server, token);
        server.RevokeToken(token);
        VaultHealth health = await HealthProbe.RunAsync(new HealthOptions { Backend = backend, Detailed = true }, _reporter, _time, CancellationToken.None);
        Assert.Equal((HealthStatus.Active, false), (health.Status, health.Healthy));
        Assert.Equal(("token", false), (health.Checks[^1].Name, health.Checks[^1].Passed));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("nonsense")]
    public async Task An_address_that_is_none_is_an_error(string? address) =>
        Assert.Equal(FaultKind.InvalidArgument, (await Assert.ThrowsAsync<BridgeException>(() => HealthProbe.RunAsync(new HealthOptions { Address = address }, _reporter, _time, CancellationToken.None))).Kind);

    [Fact]
    public async Task Servers_that_cannot_even_be_asked_do_not_hold_up_the_others()
    {
        await using DevVaultServer server = await StartAsync(NodeState.Active);
        HealthOptions[] asked =
        [
            new() { Address = "https://user:canary@vault.example" },
            new() { Address = server.Address.ToString(), Tls = new SecretBridge.Wire.TlsOptions { CaFile = "/nosuch/ca.pem" } },
            new() { Address = server.Address.ToString() },
        ];
        var found = new List<VaultHealth>();
        await foreach (VaultHealth health in HealthProbe.RunAllAsync(asked.ToAsync(), _reporter, _time, CancellationToken.None))
        {
            found.Add(health);
        }

        Assert.Equal([HealthStatus.Unreachable, HealthStatus.TlsError, HealthStatus.Active], found.Select(health => health.Status));
        Assert.All(found.Where(health => !health.Healthy), health => Assert.Equal((false, health.Message), (health.Checks[0].Passed, health.Checks[0].Detail)));
        Assert.All(found, health => Assert.DoesNotContain("canary", health + string.Concat(health.Checks), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_token_that_was_not_asked_about_is_not_said_to_be_valid()
    {
        await using DevVaultServer server = await StartAsync(NodeState.Active);
        await using VaultBackend backend = await ConnectAsync(server, server.RootToken, options => options with { NoVerify = true });
        VaultHealth health = await HealthProbe.RunAsync(new HealthOptions { Backend = backend, Detailed = true }, _reporter, _time, CancellationToken.None);
        Assert.Equal("token", health.Checks[^1].Name);
        Assert.Contains("not asked", health.Checks[^1].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mount_is_asked_for_anew()
    {
        await using DevVaultServer server = await StartAsync(NodeState.Active);
        await using VaultBackend backend = await ConnectAsync(server, server.RootToken, options => options with { NoVerify = true, DefaultMount = "secret" });
        var asked = new HealthOptions { Backend = backend, Detailed = true };
        Assert.True((await HealthProbe.RunAsync(asked, _reporter, _time, CancellationToken.None)).Healthy);
        server.Faults.Add(Refused("sys/internal/ui/mounts/**"));
        VaultHealth health = await HealthProbe.RunAsync(asked, _reporter, _time, CancellationToken.None);
        Assert.Equal(("mount", false, false), (health.Checks[^1].Name, health.Checks[^1].Passed, health.Healthy));
    }

    [Fact]
    public async Task A_mount_that_only_the_user_told_of_is_said_to_be_so()
    {
        await using DevVaultServer server = await StartAsync(NodeState.Active);
        server.Faults.Add(Refused("sys/internal/ui/mounts/**"));
        await using VaultBackend backend = await ConnectAsync(server, server.RootToken, options => options with { NoVerify = true, DefaultMount = "secret", KvVersion = 2 });
        VaultHealth health = await HealthProbe.RunAsync(new HealthOptions { Backend = backend, Detailed = true }, _reporter, _time, CancellationToken.None);
        Assert.Contains("did not tell", health.Checks[^1].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Capabilities_that_cannot_be_asked_for_are_failed_checks()
    {
        await using DevVaultServer server = await StartAsync(NodeState.Active);
        server.Faults.Add(Refused("sys/capabilities-self"));
        await using VaultBackend backend = await ConnectAsync(server, server.RootToken);
        VaultHealth health = await HealthProbe.RunAsync(new HealthOptions { Backend = backend, Path = "vault://secret/app" }, _reporter, _time, CancellationToken.None);
        Assert.False(health.Healthy);
        HealthCheck[] failed = health.Checks.Where(check => !check.Passed).ToArray();
        Assert.Equal(["list", "read", "write"], failed.Select(check => check.Name));
        Assert.All(failed, check => Assert.Contains("capabilities-self", check.Hint, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_refusal_in_spite_of_the_capability_is_a_failed_check()
    {
        await using DevVaultServer server = await StartAsync(NodeState.Active);
        server.Faults.Add(Refused("secret/data/app"));
        await using VaultBackend backend = await ConnectAsync(server, server.RootToken);
        VaultHealth health = await HealthProbe.RunAsync(new HealthOptions { Backend = backend, Path = "vault://secret/app" }, _reporter, _time, CancellationToken.None);
        Assert.Equal(("content", false, false), (health.Checks[^1].Name, health.Checks[^1].Passed, health.Healthy));
    }

    [Fact]
    public async Task A_sealed_server_tells_how_far_its_unsealing_is_where_details_are_asked_for()
    {
        await using var server = new RawServer((_, request) => request.Contains("seal-status", StringComparison.Ordinal)
            ? RawServer.Json(200, """{"sealed":true,"t":3,"n":5,"progress":2}""")
            : RawServer.Json(503, """{"initialized":true,"sealed":true,"version":"1.15.0"}"""));
        var asked = new HealthOptions { Address = server.Address };
        Assert.Equal("Sealed", (await HealthProbe.RunAsync(asked, _reporter, _time, CancellationToken.None)).Checks[^1].Detail);
        Assert.Equal("Sealed: 2 of 3 unseal keys given", (await HealthProbe.RunAsync(asked with { Detailed = true }, _reporter, _time, CancellationToken.None)).Checks[^1].Detail);
    }

    private static Fault Refused(string path) => new() { Kind = Hit.Status, Status = 403, Body = """{"errors":["1 error occurred:\n\t* permission denied\n\n"]}""", Path = path, Times = null };

    private async Task<DevVaultServer> StartAsync(NodeState state)
    {
        DevVaultServer server = await DevVaultServer.StartAsync(new DevVaultOptions { Time = _time });
        server.State = state;
        return server;
    }

    private Task<VaultHealth> ProbeAsync(DevVaultServer server, Func<HealthOptions, HealthOptions>? change = null)
    {
        var options = new HealthOptions { Address = server.Address.ToString() };
        return HealthProbe.RunAsync(change?.Invoke(options) ?? options, _reporter, _time, CancellationToken.None);
    }

    private Task<VaultBackend> ConnectAsync(DevVaultServer server, string token, Func<ConnectOptions, ConnectOptions>? change = null)
    {
        var options = new ConnectOptions { Name = "prod", Address = server.Address.ToString(), Auth = new TokenAuth(Connection.Secure(token)) };
        return VaultBackend.ConnectAsync(change?.Invoke(options) ?? options, _reporter, _time, CancellationToken.None);
    }

    /// <summary>A clock that differs from another by a fixed span.</summary>
    private sealed class Ahead(TimeProvider time, TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => time.GetUtcNow() + by;
    }
}
