using SecretBridge.DevVault;
using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Tests.Clocks;
using SecretBridge.Tests.Reporting;
using SecretBridge.Tests.Wire;
using Xunit;

namespace SecretBridge.Tests.Stores.ScaiVault;

/// <summary>A stand-in for ScaiVault and a connection to it. In the end it must have been asked nothing that its guide does not document.</summary>
public abstract class ScaiVaultTest : IAsyncLifetime
{
    protected const string Canary = "canary-scai-31c0";

    private protected RecordingReporter Reporter { get; } = new();

    private protected DevScaiVaultServer Server { get; private set; } = null!;

    private protected ScaiVaultBackend Backend { get; private set; } = null!;

    private protected ISecretStore Store => Backend.Store;

    public async Task InitializeAsync()
    {
        Server = await DevScaiVaultServer.StartAsync(new() { Token = "canary-scai-token" });
        Backend = Connect();
    }

    public async Task DisposeAsync()
    {
        await Backend.DisposeAsync();
        await Server.DisposeAsync();
        Assert.Empty(Server.Undocumented);
        Assert.All(Reporter.Messages, message => Assert.DoesNotContain("canary", message, StringComparison.Ordinal));
    }

    private protected ScaiVaultBackend Connect(Func<ScaiVaultOptions, ScaiVaultOptions>? change = null, ManualTime? time = null)
    {
        var options = new ScaiVaultOptions { Name = "target", Address = Server.Address.ToString(), Token = Connection.Secure(Server.Token), MaxRetries = 0 };
        return ScaiVaultBackend.Connect(change?.Invoke(options) ?? options, time ?? TimeProvider.System);
    }

    private protected ValueTask<SecretReading> ReadAsync(string path) => Store.ReadAsync(SecretPath.Parse(path), null, CancellationToken.None);

    private protected async Task<WriteReceipt> WriteAsync(string path, string json, WriteNote? note = null) =>
        await (await Store.OpenWriteSessionAsync(CancellationToken.None)).WriteAsync(SecretPath.Parse(path), JsonText.Payload(json), null, note, CancellationToken.None);

    /// <summary>How a call fails. No failure may show a secret.</summary>
    private protected static async Task<BridgeException> FailAsync(Func<Task> call)
    {
        BridgeException exception = await Assert.ThrowsAnyAsync<BridgeException>(call);
        Assert.DoesNotContain("canary", exception.ToString(), StringComparison.Ordinal);
        return exception;
    }
}
