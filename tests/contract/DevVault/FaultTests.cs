using SecretBridge.DevVault;
using Xunit;

namespace SecretBridge.Contract.Tests;

public sealed class FaultTests : IAsyncLifetime
{
    private DevVaultServer _server = null!;
    private TestClient _client = null!;

    public async Task InitializeAsync()
    {
        _server = await DevVaultServer.StartAsync();
        _client = new TestClient(_server);
        _server.Put("secret", "a", """{"k":"one"}""");
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_reset_before_the_headers_changes_nothing()
    {
        Fault fault = _server.Faults.Add(new Fault { Kind = FaultKind.ResetBeforeHeaders, Method = "POST" });

        await Assert.ThrowsAsync<HttpRequestException>(() => _client.PostAsync("/v1/secret/data/a", """{"data":{"k":"two"}}"""));

        Assert.Equal("""{"k":"one"}""", _server.Read("secret", "a"));
        Assert.Equal(1, fault.Struck);
        Assert.Equal(0, Assert.Single(_server.Requests.Writes).Status);
    }

    [Fact]
    public async Task A_reset_after_the_commit_loses_only_the_reply()
    {
        _server.Faults.Add(new Fault { Kind = FaultKind.ResetAfterCommit, Path = "secret/data/*" });

        await Assert.ThrowsAsync<HttpRequestException>(() => _client.PostAsync("/v1/secret/data/a", """{"data":{"k":"two"}}"""));

        Assert.Equal("""{"k":"two"}""", _server.Read("secret", "a"));
        Assert.Equal(2, _server.Secret("secret", "a")!.Latest!.Number);
    }

    [Fact]
    public async Task A_truncated_body_is_shorter_than_promised()
    {
        _server.Faults.Add(new Fault { Kind = FaultKind.Truncate });

        await Assert.ThrowsAsync<HttpRequestException>(() => _client.GetAsync("/v1/secret/data/a"));

        Assert.Equal(200, (await _client.GetAsync("/v1/secret/data/a")).Status);
    }

    [Fact]
    public async Task A_status_comes_with_its_body_and_headers()
    {
        _server.Faults.Add(new Fault
        {
            Kind = FaultKind.Status,
            Status = 429,
            Body = """{"errors":["slow down"]}""",
            Headers = new Dictionary<string, string> { ["Retry-After"] = "7" },
        });

        TestReply reply = await _client.GetAsync("/v1/secret/data/a");

        Assert.Equal((429, "slow down", "7"), (reply.Status, reply.Error, reply.RetryAfter));
    }

    [Fact]
    public async Task A_proxy_answers_with_HTML()
    {
        _server.Faults.Add(new Fault { Kind = FaultKind.Html });

        Assert.StartsWith("<!DOCTYPE html>", (await _client.GetAsync("/v1/secret/data/a")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirect_names_its_location()
    {
        _server.Faults.Add(new Fault { Kind = FaultKind.Redirect, Location = "https://elsewhere.example/v1/secret/data/a" });

        TestReply reply = await _client.GetAsync("/v1/secret/data/a");

        Assert.Equal((307, "https://elsewhere.example/v1/secret/data/a"), (reply.Status, reply.Location));
    }

    [Fact]
    public async Task An_upgrade_is_a_400_that_goes_away()
    {
        _server.Faults.Add(new Fault { Kind = FaultKind.Upgrade, Times = 2 });

        int[] statuses = [(await _client.GetAsync("/v1/secret/data/a")).Status, (await _client.GetAsync("/v1/secret/data/a")).Status, (await _client.GetAsync("/v1/secret/data/a")).Status];

        Assert.Equal([400, 400, 200], statuses);
    }

    [Fact]
    public async Task A_gate_holds_a_request_until_the_test_opens_it()
    {
        var gate = new Gate();
        _server.Faults.Add(new Fault { Kind = FaultKind.Latency, Gate = gate });

        Task<TestReply> reading = _client.GetAsync("/v1/secret/data/a");
        await gate.ArrivedAsync();
        Assert.False(reading.IsCompleted);
        gate.Open();

        Assert.Equal(200, (await reading).Status);
    }

    [Fact]
    public async Task A_hanging_request_ends_when_the_client_gives_up_and_changes_nothing()
    {
        var gate = new Gate();
        _server.Faults.Add(new Fault { Kind = FaultKind.HangUntilReleased, Gate = gate });
        using var giveUp = new CancellationTokenSource();

        Task<TestReply> writing = _client.SendAsync("POST", "/v1/secret/data/a", """{"data":{"k":"two"}}""", cancellationToken: giveUp.Token);
        await gate.ArrivedAsync();
        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing);
        Assert.Equal("""{"k":"one"}""", _server.Read("secret", "a"));
    }

    [Fact]
    public async Task A_stale_read_shows_the_version_before()
    {
        _server.Put("secret", "a", """{"k":"two"}""");
        _server.Put("secret", "new", """{"k":"one"}""");
        _server.Faults.Add(new Fault { Kind = FaultKind.Stale, Method = "GET", Times = 2 });

        Assert.Equal(1, (await _client.GetAsync("/v1/secret/data/a")).Data.GetProperty("metadata").GetProperty("version").GetInt32());
        Assert.Equal(404, (await _client.GetAsync("/v1/secret/data/new")).Status);
        Assert.Equal(2, (await _client.GetAsync("/v1/secret/data/a")).Data.GetProperty("metadata").GetProperty("version").GetInt32());
    }

    [Fact]
    public async Task Interference_happens_between_two_requests()
    {
        _server.Faults.Add(new Fault { Kind = FaultKind.Interfere, Method = "LIST", Do = () => _server.Remove("secret", "a") });

        Assert.Equal(404, (await _client.ListAsync("/v1/secret/metadata/")).Status);
    }

    [Fact]
    public async Task A_fault_strikes_the_requests_that_match_after_those_it_skips()
    {
        _server.Faults.Add(new Fault { Kind = FaultKind.Status, Status = 500, Method = "GET", Path = "secret/**", Skip = 1, Times = 1 });

        var statuses = new List<int>();
        for (int i = 0; i < 3; i++)
        {
            statuses.Add((await _client.GetAsync("/v1/secret/data/a")).Status);
            statuses.Add((await _client.GetAsync("/v1/sys/mounts")).Status);
        }

        Assert.Equal([200, 200, 500, 200, 200, 200], statuses);
    }

    [Fact]
    public async Task The_same_seed_strikes_the_same_requests()
    {
        Assert.Equal(await StrikesOfSeedAsync(7), await StrikesOfSeedAsync(7));
        Assert.NotEqual(await StrikesOfSeedAsync(7), await StrikesOfSeedAsync(8));
    }

    private static async Task<int[]> StrikesOfSeedAsync(int seed)
    {
        await using DevVaultServer server = await DevVaultServer.StartAsync(new DevVaultOptions { Seed = seed });
        using var client = new TestClient(server);
        server.Faults.Add(new Fault { Kind = FaultKind.Status, Status = 503, Times = null, Probability = 0.5 });
        var statuses = new List<int>();
        for (int i = 0; i < 40; i++)
        {
            statuses.Add((await client.GetAsync("/v1/secret/data/a")).Status);
        }
        return [.. statuses];
    }
}
