using SecretBridge.DevVault;
using SecretBridge.Stores;
using SecretBridge.Tests.Clocks;
using SecretBridge.Tests.Reporting;
using SecretBridge.Wire;
using Xunit;

namespace SecretBridge.Tests.Wire.OnDevVault;

/// <summary>A server with one open secret, and connections to it on a clock that tests move.</summary>
public abstract class ServerTest : IAsyncLifetime
{
    private protected ManualTime Time { get; } = new();

    private protected RecordingReporter Reporter { get; } = new();

    private protected DevVaultServer Server { get; private set; } = null!;

    private protected Admin Admin { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Server = await DevVaultServer.StartAsync(new DevVaultOptions { Time = Time });
        Admin = new Admin(Server);
        Server.WritePolicy("all", """path "*" { capabilities = ["create","read","update","delete","list","sudo"] }""");
        Server.WritePolicy("ro", """path "secret/data/open" { capabilities = ["read"] }""");
        Server.Put("secret", "open", """{"k":"v"}""");
    }

    public async Task DisposeAsync()
    {
        Admin.Dispose();
        await Server.DisposeAsync();
    }

    private protected static async Task ReadAsync(VaultBackend backend, string path = "secret/open")
    {
        StoreLocation location = await backend.OpenAsync(SecretReference.Parse("vault://" + path), CancellationToken.None);
        Assert.Equal(SecretState.Live, (await location.Store.ReadAsync(location.Path, null, CancellationToken.None)).State);
    }

    private protected async Task<AppRoleAuth> RoleAsync(int ttl, int maxTtl = 0)
    {
        string roleId = await Admin.AppRoleAsync("r1", ttl, maxTtl);
        return new AppRoleAuth(roleId, Connection.Secure(await Admin.SecretIdAsync("r1")));
    }

    private protected int Count(string path) => Server.Requests.All.Count(request => request.Path == path);

    private protected Task<VaultBackend> ConnectAsync(VaultAuth auth, Func<ConnectOptions, ConnectOptions>? change = null)
    {
        var options = new ConnectOptions { Name = "prod", Address = Server.Address.ToString(), Auth = auth };
        return VaultBackend.ConnectAsync(change?.Invoke(options) ?? options, Reporter, Time, CancellationToken.None);
    }
}
