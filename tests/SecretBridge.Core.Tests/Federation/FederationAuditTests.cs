using SecretBridge.Audit;
using SecretBridge.Federation;
using SecretBridge.Reporting;
using SecretBridge.Tests.Audit;
using SecretBridge.Tests.Stores.ScaiVault;
using Xunit;
using Fault = SecretBridge.DevVault.Fault;
using FaultKind = SecretBridge.Reporting.FaultKind;
using Hit = SecretBridge.DevVault.FaultKind;

namespace SecretBridge.Tests.Federation;

public sealed class FederationAuditTests : ScaiVaultTest
{
    private const string Folder = "scaivault://target@federation/backends";

    private readonly RecordingAudit _audit = new();
    private FederationBackends? _backends;

    private FederationBackends Backends => _backends ??= new(Backend);

    private FederationOptions Making => new()
    {
        Name = "legacy",
        Address = "https://vault.example:8200/",
        Mode = "proxy",
        Config = Stores.JsonText.Payload($$"""{"auth_method":"token","token":"{{Canary}}"}"""),
        Audit = _audit,
    };

    [Fact]
    public async Task Each_change_is_told_once_with_its_target_and_nothing_of_its_configuration()
    {
        await Backends.CreateAsync(Making, CancellationToken.None);
        await Backends.ChangeAsync(new() { Id = "fb-1", Mode = "sync", SyncInterval = "5m", Audit = _audit }, CancellationToken.None);
        Assert.Equal(
            [
                ("federation.created", Folder + "/fb-1", "target", "address=https://vault.example:8200 mode=proxy name=legacy type=hashicorp-vault"),
                ("federation.changed", Folder + "/fb-1", "target", "mode=sync name=legacy sync_interval=5m"),
            ],
            _audit.Events.Select(told => (told.Action, told.Reference, told.Backend, DetailsOf(told))));
        Assert.Equal(
            Server.Requests.All.Select(request => request.Headers["X-Correlation-Id"]),
            _audit.Events.Select(told => told.Details["correlation_id"]));
    }

    [Fact]
    public async Task What_was_only_planned_or_is_refused_is_not_told()
    {
        await Backends.CreateAsync(Making with { PlanOnly = true }, CancellationToken.None);
        await Backends.ChangeAsync(new() { Id = "fb-1", Mode = "sync", PlanOnly = true, Audit = _audit }, CancellationToken.None);
        Assert.Equal(FaultKind.RequestRefused, (await FailAsync(() => Backends.ChangeAsync(new() { Id = "fb-9", Mode = "sync", Audit = _audit }, CancellationToken.None))).Kind);
        Assert.Empty(_audit.Events);
    }

    [Fact]
    public async Task Nothing_is_sent_where_the_trail_cannot_be_written()
    {
        var trail = new AuditTrail(new() { Path = "/nowhere/at/all/audit.jsonl", Actor = "ann" });
        Assert.Equal(FaultKind.AuditFailed, (await FailAsync(() => Backends.CreateAsync(Making with { Audit = trail }, CancellationToken.None))).Kind);
        Assert.Equal(FaultKind.AuditFailed, (await FailAsync(() => Backends.ChangeAsync(new() { Id = "fb-1", Mode = "sync", Audit = trail }, CancellationToken.None))).Kind);
        Assert.Equal(0, Server.Requests.Total);
    }

    [Fact]
    public async Task A_backend_that_was_made_and_cannot_be_told_is_known_and_the_failure_says_so()
    {
        _audit.Refuses = true;
        BridgeException refusal = await FailAsync(() => Backends.CreateAsync(Making, CancellationToken.None));
        Assert.Equal(FaultKind.AuditFailed, refusal.Kind);
        Assert.Contains("The federation backend 'legacy' was changed", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("fb-1", Assert.Single(Backends.Known).Id);
    }

    [Fact]
    public async Task A_change_whose_reply_was_lost_is_told_as_of_unknown_outcome()
    {
        Server.Faults.Add(new Fault { Kind = Hit.ResetAfterCommit, Method = "POST" });
        Assert.Equal(FaultKind.OutcomeUnknown, (await FailAsync(() => Backends.CreateAsync(Making, CancellationToken.None))).Kind);
        AuditEvent told = Assert.Single(_audit.Events);
        Assert.Equal(("federation.created", Folder, "legacy", "unknown"), (told.Action, told.Reference, told.Details["name"], told.Details["outcome"]));
    }

    [Theory]
    [InlineData("{}", "", FaultKind.MalformedReply)]
    [InlineData("""{"id":"../x"}""", "", null)]
    [InlineData("""{"id":"a b?"}""", "/a b%3F", null)]
    public async Task A_backend_is_told_whatever_id_the_server_gives_it(string reply, string below, FaultKind? fault)
    {
        Server.Faults.Add(new Fault { Kind = Hit.Status, Status = 201, Body = reply });
        Func<Task> make = () => Backends.CreateAsync(Making, CancellationToken.None);
        if (fault is null)
        {
            await make();
        }
        else
        {
            Assert.Equal(fault, (await FailAsync(make)).Kind);
        }

        Assert.Equal(Folder + below, Assert.Single(_audit.Events).Reference);
    }

    [Fact]
    public async Task Of_several_changes_those_after_one_that_cannot_be_told_are_tried()
    {
        await Backends.CreateAsync(Making, CancellationToken.None);
        _audit.Refuses = true;
        var rows = new List<FederationBackend>();
        await foreach (FederationBackend row in FederationBackends.ChangeAsync(Changes(), CancellationToken.None))
        {
            rows.Add(row);
            _audit.Refuses = false;
        }

        Assert.Equal([FaultKind.AuditFailed, null], rows.Select(row => ((IFaultRow)row).Fault?.Kind));
        Assert.Equal(["federation.created", "federation.changed"], _audit.Events.Select(told => told.Action));

        async IAsyncEnumerable<(FederationBackends Backends, FederationChange Change)> Changes()
        {
            await Task.CompletedTask;
            yield return (Backends, new() { Id = "fb-1", Mode = "sync", Audit = _audit });
            yield return (Backends, new() { Id = "fb-1", Mode = "proxy", Audit = _audit });
        }
    }

    private static string DetailsOf(AuditEvent told) => string.Join(' ', told.Details
        .Where(detail => detail.Key != "correlation_id").OrderBy(detail => detail.Key, StringComparer.Ordinal).Select(detail => $"{detail.Key}={detail.Value}"));
}
