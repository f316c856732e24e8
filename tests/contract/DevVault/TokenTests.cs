using SecretBridge.DevVault;
using Xunit;

namespace SecretBridge.Contract.Tests;

public sealed class TokenTests : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private DevVaultServer _server = null!;
    private TestClient _client = null!;

    public async Task InitializeAsync()
    {
        _server = await DevVaultServer.StartAsync(new DevVaultOptions { Time = _time });
        _client = new TestClient(_server);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_token_ends_with_its_ttl()
    {
        string token = _server.CreateToken([], TimeSpan.FromHours(1));

        _time.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(60, (await LookupAsync(token)).Data.GetProperty("ttl").GetInt64());
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(403, (await LookupAsync(token)).Status);
    }

    [Fact]
    public async Task Every_request_of_a_limited_token_counts_lookups_too()
    {
        string token = _server.CreateToken([], numUses: 2);

        int[] statuses = [(await LookupAsync(token)).Status, (await LookupAsync(token)).Status, (await LookupAsync(token)).Status];

        Assert.Equal([200, 200, 403], statuses);
    }

    [Fact]
    public async Task A_periodic_token_is_renewed_by_its_period_for_ever()
    {
        string token = (await _client.PostAsync("/v1/auth/token/create", """{"period":"1h","policies":["default"]}""")).Json.GetProperty("auth").GetProperty("client_token").GetString()!;

        for (int i = 0; i < 1000; i++)
        {
            _time.Advance(TimeSpan.FromMinutes(59));
            Assert.Equal(3600, (await _client.PostAsync("/v1/auth/token/renew-self", "{}", token)).Json.GetProperty("auth").GetProperty("lease_duration").GetInt64());
        }
    }

    [Theory]
    [InlineData("renew-self", "batch tokens cannot be renewed")]
    [InlineData("revoke-self", "batch tokens cannot be revoked")]
    public async Task A_batch_token_can_be_neither_renewed_nor_revoked(string what, string error)
    {
        string token = (await _client.PostAsync("/v1/auth/token/create", """{"type":"batch","policies":["default"]}""")).Json.GetProperty("auth").GetProperty("client_token").GetString()!;

        TestReply reply = await _client.PostAsync("/v1/auth/token/" + what, "{}", token);

        Assert.Equal((400, error), (reply.Status, reply.Error));
    }

    [Fact]
    public async Task Revoking_a_token_revokes_its_children_but_not_orphans()
    {
        string parent = await CreateAsync("""{"policies":["root"],"ttl":"1h"}""", null);
        string child = await CreateAsync("""{"policies":["default"]}""", parent);
        string orphan = await CreateAsync("""{"policies":["default"],"no_parent":true}""", parent);

        await _client.PostAsync("/v1/auth/token/revoke-self", "{}", parent);

        Assert.Equal((false, false, true), (_server.HasToken(parent), _server.HasToken(child), _server.HasToken(orphan)));
    }

    [Fact]
    public async Task An_AppRole_is_locked_out_after_five_failures_and_let_in_again_later()
    {
        await _client.PostAsync("/v1/sys/auth/approle", """{"type":"approle"}""");
        await _client.PostAsync("/v1/auth/approle/role/r", "{}");
        string role = (await _client.GetAsync("/v1/auth/approle/role/r/role-id")).Data.GetProperty("role_id").GetString()!;
        string good = (await _client.PostAsync("/v1/auth/approle/role/r/secret-id", "{}")).Data.GetProperty("secret_id").GetString()!;
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(400, await LoginAsync(role, "wrong"));
        }

        int whileLocked = await LoginAsync(role, good);
        _time.Advance(TimeSpan.FromMinutes(16));
        int later = await LoginAsync(role, good);

        Assert.Equal((403, 200), (whileLocked, later));
    }

    [Fact]
    public async Task A_secret_id_ends_with_its_ttl()
    {
        await _client.PostAsync("/v1/sys/auth/approle", """{"type":"approle"}""");
        await _client.PostAsync("/v1/auth/approle/role/r", """{"secret_id_ttl":"10m"}""");
        string role = (await _client.GetAsync("/v1/auth/approle/role/r/role-id")).Data.GetProperty("role_id").GetString()!;
        string secret = (await _client.PostAsync("/v1/auth/approle/role/r/secret-id", "{}")).Data.GetProperty("secret_id").GetString()!;

        int fresh = await LoginAsync(role, secret);
        _time.Advance(TimeSpan.FromMinutes(11));
        int late = await LoginAsync(role, secret);

        Assert.Equal((200, 400), (fresh, late));
    }

    [Fact]
    public async Task A_kubernetes_role_accepts_the_JWT_that_the_test_registered()
    {
        _server.AcceptJwt("app", "header.payload.signature");
        await _client.PostAsync("/v1/auth/kubernetes/role/app", """{"token_policies":["p"],"token_ttl":"5m"}""");

        TestReply good = await _client.PostAsync("/v1/auth/kubernetes/login", """{"role":"app","jwt":"header.payload.signature"}""", token: "");
        TestReply bad = await _client.PostAsync("/v1/auth/kubernetes/login", """{"role":"app","jwt":"another"}""", token: "");

        Assert.Equal((200, 300, 403), (good.Status, good.Json.GetProperty("auth").GetProperty("lease_duration").GetInt32(), bad.Status));
    }

    [Fact]
    public async Task A_rewrapped_token_keeps_its_creation_path_and_the_old_one_dies()
    {
        string first = (await _client.SendAsync("POST", "/v1/sys/wrapping/wrap", """{"a":"1"}""", headers: ("X-Vault-Wrap-TTL", "5m"))).Json.GetProperty("wrap_info").GetProperty("token").GetString()!;

        TestReply rewrapped = await _client.PostAsync("/v1/sys/wrapping/rewrap", $$"""{"token":"{{first}}"}""");

        string second = rewrapped.Json.GetProperty("wrap_info").GetProperty("token").GetString()!;
        Assert.Equal("sys/wrapping/wrap", (await _client.PostAsync("/v1/sys/wrapping/lookup", $$"""{"token":"{{second}}"}""", token: "")).Data.GetProperty("creation_path").GetString());
        Assert.Equal(400, (await _client.PostAsync("/v1/sys/wrapping/unwrap", $$"""{"token":"{{first}}"}""")).Status);
        Assert.Equal("1", (await _client.PostAsync("/v1/sys/wrapping/unwrap", "{}", second)).Data.GetProperty("a").GetString());
    }

    [Fact]
    public async Task A_wrapping_token_in_header_and_body_at_once_loses_its_value()
    {
        string token = (await _client.SendAsync("POST", "/v1/sys/wrapping/wrap", """{"a":"1"}""", headers: ("X-Vault-Wrap-TTL", "5m"))).Json.GetProperty("wrap_info").GetProperty("token").GetString()!;

        Assert.Equal(400, (await _client.PostAsync("/v1/sys/wrapping/unwrap", $$"""{"token":"{{token}}"}""", token)).Status);
        Assert.False(_server.HasToken(token));
    }

    private Task<TestReply> LookupAsync(string token) => _client.GetAsync("/v1/auth/token/lookup-self", token);

    private async Task<string> CreateAsync(string body, string? token) =>
        (await _client.PostAsync("/v1/auth/token/create", body, token)).Json.GetProperty("auth").GetProperty("client_token").GetString()!;

    private async Task<int> LoginAsync(string role, string secret) =>
        (await _client.PostAsync("/v1/auth/approle/login", $$"""{"role_id":"{{role}}","secret_id":"{{secret}}"}""", token: "")).Status;
}
