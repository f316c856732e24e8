using System.Text;
using SecretBridge.Reporting;
using SecretBridge.Wire;
using Xunit;

namespace SecretBridge.Tests.Wire;

/// <summary>Each answer that a server, or what stands before it, can give, and what it means.</summary>
public class VaultFaultsTests
{
    private const string Html = "<html><body>Sign in</body></html>";

    private static readonly VaultRequest Read = KvRequests.ReadV2("kv", "a", null);

    [Theory]
    [InlineData(403, """{"errors":["1 error occurred:\n\t* permission denied\n\n"]}""", FaultKind.PermissionDenied, false)]
    [InlineData(403, """{"errors":["permission denied"]}""", FaultKind.PermissionDenied, false)]
    [InlineData(403, """{"errors":["2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n"]}""", FaultKind.TokenInvalid, false)]
    [InlineData(400, """{"errors":["missing client token"]}""", FaultKind.TokenInvalid, false)]
    [InlineData(403, """{"errors":["preflight capability check returned 403, please ensure client's policies grant access to path \"x/\""]}""", FaultKind.MountNotFound, false)]
    [InlineData(404, """{"errors":["no handler for route \"x/data/y\". route entry not found."]}""", FaultKind.MountNotFound, false)]
    [InlineData(404, """{"errors":["no handler for route 'ns1/secret'"]}""", FaultKind.MountNotFound, false)]
    [InlineData(404, """{"errors":["namespace not found"]}""", FaultKind.MountNotFound, false)]
    [InlineData(404, """{"errors":["1 error occurred:\n\t* unsupported path\n\n"]}""", FaultKind.NotSupported, false)]
    [InlineData(404, """{"request_id":"r","data":null,"warnings":["Invalid path for a versioned K/V secrets engine. See the API docs"]}""", FaultKind.WrongKvVersion, false)]
    [InlineData(404, Html, FaultKind.NotVault, false)]
    [InlineData(404, "", FaultKind.NotVault, false)]
    [InlineData(405, """{"errors":[]}""", FaultKind.NotSupported, false)]
    [InlineData(400, """{"errors":["check-and-set parameter did not match the current version"]}""", FaultKind.CheckAndSetMismatch, false)]
    [InlineData(400, """{"errors":["check-and-set parameter required for this call"]}""", FaultKind.CheckAndSetRequired, false)]
    [InlineData(400, """{"errors":["Upgrading from non-versioned to versioned data. This backend will be unavailable for a brief period and will resume service shortly."]}""", FaultKind.UpgradeInProgress, true)]
    [InlineData(400, """{"errors":["refused JSON input due to high complexity: exceeded maximum number of strings"]}""", FaultKind.PayloadTooLarge, false)]
    [InlineData(400, """{"errors":["wrapping token is not valid or does not exist"]}""", FaultKind.WrappingTokenInvalid, false)]
    [InlineData(400, """{"errors":["relative paths not supported"]}""", FaultKind.InvalidPath, false)]
    [InlineData(400, "", FaultKind.RequestRefused, false)]
    [InlineData(412, """{"errors":["required state not present"]}""", FaultKind.ServerError, true)]
    [InlineData(412, """{"errors":["missing \"X-Vault-Request\" header"]}""", FaultKind.RequestRefused, false)]
    [InlineData(413, "", FaultKind.PayloadTooLarge, false)]
    [InlineData(429, """{"errors":["request path \"secret/data/both\": rate limit quota exceeded"]}""", FaultKind.RateLimited, true)]
    [InlineData(472, "", FaultKind.NoActiveNode, false)]
    [InlineData(500, """{"errors":["internal error"]}""", FaultKind.ServerError, true)]
    [InlineData(500, """{"errors":["put failed due to value being too large; got 2 bytes, max: 1 bytes"]}""", FaultKind.PayloadTooLarge, false)]
    [InlineData(500, """{"errors":["local node not active but active cluster node not found"]}""", FaultKind.NoActiveNode, true)]
    [InlineData(501, "", FaultKind.Uninitialized, false)]
    [InlineData(503, """{"errors":["Vault is sealed"]}""", FaultKind.Sealed, true)]
    [InlineData(503, """{"errors":["namespace is sealed"]}""", FaultKind.Sealed, true)]
    [InlineData(503, """{"errors":["API access to this namespace has been locked by an administrator"]}""", FaultKind.RequestRefused, false)]
    [InlineData(503, """{"errors":["node is not active"]}""", FaultKind.NoActiveNode, true)]
    [InlineData(502, Html, FaultKind.ServerError, true)]
    [InlineData(503, Html, FaultKind.ServerError, true)]
    [InlineData(504, Html, FaultKind.ServerError, true)]
    [InlineData(403, Html, FaultKind.NotVault, false)]
    [InlineData(200, Html, FaultKind.NotVault, false)]
    [InlineData(200, "", FaultKind.MalformedReply, true)]
    [InlineData(200, """{"request_id":"r","data":{"da""", FaultKind.MalformedReply, true)]
    [InlineData(200, """{"data":{}} trailing""", FaultKind.MalformedReply, true)]
    [InlineData(200, """{"data":null,"wrap_info":{"token":"s.x"}}""", FaultKind.MalformedReply, false)]
    public void An_answer_is_told_apart_from_all_others(int status, string body, FaultKind kind, bool transient)
    {
        VaultException? fault = VaultFaults.Of(Read, Reply(status, body), null);
        Assert.NotNull(fault);
        Assert.Equal(kind, fault.Kind);
        Assert.Equal(transient, fault.IsTransient);
        Assert.Equal(status, fault.StatusCode);
        Assert.Equal("GET", fault.Method);
        Assert.Equal("kv/data/a", fault.Path);
        Assert.StartsWith("GET kv/data/a: ", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(404, """{"errors":[]}""")]
    [InlineData(404, """{"request_id":"r","data":{"data":null,"metadata":{"version":3,"destroyed":false}},"warnings":null}""")]
    [InlineData(200, """{"data":{}}""")]
    [InlineData(204, "")]
    public void What_is_absent_or_deleted_is_an_answer(int status, string body) => Assert.Null(VaultFaults.Of(Read, Reply(status, body), null));

    [Fact]
    public void A_500_for_a_name_that_storage_refuses_does_not_pass()
    {
        VaultException? fault = VaultFaults.Of(KvRequests.ReadV2("kv", "a..b", null), Reply(500, """{"errors":["internal error"]}"""), null);
        Assert.Equal(FaultKind.InvalidPath, fault!.Kind);
        Assert.False(fault.IsTransient);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(429)]
    [InlineData(501)]
    [InlineData(503)]
    public void Each_status_of_health_is_an_answer(int status) =>
        Assert.Null(VaultFaults.Of(SysRequests.Health(null), Reply(status, """{"initialized":true,"sealed":false}"""), null));

    [Fact]
    public void The_request_id_goes_into_the_message() =>
        Assert.Contains("request abc-1", VaultFaults.Of(Read, Reply(200, """{"request_id":"abc-1","wrap_info":{"token":"x"}}"""), null)!.Message, StringComparison.Ordinal);

    [Fact]
    public void Server_text_that_echoes_a_secret_is_scrubbed()
    {
        VaultRequest login = TokenRequests.AppRoleLogin("approle", "role", new SecretText("canary-secret-id"), null);
        VaultException? fault = VaultFaults.Of(login, Reply(400, """{"errors":["invalid secret_id \"canary-secret-id\" for s.canary-token"]}"""), new SecretText("s.canary-token"));
        Assert.DoesNotContain("canary", fault!.ToString(), StringComparison.Ordinal);
        Assert.Contains("invalid secret_id", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_that_was_sent_is_scrubbed_whether_string_or_number()
    {
        VaultRequest write = KvRequests.WriteV2("kv", "a", Encoding.UTF8.GetBytes("""{"k":["canary<1>",{"n":123456789}],"s":"x"}"""), 0);
        string body = """{"errors":["bad canary<1> and 123456789 and canary\\u003c1\\u003e, box x"]}""";
        string message = VaultFaults.Of(write, Reply(400, body), null)!.Message;
        Assert.DoesNotContain("canary", message, StringComparison.Ordinal);
        Assert.DoesNotContain("123456789", message, StringComparison.Ordinal);
        Assert.Contains("box (sealed)", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Server_text_cannot_steer_a_terminal_or_a_build_server()
    {
        string message = VaultFaults.Of(Read, Reply(400, """{"errors":["x\n::add-mask::y\u001b[2J\n##vso[task]"]}"""), null)!.Message;
        Assert.DoesNotContain('\n', message);
        Assert.DoesNotContain('\u001b', message);
    }

    private static VaultReply Reply(int status, string body) => new(status, Encoding.UTF8.GetBytes(body), "application/json");
}
