using System.Text;
using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Wire;
using Xunit;

namespace SecretBridge.Tests.Wire;

/// <summary>Replies that never came: nothing is done twice, nothing is said to have failed that was done.</summary>
public class LostReplyTests
{
    private static readonly string Secret = RawServer.Json(200, """{"request_id":"r","data":{"data":{"k":"v"},"metadata":{"version":1}}}""");
    private static readonly string Written = RawServer.Json(200, """{"data":{"version":1}}""");
    private static readonly string Mismatch = RawServer.Json(400, """{"errors":["check-and-set parameter did not match the current version"]}""");
    private static readonly string Absent = RawServer.Json(404, """{"errors":[]}""");

    private static VaultRequest Read => KvRequests.ReadV2("kv", "a", null);

    [Fact]
    public async Task A_bodyless_POST_reaches_the_server_once_when_the_connection_breaks()
    {
        await using var server = new RawServer((number, _) => number == 1 ? Secret : RawServer.Reset);
        using var connection = new Connection(server.Address);
        await connection.SendAsync(Read);
        var fault = (VaultException)await connection.FailAsync(TokenRequests.Unwrap(new SecretText("canary-wrapping"), null));
        Assert.Equal(FaultKind.OutcomeUnknown, fault.Kind);
        Assert.Equal(2, server.Requests.Count);
        Assert.EndsWith("\r\n\r\n{}", server.Requests[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_login_whose_reply_is_lost_is_never_sent_again()
    {
        await using var server = new RawServer(RawServer.Reset);
        using var connection = new Connection(server.Address);
        var fault = (VaultException)await connection.FailAsync(TokenRequests.AppRoleLogin("approle", "r", new SecretText("canary"), null));
        Assert.Equal((FaultKind.OutcomeUnknown, 1), (fault.Kind, server.Requests.Count));
    }

    [Fact]
    public async Task A_login_that_a_sealed_server_turned_away_is_sent_again()
    {
        await using var server = new RawServer(RawServer.Json(503, """{"errors":["Vault is sealed"]}"""), RawServer.Json(200, """{"auth":{}}"""));
        using var connection = new Connection(server.Address);
        await connection.SendAsync(TokenRequests.AppRoleLogin("approle", "r", new SecretText("canary"), null));
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task A_write_whose_reply_is_lost_is_found_by_reading_it_back()
    {
        await using var server = new RawServer((_, request) => request.StartsWith("POST", StringComparison.Ordinal)
            ? RawServer.Reset
            : RawServer.Json(200, """{"data":{"data":{"k":"canary"},"metadata":{"version":1}}}"""));
        using var connection = new Connection(server.Address);
        Assert.Equal(1, (await WriteAsync(connection, 0)).Version);
        Assert.Single(server.Requests, request => request.StartsWith("POST", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_write_that_did_not_arrive_is_sent_again_with_the_same_check_and_set()
    {
        int posts = 0;
        await using var server = new RawServer((_, request) =>
            !request.StartsWith("POST", StringComparison.Ordinal) ? Absent : ++posts == 1 ? RawServer.Reset : Written);
        using var connection = new Connection(server.Address);
        Assert.Equal(1, (await WriteAsync(connection, 0)).Version);
        Assert.Equal(2, posts);
    }

    [Theory]
    [InlineData("""{"data":{"data":{"k":"other"},"metadata":{"version":1}}}""")]
    [InlineData("""{"data":{"data":{"k":"canary"},"metadata":{"version":2}}}""")]
    public async Task Another_version_or_another_value_is_not_taken_for_ours(string found)
    {
        await using var server = new RawServer((number, request) =>
            !request.StartsWith("POST", StringComparison.Ordinal) ? RawServer.Json(200, found) : number == 1 ? RawServer.Reset : Mismatch);
        using var connection = new Connection(server.Address);
        VaultException fault = await Assert.ThrowsAsync<VaultException>(() => WriteAsync(connection, 0));
        Assert.Contains(fault.Kind, new[] { FaultKind.OutcomeUnknown, FaultKind.CheckAndSetMismatch });
        Assert.DoesNotContain("canary", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mismatch_after_a_failed_try_is_checked_for_being_our_own_write()
    {
        int posts = 0;
        await using var server = new RawServer((_, request) =>
            !request.StartsWith("POST", StringComparison.Ordinal) ? RawServer.Json(200, """{"data":{"data":{"k":"canary"},"metadata":{"version":4}}}""")
            : ++posts == 1 ? RawServer.Json(500, """{"errors":["transaction commit failure"]}""") : Mismatch);
        using var connection = new Connection(server.Address);
        Assert.Equal(4, (await WriteAsync(connection, 3)).Version);
    }

    [Fact]
    public async Task A_write_without_check_and_set_is_never_sent_twice_when_its_reply_is_lost()
    {
        await using var server = new RawServer((_, request) => request.StartsWith("POST", StringComparison.Ordinal) ? RawServer.Reset : Absent);
        using var connection = new Connection(server.Address);
        Assert.Equal(FaultKind.OutcomeUnknown, (await Assert.ThrowsAsync<VaultException>(() => WriteAsync(connection, null))).Kind);
        Assert.Single(server.Requests, request => request.StartsWith("POST", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_standby_that_lags_behind_a_lost_write_is_asked_again()
    {
        int posts = 0, gets = 0;
        await using var server = new RawServer((_, request) => request.StartsWith("POST", StringComparison.Ordinal)
            ? ++posts == 1 ? RawServer.Reset : Mismatch
            : ++gets <= 2 ? Absent : RawServer.Json(200, """{"data":{"data":{"k":"canary"},"metadata":{"version":1}}}"""));
        using var connection = new Connection(server.Address);
        Assert.Equal(1, (await WriteAsync(connection, 0)).Version);
        Assert.Equal((2, 3), (posts, gets));
    }

    [Fact]
    public async Task One_mismatch_without_a_lost_reply_is_a_conflict_at_once()
    {
        await using var server = new RawServer(Mismatch);
        using var connection = new Connection(server.Address);
        Assert.Equal(FaultKind.CheckAndSetMismatch, (await Assert.ThrowsAsync<VaultException>(() => WriteAsync(connection, 0))).Kind);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_deadline_that_ends_a_second_try_leaves_the_outcome_unknown()
    {
        await using var server = new RawServer(RawServer.Json(429, """{"errors":[]}""", "Retry-After: 1\r\n"), RawServer.Hang);
        using var connection = new Connection(server.Address, options => options with { RequestTimeout = TimeSpan.FromMinutes(10) });
        Task<BridgeException> failing = connection.FailAsync(KvRequests.WriteV2("kv", "a", """{"k":"canary"}"""u8.ToArray(), 0));
        await server.Hanging.Task;
        connection.Time.Advance(TimeSpan.FromSeconds(121));
        Assert.Equal(FaultKind.OutcomeUnknown, (await failing).Kind);
        Assert.Equal(2, server.Requests.Count);
    }

    private static Task<WriteReceipt> WriteAsync(Connection connection, int? checkAndSet) => Task.Run(async () =>
    {
        await using IWriteSession session = await connection.Store.OpenWriteSessionAsync(CancellationToken.None);
        return await session.WriteAsync(SecretPath.Parse("a"), SecretPayload.Parse(Encoding.UTF8.GetBytes("""{"k":"canary"}"""), "a"), checkAndSet, CancellationToken.None);
    });
}
