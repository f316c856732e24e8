using System.Security;
using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Tests.Clocks;
using SecretBridge.Tests.Reporting;
using SecretBridge.Wire;

namespace SecretBridge.Tests.Wire;

/// <summary>A client with a token that is not looked up, on a clock that tests move.</summary>
internal sealed class Connection : IDisposable
{
    public const string Token = "s.canary-token";

    public Connection(string address, Func<WireOptions, WireOptions>? change = null, ManualTime? time = null)
    {
        Time = time ?? new ManualTime();
        var options = new WireOptions { Address = VaultAddress.Parse(address) };
        Client = new VaultClient(change?.Invoke(options) ?? options, new TokenAuth(Secure(Token)), null, verify: false, Reporter, Time);
    }

    public ManualTime Time { get; }

    public RecordingReporter Reporter { get; } = new();

    public VaultClient Client { get; }

    public KvV2Store Store => StoreOn("Vault");

    public KvV2Store StoreOn(string product) => new(new VaultKv(Client, new ServerInfo(product, "1.8.0", null, null), "prod", "kv", new StoreIdentity("c", "kv"), () => { }));

    public static SecureString Secure(string text)
    {
        var secure = new SecureString();
        foreach (char c in text)
        {
            secure.AppendChar(c);
        }

        return secure;
    }

    public Task<VaultReply> SendAsync(VaultRequest request) => Client.SendAsync(request, CancellationToken.None).AsTask();

    /// <summary>Sends a request that fails, and tells how. No failure may show a secret.</summary>
    public async Task<BridgeException> FailAsync(VaultRequest request)
    {
        BridgeException exception = await Xunit.Assert.ThrowsAnyAsync<BridgeException>(() => SendAsync(request));
        Xunit.Assert.DoesNotContain("canary", exception.ToString(), StringComparison.Ordinal);
        Xunit.Assert.All(Reporter.Messages, message => Xunit.Assert.DoesNotContain("canary", message, StringComparison.Ordinal));
        return exception;
    }

    public void Dispose() => Client.Dispose();
}
