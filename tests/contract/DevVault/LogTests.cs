using System.Text.Json;
using SecretBridge.DevVault;
using Xunit;

namespace SecretBridge.Contract.Tests;

public sealed class LogTests
{
    [Fact]
    public async Task The_request_log_knows_kinds_and_tokens_by_accessor_and_no_secret()
    {
        await using DevVaultServer server = await DevVaultServer.StartAsync();
        using var client = new TestClient(server);
        await client.PostAsync("/v1/secret/data/a", """{"data":{"k":"canary-value"}}""");
        await client.GetAsync("/v1/secret/data/a");
        await client.ListAsync("/v1/secret/metadata/");
        await client.GetAsync("/v1/secret/data/a", token: "s.unknown-token");

        Assert.Equal([RequestKind.Write, RequestKind.Read, RequestKind.List, RequestKind.Read], server.Requests.All.Select(record => record.Kind));
        Assert.Equal((4, 2), (server.Requests.Total, server.Requests.Count(RequestKind.Read)));
        Assert.StartsWith("unknown:", server.Requests.All[^1].Token, StringComparison.Ordinal);
        string everything = JsonSerializer.Serialize(server.Requests.All);
        Assert.DoesNotContain("canary-value", everything, StringComparison.Ordinal);
        Assert.DoesNotContain(server.RootToken, everything, StringComparison.Ordinal);
        Assert.DoesNotContain("s.unknown-token", everything, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_audit_log_has_a_line_for_request_and_response_with_values_hashed()
    {
        string file = Path.GetTempFileName();
        await using DevVaultServer server = await DevVaultServer.StartAsync(new DevVaultOptions { AuditFile = file });
        using var client = new TestClient(server);
        server.Put("secret", "team/a", """{"k":"canary-value","n":5}""");

        await client.GetAsync("/v1/secret/data/team/a");

        string[] lines = await File.ReadAllLinesAsync(file);
        File.Delete(file);
        JsonElement request = JsonElement.Parse(lines[0]), response = JsonElement.Parse(lines[1]);
        Assert.Equal(("request", "response"), (request.GetProperty("type").GetString(), response.GetProperty("type").GetString()));
        Assert.Equal(["time", "type", "auth", "request"], request.EnumerateObject().Select(member => member.Name));
        Assert.Equal(["client_token", "accessor", "display_name", "policies", "token_policies", "token_type", "token_issue_time"], request.GetProperty("auth").EnumerateObject().Select(member => member.Name));
        Assert.Equal(
            ["id", "operation", "mount_type", "client_token", "client_token_accessor", "namespace", "path", "remote_address"],
            request.GetProperty("request").EnumerateObject().Select(member => member.Name));
        Assert.Equal(("read", "secret/data/team/a", "kv"), (request.GetProperty("request").GetProperty("operation").GetString(), request.GetProperty("request").GetProperty("path").GetString(), request.GetProperty("request").GetProperty("mount_type").GetString()));
        JsonElement data = response.GetProperty("response").GetProperty("data").GetProperty("data");
        Assert.StartsWith("hmac-sha256:", data.GetProperty("k").GetString(), StringComparison.Ordinal);
        Assert.Equal(5, data.GetProperty("n").GetInt32());
        Assert.DoesNotContain("canary-value", string.Concat(lines), StringComparison.Ordinal);
    }
}
