using SecretBridge.Reporting;
using SecretBridge.Wire;
using Xunit;

namespace SecretBridge.Tests.Wire;

/// <summary>Connections that end while they are used.</summary>
public class DisconnectTests
{
    private static VaultRequest Read => KvRequests.ReadV2("kv", "a", null);

    [Fact]
    public async Task A_request_after_the_end_says_that_nothing_is_connected()
    {
        await using var server = new RawServer(RawServer.Json(200, """{"data":{}}"""));
        using var connection = new Connection(server.Address);
        connection.Client.Dispose();
        Assert.Equal(FaultKind.NotConnected, (await connection.FailAsync(Read)).Kind);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_token_is_handed_out_no_more_once_the_end_has_begun()
    {
        await using var server = new RawServer(RawServer.Json(200, """{"data":{}}"""));
        using var connection = new Connection(server.Address);
        await connection.Client.Session.CloseAsync(CancellationToken.None);
        Assert.Equal(FaultKind.NotConnected, (await connection.FailAsync(Read)).Kind);
    }

    [Fact]
    public async Task Those_who_wait_for_a_refresh_are_told_and_do_not_hang()
    {
        await using var server = new RawServer((_, request) =>
            request.Contains("lookup-self", StringComparison.Ordinal) ? RawServer.Hang : RawServer.Json(403, """{"errors":["permission denied"]}"""));
        var time = new SecretBridge.Tests.Clocks.ManualTime();
        using var client = new VaultClient(
            new WireOptions { Address = VaultAddress.Parse(server.Address), MaxRetries = 0 },
            new TokenAuth(Connection.Secure(Connection.Token)), null, verify: true, new SecretBridge.Tests.Reporting.RecordingReporter(), time);
        Task[] waiting = Enumerable.Range(0, 2).Select(_ => client.SendAsync(Read, CancellationToken.None).AsTask()).ToArray();
        await server.Hanging.Task;
        Task closing = client.Session.CloseAsync(CancellationToken.None).AsTask();
        client.Dispose();
        time.Advance(TimeSpan.FromMinutes(3));
        await closing;
        foreach (Task task in waiting)
        {
            await Assert.ThrowsAnyAsync<BridgeException>(() => task);
        }
    }
}
