using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Tests.Clocks;
using SecretBridge.Trees;
using SecretBridge.Wire;
using Xunit;

namespace SecretBridge.Tests.Wire;

/// <summary>Faults on the wire, made by a server that sends whatever bytes a test wants.</summary>
public class ResilienceTests
{
    private static readonly string Secret = RawServer.Json(200, """{"request_id":"r","data":{"data":{"k":"v"},"metadata":{"version":1}}}""");
    private static readonly string Absent = RawServer.Json(404, """{"errors":[]}""");

    private static VaultRequest Read => KvRequests.ReadV2("kv", "a", null);

    private static VaultRequest Write => KvRequests.WriteV2("kv", "a", """{"k":"canary"}"""u8.ToArray(), 0);

    public static TheoryData<string> Transient => new()
    {
        RawServer.Json(429, """{"errors":["rate limit quota exceeded"]}"""),
        RawServer.Json(412, """{"errors":["required state not present"]}"""),
        RawServer.Json(500, """{"errors":["internal error"]}"""),
        RawServer.Json(503, """{"errors":["Vault is sealed"]}"""),
        RawServer.Json(502, "<html>bad gateway</html>"),
        RawServer.Json(400, """{"errors":["Upgrading from non-versioned to versioned data. This backend"]}"""),
        "HTTP/1.1 200 OK\r\nContent-Length: 500\r\nConnection: close\r\n\r\n{\"data\":",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n20\r\n{\"data\":",
        RawServer.Json(200, "{\"data\":{\"da"),
    };

    [Theory]
    [MemberData(nameof(Transient))]
    public async Task What_passes_is_tried_again(string answer)
    {
        await using var server = new RawServer(answer, Secret);
        using var connection = new Connection(server.Address);
        Assert.Equal(200, (await connection.SendAsync(Read)).Status);
        Assert.Equal(2, server.Requests.Count);
        Assert.Single(connection.Time.Waits);
    }

    [Theory]
    [InlineData(400, """{"errors":["no data provided"]}""")]
    [InlineData(403, """{"errors":["1 error occurred:\n\t* permission denied\n\n"]}""")]
    [InlineData(412, """{"errors":["missing \"X-Vault-Request\" header"]}""")]
    [InlineData(413, "")]
    [InlineData(500, """{"errors":["put failed due to value being too large"]}""")]
    [InlineData(501, "")]
    public async Task What_does_not_pass_is_sent_once(int status, string body)
    {
        await using var server = new RawServer(RawServer.Json(status, body));
        using var connection = new Connection(server.Address);
        await connection.FailAsync(Read);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Tries_end_and_the_last_failure_is_told()
    {
        await using var server = new RawServer(RawServer.Json(503, """{"errors":["Vault is sealed"]}"""));
        using var connection = new Connection(server.Address);
        var fault = (VaultException)await connection.FailAsync(Read);
        Assert.Equal((FaultKind.Sealed, 503, 5), (fault.Kind, fault.StatusCode, fault.Attempts));
        Assert.Equal(5, server.Requests.Count);
        Assert.All(connection.Time.Waits, wait => Assert.InRange(wait, TimeSpan.Zero, TimeSpan.FromSeconds(15)));
    }

    [Theory]
    [InlineData("Retry-After: 7\r\n", 7)]
    [InlineData("Retry-After: 0\r\n", 0)]
    [InlineData("Retry-After: Thu, 01 Jan 2026 00:00:09 GMT\r\n", 9)]
    [InlineData("Retry-After: Thu, 01 Jan 2015 00:00:09 GMT\r\n", 0)]
    public async Task The_wait_that_the_server_asks_for_is_kept(string header, int seconds)
    {
        await using var server = new RawServer(RawServer.Json(429, """{"errors":[]}""", header), Secret);
        using var connection = new Connection(server.Address);
        await connection.SendAsync(Read);
        Assert.Equal(seconds == 0 ? [] : [TimeSpan.FromSeconds(seconds)], connection.Time.Waits.Where(wait => wait > TimeSpan.Zero));
    }

    [Fact]
    public async Task A_huge_wait_is_capped()
    {
        await using var server = new RawServer(RawServer.Json(429, """{"errors":[]}""", "Retry-After: 100000\r\n"), Secret);
        using var connection = new Connection(server.Address, time: new ManualTime { Patience = TimeSpan.FromHours(1) });
        Assert.Equal(200, (await connection.SendAsync(Read)).Status);
        Assert.Equal([TimeSpan.FromSeconds(60)], connection.Time.Waits);
    }

    [Fact]
    public async Task A_policy_that_limits_pages_is_asked_for_its_largest_until_none_is_left()
    {
        await using var server = new RawServer((_, request) => request.Split(' ')[1] switch
        {
            var target when target.Contains("limit=10000", StringComparison.Ordinal) => RawServer.Json(403, """{"errors":["1 error occurred:\n\t* permission denied\n\n"]}"""),
            var target when target.Contains("after=b", StringComparison.Ordinal) => RawServer.Json(200, """{"data":{"keys":["c"]}}"""),
            var target when target.Contains("after=c", StringComparison.Ordinal) => Absent,
            _ => RawServer.Json(200, """{"data":{"keys":["a","b"]}}"""),
        });
        using var connection = new Connection(server.Address);
        FolderListing listing = await connection.StoreOn("OpenBao").ListAsync(SecretPath.Parse("x"), CancellationToken.None);
        Assert.Equal(["a", "b", "c"], listing.Names.Select(name => name.Name));
    }

    [Fact]
    public async Task A_scan_that_would_be_too_long_falls_back_to_lists()
    {
        await using var server = new RawServer($"HTTP/1.1 200 OK\r\nContent-Length: {KvRequests.LargestScan + 1}\r\nConnection: close\r\n\r\n{{");
        using var connection = new Connection(server.Address);
        Assert.Null(await connection.StoreOn("OpenBao").TryScanAsync(SecretPath.Root, CancellationToken.None));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_proxy_is_asked_where_one_is_given()
    {
        await using var proxy = new RawServer(Secret);
        using var connection = new Connection("http://vault.invalid:8200", options => options with { Proxy = ProxyAddress.Parse(proxy.Address) });
        await connection.SendAsync(Read);
        Assert.StartsWith("GET http://vault.invalid:8200/v1/kv/data/a HTTP/1.1", Assert.Single(proxy.Requests), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_server_warns_of_is_said_once_and_scrubbed()
    {
        await using var server = new RawServer((_, _) => RawServer.Json(200, """{"data":{"version":1},"warnings":["Endpoint ignored these unrecognized parameters: [canary]"]}"""));
        using var connection = new Connection(server.Address);
        await connection.SendAsync(Write);
        await connection.SendAsync(Write);
        string warning = Assert.Single(connection.Reporter.Warnings);
        Assert.Contains("Endpoint ignored", warning, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_failed_many_times_in_a_row_is_left_alone_for_a_while()
    {
        await using var server = new RawServer((number, _) => number <= 8 ? RawServer.Json(500, """{"errors":["x"]}""") : Secret);
        using var connection = new Connection(server.Address, options => options with { MaxRetries = 0 });
        for (int i = 0; i < 8; i++)
        {
            Assert.Equal(FaultKind.ServerError, (await connection.FailAsync(Read)).Kind);
        }

        Assert.Equal(FaultKind.CircuitOpen, (await connection.FailAsync(Read)).Kind);
        Assert.Equal(8, server.Requests.Count);
        connection.Time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(200, (await connection.SendAsync(Read)).Status);
    }

    [Fact]
    public async Task An_operation_of_many_items_waits_out_the_break_and_says_so_once()
    {
        await using var server = new RawServer((number, _) => number <= 8 ? RawServer.Json(500, """{"errors":["x"]}""") : Secret);
        using var connection = new Connection(server.Address, options => options with { MaxRetries = 0 });
        var throttle = new Throttle(1, 1, connection.Time) { WaitsOutBreaks = true };
        var outcomes = new List<int>();
        await foreach (int outcome in BoundedPipe.SelectAsync(Enumerable.Range(0, 12).ToAsync(), throttle, (_, stop) => StatusAsync(connection, stop), CancellationToken.None))
        {
            outcomes.Add(outcome);
        }

        Assert.Equal([500, 500, 500, 500, 500, 500, 500, 500, 200, 200, 200, 200], outcomes);
        Assert.Equal(12, server.Requests.Count);
        Assert.Collection(connection.Reporter.Warnings,
            first => Assert.Contains("Pausing", first, StringComparison.Ordinal),
            second => Assert.Contains("answers again", second, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_break_that_lasts_ends_the_operation_after_some_minutes()
    {
        await using var server = new RawServer((_, _) => RawServer.Json(500, """{"errors":["x"]}"""));
        using var connection = new Connection(server.Address, options => options with { MaxRetries = 0 });
        var throttle = new Throttle(1, 1, connection.Time) { WaitsOutBreaks = true };
        DateTimeOffset begun = connection.Time.GetUtcNow();
        await foreach (BridgeException fault in BoundedPipe.SelectAsync(Enumerable.Range(0, 500).ToAsync(), throttle, (_, _) => connection.FailAsync(Read), CancellationToken.None))
        {
            if (fault.Kind == FaultKind.CircuitOpen)
            {
                break;
            }
        }

        Assert.InRange(connection.Time.GetUtcNow() - begun, TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(8));
        Assert.InRange(server.Requests.Count, 9, 100);
    }

    [Fact]
    public async Task A_server_that_asks_for_less_halves_what_is_under_way()
    {
        await using var server = new RawServer((number, _) => number == 1 ? RawServer.Json(429, """{"errors":["quota"]}""") : Secret);
        using var connection = new Connection(server.Address);
        var throttle = new Throttle(null, 64, connection.Time);
        await foreach (VaultReply reply in BoundedPipe.SelectAsync(Enumerable.Range(0, 1).ToAsync(), throttle, (_, stop) => connection.Client.SendAsync(Read, stop).AsTask(), CancellationToken.None))
        {
            Assert.Equal(200, reply.Status);
        }

        Assert.Equal(AdaptiveLimit.Start / 2, throttle.Limit);
    }

    [Fact]
    public async Task A_try_without_an_answer_ends_and_is_a_timeout()
    {
        await using var server = new RawServer(RawServer.Hang);
        using var connection = new Connection(server.Address, options => options with { MaxRetries = 0 });
        Task<BridgeException> failing = connection.FailAsync(Read);
        await server.Hanging.Task;
        connection.Time.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(FaultKind.Timeout, (await failing).Kind);
    }

    [Fact]
    public async Task Cancellation_is_cancellation_and_no_timeout()
    {
        await using var server = new RawServer(RawServer.Hang);
        using var connection = new Connection(server.Address);
        using var cancel = new CancellationTokenSource();
        Task<VaultReply> sending = connection.Client.SendAsync(Read, cancel.Token).AsTask();
        await server.Hanging.Task;
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task The_deadline_spans_all_tries(bool isPrompt, bool isWrite)
    {
        await using var server = new RawServer((_, _) => RawServer.Json(503, """{"errors":["node is not active"]}""", "Retry-After: 20\r\n"));
        using var connection = new Connection(server.Address, options => options with { MaxRetries = 1000, Deadline = TimeSpan.FromSeconds(70) }, new ManualTime { IsPrompt = isPrompt });
        var fault = (VaultException)await connection.FailAsync(isWrite ? Write : Read);
        Assert.Equal((FaultKind.NoActiveNode, 4, false), (fault.Kind, fault.Attempts, fault.MayHaveTakenEffect));
        Assert.Equal(4, server.Requests.Count);
    }

    [Fact]
    public async Task A_server_that_cannot_be_reached_is_said_to_be_so()
    {
        using var closed = new ClosedPort();
        using var connection = new Connection(closed.Address, options => options with { MaxRetries = 1 });
        BridgeException fault = await connection.FailAsync(Write);
        Assert.Equal(FaultKind.Unreachable, fault.Kind);
        Assert.Contains(closed.Address, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reply_that_is_too_long_is_not_read()
    {
        await using var server = new RawServer(
            "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\nConnection: close\r\n\r\n{",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n{\"aaaaaaaaaaaaaa\r\n10\r\naaaaaaaaaaaaaaaa\r\n0\r\n\r\n");
        using var connection = new Connection(server.Address);
        Assert.Equal(FaultKind.MalformedReply, (await connection.FailAsync(Read)).Kind);
        Assert.Equal(FaultKind.MalformedReply, (await connection.FailAsync(Read with { MaxReply = 20 })).Kind);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task Requests_keep_to_the_rate_after_the_burst()
    {
        await using var server = new RawServer(Secret);
        using var connection = new Connection(server.Address, options => options with { RateLimit = 2, RateBurst = 3 });
        for (int i = 0; i < 5; i++)
        {
            await connection.SendAsync(Read);
        }

        Assert.Equal([TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(0.5)], connection.Time.Waits);
    }

    [Fact]
    public async Task Waiting_for_its_turn_is_no_part_of_a_requests_time()
    {
        await using var server = new RawServer(Secret);
        using var connection = new Connection(server.Address, options => options with { RateLimit = 0.01, RateBurst = 1, Deadline = TimeSpan.FromSeconds(50) }, new ManualTime { Patience = TimeSpan.FromHours(1) });
        await connection.SendAsync(Read);
        Assert.Equal(200, (await connection.SendAsync(Read)).Status);
        Assert.Equal([TimeSpan.FromSeconds(100)], connection.Time.Waits);
    }

    [Fact]
    public async Task A_second_try_waits_for_its_turn_as_well()
    {
        await using var server = new RawServer(RawServer.Json(429, """{"errors":[]}""", "Retry-After: 1\r\n"), Secret);
        using var connection = new Connection(server.Address, options => options with { RateLimit = 0.1, RateBurst = 1 });
        await connection.SendAsync(Read);
        Assert.Equal([TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(9)], connection.Time.Waits);
    }

    [Fact]
    public async Task Each_request_says_who_it_is_from_and_a_namespace_only_where_it_may()
    {
        await using var server = new RawServer((_, _) => RawServer.Json(200, """{"initialized":true,"sealed":false,"data":{}}"""));
        using var connection = new Connection(server.Address, options => options with { Namespace = "team-a" });
        await connection.SendAsync(Read);
        await connection.SendAsync(SysRequests.Health(null));
        await connection.SendAsync(SysRequests.SealStatus());
        Assert.All(server.Requests, request => Assert.Contains("X-Vault-Request: true\r\n", request, StringComparison.Ordinal));
        Assert.Contains($"X-Vault-Token: {Connection.Token}", server.Requests[0], StringComparison.Ordinal);
        Assert.Contains("X-Vault-Namespace: team-a", server.Requests[0], StringComparison.Ordinal);
        Assert.All(server.Requests.Skip(1), request =>
        {
            Assert.DoesNotContain("Namespace", request, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("X-Vault-Token", request, StringComparison.OrdinalIgnoreCase);
        });
    }

    [Fact]
    public async Task A_cookie_is_not_kept()
    {
        await using var server = new RawServer(RawServer.Json(200, "{}", "Set-Cookie: a=b\r\n"));
        using var connection = new Connection(server.Address);
        await connection.SendAsync(Read);
        await connection.SendAsync(Read);
        Assert.DoesNotContain("Cookie", server.Requests[1], StringComparison.OrdinalIgnoreCase);
    }

    private static async Task<int> StatusAsync(Connection connection, CancellationToken cancellationToken)
    {
        try
        {
            return (await connection.Client.SendAsync(Read, cancellationToken)).Status;
        }
        catch (VaultException exception)
        {
            return exception.StatusCode ?? 0;
        }
    }
}
