using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using SecretBridge.DevVault;
using Xunit;

namespace SecretBridge.Contract.Tests;

public sealed class NodeTests
{
    [Theory]
    [InlineData(NodeState.Active, "", 200)]
    [InlineData(NodeState.Standby, "", 429)]
    [InlineData(NodeState.Standby, "?standbyok=true", 200)]
    [InlineData(NodeState.PerformanceStandby, "", 473)]
    [InlineData(NodeState.PerformanceStandby, "?perfstandbyok=true", 200)]
    [InlineData(NodeState.PerformanceStandby, "?performancestandbycode=299", 299)]
    [InlineData(NodeState.DrSecondary, "", 472)]
    [InlineData(NodeState.DrSecondary, "?drsecondarycode=299", 299)]
    [InlineData(NodeState.Sealed, "", 503)]
    [InlineData(NodeState.Sealed, "?sealedcode=299", 299)]
    [InlineData(NodeState.Uninitialised, "", 501)]
    [InlineData(NodeState.Uninitialised, "?uninitcode=299", 299)]
    public async Task Health_tells_the_state_by_its_status(NodeState state, string query, int expected)
    {
        await using DevVaultServer server = await DevVaultServer.StartAsync();
        using var client = new TestClient(server);
        server.State = state;

        Assert.Equal(expected, (await client.GetAsync("/v1/sys/health" + query)).Status);
    }

    [Fact]
    public async Task A_standby_shares_the_data_and_may_redirect_to_the_active_node()
    {
        await using DevVaultServer active = await DevVaultServer.StartAsync();
        await using DevVaultServer forwarding = await DevVaultServer.StartAsync(new DevVaultOptions { ActiveNode = active });
        await using DevVaultServer redirecting = await DevVaultServer.StartAsync(new DevVaultOptions { ActiveNode = active, StandbyRedirects = true });
        using var throughForwarding = new TestClient(forwarding);
        using var throughRedirecting = new TestClient(redirecting);
        active.Put("secret", "a", """{"k":"v"}""");

        TestReply redirected = await throughRedirecting.GetAsync("/v1/secret/data/a?version=1");

        Assert.Equal(200, (await throughForwarding.GetAsync("/v1/secret/data/a")).Status);
        Assert.Equal((307, active.Address.GetLeftPart(UriPartial.Authority) + "/v1/secret/data/a?version=1"), (redirected.Status, redirected.Location));
        Assert.Equal(active.ClusterId, redirecting.ClusterId);
    }

    [Fact]
    public async Task An_agent_may_insist_on_the_request_header()
    {
        await using DevVaultServer server = await DevVaultServer.StartAsync(new DevVaultOptions { RequireRequestHeader = true });
        using var client = new TestClient(server);

        Assert.Equal(412, (await client.GetAsync("/v1/sys/health")).Status);
        Assert.Equal(200, (await client.SendAsync("GET", "/v1/sys/health", headers: ("X-Vault-Request", "true"))).Status);
    }

    [Fact]
    public async Task A_client_that_trusts_the_CA_connects_over_TLS_and_HTTP_2()
    {
        await using DevVaultServer server = await DevVaultServer.StartAsync(new DevVaultOptions { Tls = new TlsOptions() });
        using var client = new HttpClient(Trusting(server));
        client.DefaultRequestVersion = System.Net.HttpVersion.Version20;

        using HttpResponseMessage response = await client.GetAsync(new Uri(server.Address, "/v1/sys/health"));

        Assert.Equal((200, System.Net.HttpVersion.Version20), ((int)response.StatusCode, response.Version));
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, -1)]
    public async Task A_certificate_with_another_name_or_past_its_end_is_no_good(bool otherName, int days)
    {
        var tls = new TlsOptions { HostNames = ["vault.example"], OnlyHostNames = otherName, Validity = TimeSpan.FromDays(days == 0 ? 30 : days) };
        await using DevVaultServer server = await DevVaultServer.StartAsync(new DevVaultOptions { Tls = tls });
        using var client = new HttpClient(Trusting(server));

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri(server.Address, "/v1/sys/health")));
    }

    [Fact]
    public async Task A_client_certificate_may_be_required()
    {
        await using DevVaultServer server = await DevVaultServer.StartAsync(new DevVaultOptions { Tls = new TlsOptions { RequireClientCertificate = true } });
        using var without = new HttpClient(Trusting(server));
        using SocketsHttpHandler handler = Trusting(server);
        handler.SslOptions.ClientCertificates = [server.ClientCertificate!];
        handler.SslOptions.LocalCertificateSelectionCallback = (_, _, certificates, _, _) => certificates[0];
        using var with = new HttpClient(handler);

        await Assert.ThrowsAsync<HttpRequestException>(() => without.GetAsync(new Uri(server.Address, "/v1/sys/health")));
        using HttpResponseMessage response = await with.GetAsync(new Uri(server.Address, "/v1/sys/health"));
        Assert.Equal(200, (int)response.StatusCode);
    }

    [Fact]
    public async Task A_unix_socket_serves_as_well()
    {
        string path = Path.Combine(Path.GetTempPath(), $"devvault-{Guid.NewGuid():N}.sock");
        await using DevVaultServer server = await DevVaultServer.StartAsync(new DevVaultOptions { UnixSocket = path });
        using var client = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });

        Assert.Equal("unix://" + path, server.Address.OriginalString);
        using HttpResponseMessage response = await client.GetAsync(new Uri("http://localhost/v1/sys/health"));
        Assert.Equal(200, (int)response.StatusCode);
    }

    [Fact]
    public async Task A_quota_gives_Retry_After_only_where_headers_were_switched_on()
    {
        await using DevVaultServer server = await DevVaultServer.StartAsync(new DevVaultOptions { Time = new ManualTime() });
        using var client = new TestClient(server);
        await client.PostAsync("/v1/sys/quotas/rate-limit/q", """{"rate":1}""");
        await client.GetAsync("/v1/secret/data/a");

        TestReply plain = await client.GetAsync("/v1/secret/data/a");
        await client.PostAsync("/v1/sys/quotas/config", """{"enable_rate_limit_response_headers":true}""");
        TestReply hinted = await client.GetAsync("/v1/secret/data/a");

        Assert.Equal((429, null, "1"), (plain.Status, plain.RetryAfter, hinted.RetryAfter));
    }

    private static SocketsHttpHandler Trusting(DevVaultServer server)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(X509Certificate2.CreateFromPem(server.CaCertificatePem!));
        return new SocketsHttpHandler { UseProxy = false, SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy } };
    }
}
