using SecretBridge.Reporting;
using SecretBridge.Wire;
using Xunit;

namespace SecretBridge.Tests.Wire;

public class RedirectTests
{
    private static readonly string Written = RawServer.Json(200, """{"data":{"version":1}}""");

    private static VaultRequest Write => KvRequests.WriteV2("kv", "a b%2f", """{"k":"canary"}"""u8.ToArray(), 0);

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    public async Task A_standbys_redirect_is_followed_with_method_body_and_token(int status)
    {
        await using var active = new RawServer(Written);
        await using var standby = new RawServer((_, request) => To(status, active.Address + request.Split(' ')[1]));
        using var connection = new Connection(standby.Address);
        Assert.Equal(200, (await connection.SendAsync(Write)).Status);
        string request = Assert.Single(active.Requests);
        Assert.StartsWith("POST /v1/kv/data/a%20b%252f HTTP/1.1", request, StringComparison.Ordinal);
        Assert.EndsWith("""{"data":{"k":"canary"},"options":{"cas":0}}""", request, StringComparison.Ordinal);
        Assert.Contains(Connection.Token, request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_port_of_the_host_is_followed_because_a_nodes_api_addr_may_have_one()
    {
        await using var active = new RawServer(Written);
        await using var standby = new RawServer((_, request) => To(307, active.Address + request.Split(' ')[1]));
        Assert.NotEqual(new Uri(standby.Address).Port, new Uri(active.Address).Port);
        using var connection = new Connection(standby.Address);
        await connection.SendAsync(Write);
        Assert.Contains(Connection.Token, Assert.Single(active.Requests), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_query_survives_a_redirect_that_drops_it()
    {
        await using var active = new RawServer(RawServer.Json(200, """{"data":{"keys":["a"]}}"""));
        await using var standby = new RawServer((_, _) => To(307, active.Address + "/v1/kv/metadata/x/"));
        using var connection = new Connection(standby.Address);
        await connection.SendAsync(KvRequests.ListV2("kv", "x", "5", null));
        Assert.StartsWith("GET /v1/kv/metadata/x/?list=true&limit=5 ", Assert.Single(active.Requests), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_foreign_host_gets_neither_token_nor_body()
    {
        await using var foreign = new RawServer(Written);
        await using var server = new RawServer((_, request) => To(307, foreign.Address.Replace("127.0.0.1", "localhost", StringComparison.Ordinal) + request.Split(' ')[1]));
        using var connection = new Connection(server.Address);
        BridgeException fault = await connection.FailAsync(Write);
        Assert.Equal(FaultKind.RedirectRefused, fault.Kind);
        Assert.Contains("localhost", fault.Message, StringComparison.Ordinal);
        Assert.Empty(foreign.Requests);
    }

    [Fact]
    public async Task A_host_that_was_named_as_a_node_may_be_redirected_to()
    {
        await using var node = new RawServer(Written);
        await using var server = new RawServer((_, request) => To(307, node.Address.Replace("127.0.0.1", "localhost", StringComparison.Ordinal) + request.Split(' ')[1]));
        using var connection = new Connection(server.Address, options => options with { RedirectHosts = ["LOCALHOST"] });
        await connection.SendAsync(Write);
        Assert.Single(node.Requests);
    }

    [Fact]
    public async Task A_loop_of_redirects_ends_after_one()
    {
        RawServer? self = null;
        await using var server = self = new RawServer((_, request) => To(307, self!.Address + request.Split(' ')[1]));
        using var connection = new Connection(server.Address);
        Assert.Equal(FaultKind.RedirectRefused, (await connection.FailAsync(Write)).Kind);
        Assert.Equal(2, server.Requests.Count);
    }

    [Theory]
    [InlineData("/login?next=x")]
    [InlineData("/v1/kv/data/other")]
    [InlineData("ftp://127.0.0.1/v1/kv/data/a")]
    public async Task A_redirect_that_no_Vault_makes_is_refused(string location)
    {
        await using var server = new RawServer(To(302, location));
        using var connection = new Connection(server.Address);
        Assert.Equal(FaultKind.RedirectRefused, (await connection.FailAsync(Write)).Kind);
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData(303)]
    [InlineData(308)]
    public async Task Other_redirects_are_not_followed(int status)
    {
        await using var server = new RawServer((_, request) => To(status, request.Split(' ')[1]));
        using var connection = new Connection(server.Address);
        Assert.Equal(FaultKind.RedirectRefused, (await connection.FailAsync(Write)).Kind);
        Assert.Single(server.Requests);
    }

    private static string To(int status, string location) => $"HTTP/1.1 {status} X\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n";
}
