using SecretBridge.Stores;
using SecretBridge.Tests.Clocks;
using SecretBridge.Tests.Reporting;
using SecretBridge.Wire;
using Xunit;

namespace SecretBridge.Tests.Wire;

/// <summary>Addresses of other machines are reached through a proxy on this one.</summary>
public class PlainHttpTests
{
    private readonly RecordingReporter _reporter = new();

    [Theory]
    [InlineData("http://vault.invalid:8200")]
    [InlineData("HTTP://Vault.Invalid:8200/v1")]
    [InlineData("http://10.1.2.3")]
    [InlineData("http://[2001:db8::1]:8200")]
    [InlineData("http://localhost.example.invalid:8200")]
    [InlineData("http://127.0.0.1.example.invalid:8200")]
    public async Task That_a_token_goes_in_clear_text_is_said_once_and_before_it_goes(string address)
    {
        int said = 0;
        await using var proxy = new RawServer((_, _) =>
        {
            said = _reporter.Warnings.Count;
            return RawServer.Json(200, """{"initialized":true,"sealed":false,"data":{"keys":["a"]}}""");
        });
        await using VaultBackend backend = await ConnectAsync(address, proxy.Address);
        Assert.Equal(1, said);
        using (backend.ReportTo(_reporter))
        {
            await backend.ListMountsAsync(CancellationToken.None);
        }

        string warning = Assert.Single(_reporter.Warnings);
        Assert.Contains(backend.Address, warning, StringComparison.Ordinal);
        Assert.Contains("in clear text", warning, StringComparison.Ordinal);
        Assert.Contains("https://", warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://localhost:8200")]
    [InlineData("http://LOCALHOST.:8200")]
    [InlineData("http://127.0.0.1:8200")]
    [InlineData("http://127.99.0.3:8200")]
    [InlineData("http://[::1]:8200")]
    [InlineData("http://[::ffff:127.0.0.1]:8200")]
    public async Task What_stays_on_this_machine_is_not_warned_of(string address)
    {
        await using var proxy = new RawServer((_, _) => RawServer.Json(200, """{"initialized":true,"sealed":false}"""));
        await using VaultBackend backend = await ConnectAsync(address, proxy.Address);
        Assert.Single(proxy.Requests);
        Assert.Empty(_reporter.Warnings);
    }

    [Theory]
    [InlineData("unix:///run/vault.sock")]
    [InlineData("https://vault.invalid:8200")]
    public async Task A_socket_and_TLS_are_not_warned_of(string address)
    {
        await Assert.ThrowsAnyAsync<VaultException>(() => ConnectAsync(address, "http://127.0.0.1:1"));
        Assert.Empty(_reporter.Warnings);
    }

    private Task<VaultBackend> ConnectAsync(string address, string proxy) => VaultBackend.ConnectAsync(
        new()
        {
            Name = "prod",
            Address = address,
            Auth = new TokenAuth(Connection.Secure(Connection.Token)),
            Proxy = proxy,
            NoVerify = true,
            MaxRetries = 0,
        },
        _reporter,
        new ManualTime(),
        CancellationToken.None);
}
