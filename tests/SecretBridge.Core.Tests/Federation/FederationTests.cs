using System.Text.Json;
using SecretBridge.DevVault;
using SecretBridge.Federation;
using SecretBridge.Tests.Stores;
using SecretBridge.Tests.Stores.ScaiVault;
using Xunit;
using FaultKind = SecretBridge.Reporting.FaultKind;
using Hit = SecretBridge.DevVault.FaultKind;

namespace SecretBridge.Tests.Federation;

public sealed class FederationTests : ScaiVaultTest
{
    private static readonly FederationOptions Options = new()
    {
        Name = "legacy",
        Address = "https://vault.example:8200/",
        Namespace = "team",
        AuthMethod = "approle",
        AuthConfigPath = "/etc/scaivault/vault.json",
        TlsVerify = true,
        PathMap = [new("external/hashicorp/**", "kv/**"), new("a", "b")],
        Mode = "proxy",
    };

    private FederationBackends? _backends;

    private FederationBackends Backends => _backends ??= new(Backend);

    [Fact]
    public async Task A_backend_is_made_with_the_documented_body()
    {
        FederationBackend made = await Backends.CreateAsync(Options, CancellationToken.None);
        Assert.Equal(("fb-1", "active", "proxy", "target"), (made.Id, made.Status, made.Mode, made.Backend));
        Assert.Equal(
            """{"name":"legacy","type":"hashicorp-vault","config":{"endpoint":"https://vault.example:8200","namespace":"team","auth_method":"approle","auth_config_path":"/etc/scaivault/vault.json","tls_verify":true},"path_mapping":{"external/hashicorp/**":"kv/**","a":"b"},"mode":"proxy"}""",
            Server.Backends["fb-1"].Made);
        Assert.Equal(["external/hashicorp/**", "a"], made.PathMap!.Keys.Cast<string>());
    }

    [Fact]
    public async Task What_is_secret_in_a_configuration_is_sent_and_never_told()
    {
        FederationOptions options = Options with { Config = JsonText.Payload($$"""{"auth_method":"token","token":"{{Canary}}","timeout":30}""") };
        Server.Faults.Add(new Fault { Kind = Hit.Status, Status = 422, Body = $$"""{"error":"bad","message":"token {{Canary}} refused"}""" });
        Assert.Equal(FaultKind.RequestRefused, (await FailAsync(() => Backends.CreateAsync(options, CancellationToken.None))).Kind);
        FederationBackend made = await Backends.CreateAsync(options, CancellationToken.None);
        Assert.Contains($"\"auth_method\":\"token\",\"token\":\"{Canary}\",\"timeout\":30", Server.Backends["fb-1"].Made, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", JsonSerializer.Serialize(made) + made, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_sends_what_is_given_and_an_interval_of_digits_as_a_number()
    {
        await Backends.CreateAsync(Options, CancellationToken.None);
        FederationBackend changed = await Backends.ChangeAsync(
            new() { Id = Backends.IdOf("legacy"), Mode = "sync", SyncInterval = "300", ConflictResolution = "source-wins" }, CancellationToken.None);
        Assert.Equal("""{"mode":"sync","sync_interval":300,"conflict_resolution":"source-wins"}""", Server.Backends["fb-1"].Changed);
        Assert.Equal(("legacy", "sync", "300"), (changed.Name, changed.Mode, changed.SyncInterval));
        await Backends.ChangeAsync(new() { Id = "fb-1", SyncInterval = "5m" }, CancellationToken.None);
        Assert.Equal("""{"sync_interval":"5m"}""", Server.Backends["fb-1"].Changed);
        Assert.Equal(("sync", "5m"), (Assert.Single(Backends.Known).Mode, Backends.Known[0].SyncInterval));
    }

    [Fact]
    public async Task A_plan_sends_nothing()
    {
        Assert.True((await Backends.CreateAsync(Options with { PlanOnly = true }, CancellationToken.None)).Planned);
        Assert.True((await Backends.ChangeAsync(new() { Id = "fb-1", Mode = "sync", PlanOnly = true }, CancellationToken.None)).Planned);
        Assert.Equal(0, Server.Requests.Total);
        Assert.Empty(Backends.Known);
    }

    [Fact]
    public async Task A_name_that_is_taken_and_an_id_that_is_unknown_are_refused()
    {
        await Backends.CreateAsync(Options, CancellationToken.None);
        Assert.Equal(FaultKind.RequestRefused, (await FailAsync(() => Backends.CreateAsync(Options, CancellationToken.None))).Kind);
        Assert.Equal(FaultKind.RequestRefused, (await FailAsync(() => Backends.ChangeAsync(new() { Id = "fb-9", Mode = "sync" }, CancellationToken.None))).Kind);
        Assert.Equal(FaultKind.InvalidArgument, (await FailAsync(() => Backends.ChangeAsync(new() { Id = "fb-1" }, CancellationToken.None))).Kind);
        Assert.Equal(FaultKind.InvalidArgument, (await FailAsync(() => Backends.CreateAsync(Options with { Address = "https://u:canary@v" }, CancellationToken.None))).Kind);
    }

    [Fact]
    public async Task A_backend_whose_reply_was_lost_is_not_made_twice()
    {
        Server.Faults.Add(new Fault { Kind = Hit.ResetAfterCommit, Method = "POST" });
        Assert.Equal(FaultKind.OutcomeUnknown, (await FailAsync(() => Backends.CreateAsync(Options, CancellationToken.None))).Kind);
        Assert.Equal(1, Server.Requests.Count("POST", "federation/backends"));
    }

    [Fact]
    public async Task An_audit_log_that_is_a_bare_list_or_no_object_is_told_as_what_it_is()
    {
        Server.Faults.Add(new Fault { Kind = Hit.Status, Status = 200, Body = "[]" });
        Assert.Equal(FaultKind.MalformedReply, (await FailAsync(() => new ScaiVaultAudit(Backend).ReadAsync("x", null, CancellationToken.None))).Kind);
    }

    [Fact]
    public async Task An_audit_log_that_nests_deep_or_holds_half_a_character_is_read_all_the_same()
    {
        string deep = string.Concat(Enumerable.Repeat("[", 100)) + string.Concat(Enumerable.Repeat("]", 100));
        Server.Faults.Add(new Fault { Kind = Hit.Status, Status = 200, Body = $$"""{"logs":[{"action":"read","path":"a","more":{{deep}}},{"action":"write","path":"b\ud800"}]}""" });
        IReadOnlyList<ScaiVaultAuditEvent> events = await new ScaiVaultAudit(Backend).ReadAsync("x", null, CancellationToken.None);
        Assert.Equal(["read", "write"], events.Select(one => one.Action));
        Assert.Contains("b", events[1].Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_audit_log_tells_what_an_identity_did_since_a_time()
    {
        Server.AuditLog.Enqueue("""{"identity_id":"svc 1","timestamp":"2026-01-01T00:00:00Z","action":"read","path":"a"}""");
        Server.AuditLog.Enqueue("""{"identity_id":"svc 1","timestamp":"2026-02-01T00:00:00Z","action":"write","path":"b","count":2,"more":{"x":1}}""");
        Server.AuditLog.Enqueue("""{"identity_id":"other","timestamp":"2026-02-01T00:00:00Z","action":"read","path":"c"}""");
        IReadOnlyList<ScaiVaultAuditEvent> events = await new ScaiVaultAudit(Backend).ReadAsync("svc 1", new DateTimeOffset(2026, 1, 15, 0, 0, 0, TimeSpan.Zero), CancellationToken.None);
        ScaiVaultAuditEvent one = Assert.Single(events);
        Assert.Equal(("write", "b", "2"), (one.Action, one.Path, one.Fields["count"]));
        Assert.Equal("/v1/audit/logs?identity_id=svc%201&from=2026-01-15T00%3A00%3A00Z", Assert.Single(Server.Requests.All).RawTarget);
        Server.Faults.Add(new Fault { Kind = Hit.Status, Status = 200, Body = """{"nothing":1}""" });
        Assert.Equal(FaultKind.MalformedReply, (await FailAsync(() => new ScaiVaultAudit(Backend).ReadAsync("x", null, CancellationToken.None))).Kind);
    }
}
