using SecretBridge.Audit;
using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Tests.Wire;
using SecretBridge.Tests.Wire.OnDevVault;
using SecretBridge.Wire;
using Xunit;

namespace SecretBridge.Tests.Audit.OnDevVault;

public sealed class AuditOnDevVaultTests : ServerTest
{
    private readonly RecordingAudit _audit = new();

    [Fact]
    public async Task Each_call_carries_an_id_of_its_own_that_its_event_tells()
    {
        await using VaultBackend backend = await ConnectAsync(new TokenAuth(Connection.Secure(Server.RootToken)));
        StoreLocation open = await OpenAsync(backend);
        Server.Requests.Reset();
        await open.Store.ReadAsync(open.Path, null, default);
        await open.Store.ReadAsync(open.Path, null, default);
        await using (IWriteSession session = await open.Store.OpenWriteSessionAsync(default))
        {
            await session.RemoveAsync(open.Path, default);
        }

        string[] sent = Server.Requests.All.Select(request => request.Headers["x-correlation-id"]).ToArray();
        Assert.Equal(_audit.Events.Select(told => told.Details["correlation_id"]), sent);
        Assert.Equal(3, sent.Distinct().Count());
        Assert.Matches("^[0-9a-f-]{36}$", sent[0]);
        Assert.True(_audit.Events[0].Details.ContainsKey("vault_request_id"));

        // The reply to a removal has no body, and so no id.
        Assert.False(_audit.Events[2].Details.ContainsKey("vault_request_id"));
    }

    [Fact]
    public async Task Without_a_trail_no_id_is_sent()
    {
        await using VaultBackend backend = await ConnectAsync(new TokenAuth(Connection.Secure(Server.RootToken)));
        await ReadAsync(backend);
        Assert.DoesNotContain(Server.Requests.All, request => request.Headers.ContainsKey("x-correlation-id"));
    }

    [Fact]
    public async Task The_id_of_the_request_is_left_out_where_it_is_not_to_be_captured()
    {
        await using VaultBackend backend = await ConnectAsync(new TokenAuth(Connection.Secure(Server.RootToken)), options => options with { CaptureRequestId = false });
        StoreLocation open = await OpenAsync(backend);
        await open.Store.ReadAsync(open.Path, null, default);
        Assert.Equal(["version", "correlation_id"], Assert.Single(_audit.Events).Details.Keys);
    }

    [Fact]
    public async Task Who_acts_is_the_role_that_logged_in()
    {
        await using VaultBackend backend = await ConnectAsync(await RoleAsync(3600));
        StoreLocation open = await OpenAsync(backend);
        await open.Store.ReadAsync(open.Path, null, default);
        Assert.Equal("r1", Assert.Single(_audit.Events).Actor);
    }

    [Fact]
    public async Task A_write_whose_outcome_is_not_known_is_told_so()
    {
        await using VaultBackend backend = await ConnectAsync(new TokenAuth(Connection.Secure(Server.RootToken)), options => options with { MaxRetries = 0 });
        StoreLocation open = await OpenAsync(backend);
        Server.Faults.Add(new() { Kind = DevVault.FaultKind.ResetAfterCommit, Path = "secret/data/**", Times = null });
        await using IWriteSession session = await open.Store.OpenWriteSessionAsync(default);
        await Assert.ThrowsAnyAsync<BridgeException>(() => session.WriteAsync(open.Path, SecretPayload.Parse("{\"k\":\"v2\"}"u8, "test"), null, default).AsTask());

        AuditEvent told = Assert.Single(_audit.Events);
        Assert.Equal(("secret.written", "unknown"), (told.Action, told.Details["outcome"]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_removal_whose_reply_was_lost_is_told_too_and_one_that_was_refused_is_not(int retries)
    {
        await using VaultBackend backend = await ConnectAsync(new TokenAuth(Connection.Secure(Server.RootToken)), options => options with { MaxRetries = retries });
        StoreLocation open = await OpenAsync(backend);
        await using IWriteSession session = await open.Store.OpenWriteSessionAsync(default);
        Server.Faults.Add(new() { Kind = DevVault.FaultKind.ResetAfterCommit, Path = "secret/metadata/**", Times = 1 });
        Server.Faults.Add(new() { Kind = DevVault.FaultKind.Status, Status = 403, Path = "secret/metadata/**", Times = null });
        await Assert.ThrowsAnyAsync<BridgeException>(() => session.RemoveAsync(open.Path, default).AsTask());
        await Assert.ThrowsAnyAsync<BridgeException>(() => session.RemoveAsync(open.Path, default).AsTask());

        AuditEvent told = Assert.Single(_audit.Events);
        Assert.Equal(("secret.removed", "unknown"), (told.Action, told.Details["outcome"]));
    }

    private async Task<StoreLocation> OpenAsync(VaultBackend backend)
    {
        var stores = new AuditedResolver(new BackendRegistry().With(backend), new() { Sink = _audit, Backend = _ => backend });
        return await stores.ResolveAsync(SecretReference.Parse("vault://secret/open"), default);
    }
}
