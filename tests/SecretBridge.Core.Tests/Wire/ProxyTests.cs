using System.Text;
using SecretBridge.Health;
using SecretBridge.Reporting;
using SecretBridge.Wire;
using Xunit;

namespace SecretBridge.Tests.Wire;

/// <summary>Proxies that want a password, which nothing may repeat.</summary>
public class ProxyTests
{
    private static VaultRequest Read => KvRequests.ReadV2("kv", "a", null);

    [Fact]
    public async Task A_proxy_that_refuses_its_password_is_told_without_it()
    {
        await using var proxy = new RawServer(RawServer.Json(407, "", "Proxy-Authenticate: Basic realm=\"x\"\r\n"));
        using var connection = new Connection("https://vault.invalid:8200", options => options with { Proxy = ProxyAddress.Parse(With(proxy.Address, "user:canary%2Fpw")), MaxRetries = 0 });
        BridgeException fault = await connection.FailAsync(Read);
        Assert.Equal(FaultKind.Unreachable, fault.Kind);
        Assert.Contains(Convert.ToBase64String(Encoding.UTF8.GetBytes("user:canary/pw")), proxy.Requests[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_failure_was_caused_by_names_no_user_of_an_address()
    {
        var cause = new HttpRequestException(HttpRequestError.ProxyTunnelError, "The tunnel to 'http://user:canary@proxy:3128/' failed", new IOException("http://user:canary@proxy"));
        VaultException fault = TransportFaults.Of(Read, cause, "https://vault.example");
        Assert.DoesNotContain("canary", fault.ToString(), StringComparison.Ordinal);
        Assert.Contains("proxy:3128", fault.InnerException!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://user:canary@")]
    [InlineData("ftp://user:canary@proxy")]
    [InlineData("http://user:canary pw@pro xy:1")]
    public void An_address_that_is_none_is_refused_without_being_repeated(string text)
    {
        BridgeException fault = Assert.Throws<BridgeException>(() => ProxyAddress.Parse(text));
        Assert.Equal(FaultKind.InvalidArgument, fault.Kind);
        Assert.DoesNotContain("canary", fault.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData(" ", null)]
    [InlineData("proxy.example:3128", "http://proxy.example:3128")]
    [InlineData("https://user:canary@proxy.example:3128/x?y", "https://proxy.example:3128")]
    [InlineData("http://[::1]:3128", "http://[::1]:3128")]
    public void A_proxy_is_shown_by_scheme_host_and_port(string? text, string? shown) => Assert.Equal(shown, ProxyAddress.Parse(text)?.ToString());

    [Fact]
    public void Options_do_not_show_what_a_proxy_wants_to_be_told()
    {
        const string text = "http://user:canary@proxy.example:3128";
        var wire = new WireOptions { Address = VaultAddress.Parse("https://v"), Proxy = ProxyAddress.Parse(text) };
        var connect = new ConnectOptions { Name = "a", Address = "https://v", Auth = new TokenAuth(Connection.Secure("t")), Proxy = text };
        var health = new HealthOptions { Address = "https://user:canary@v", Proxy = text };
        Assert.All(new object[] { wire, connect, health }, options => Assert.DoesNotContain("canary", options.ToString(), StringComparison.Ordinal));
    }

    private static string With(string address, string user) => address.Replace("//", $"//{user}@", StringComparison.Ordinal);
}
