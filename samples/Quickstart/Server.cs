using System.Net;
using System.Security.Cryptography;
using SecretBridge.DevVault;
using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Wire;

namespace SecretBridge.Quickstart;

/// <summary>
/// The server of the tour: an embedded one, or a live one chosen with <c>--address</c>, never one that the environment
/// happens to name. All happens in two mounts of random names, which are removed at the end.
/// </summary>
internal sealed class Server : IAsyncDisposable
{
    private const string TokenVariable = "SECRETBRIDGE_TEST_TOKEN";

    private readonly DevVaultServer? _embedded;
    private readonly HttpClient _admin;

    private Server(DevVaultServer? embedded, string address, VaultBackend backend, HttpClient admin)
    {
        _embedded = embedded;
        _admin = admin;
        Address = address;
        Backend = backend;
        Stores.Add(backend);
        string suffix = RandomNumberGenerator.GetHexString(6, lowercase: true);
        Old = embedded is null ? "quickstart-old-" + suffix : "kv";
        New = embedded is null ? "quickstart-new-" + suffix : "kv2";
    }

    public string Address { get; }

    public VaultBackend Backend { get; }

    public BackendRegistry Stores { get; } = new();

    /// <summary>The mount to move away from.</summary>
    public string Old { get; }

    /// <summary>The mount to move to.</summary>
    public string New { get; }

    public bool IsEmbedded => _embedded is not null;

    public static async Task<Server> StartAsync(string[] args, CancellationToken cancellationToken)
    {
        string? address = args switch
        {
            [] => null,
            ["--address", var given] => given,
            _ => throw new ArgumentException($"Usage: dotnet run --project samples/Quickstart [-- --address URL]   (its token comes from {TokenVariable})"),
        };
        DevVaultServer? embedded = address is null ? await DevVaultServer.StartAsync(cancellationToken: cancellationToken) : null;
        string token = embedded?.RootToken ?? Environment.GetEnvironmentVariable(TokenVariable)
            ?? throw new ArgumentException($"--address needs a token in {TokenVariable}.");
        address ??= embedded!.Address.ToString();
        VaultBackend backend = await VaultBackend.ConnectAsync(
            new ConnectOptions { Name = "quickstart", Address = address, Auth = new TokenAuth(new NetworkCredential("", token).SecurePassword) },
            new QuietReporter(), TimeProvider.System, cancellationToken);
        var admin = new HttpClient { BaseAddress = new Uri(address) };
        admin.DefaultRequestHeaders.Add("X-Vault-Token", token);
        var server = new Server(embedded, address, backend, admin);
        await server.MountAsync(server.Old, cancellationToken);
        await server.MountAsync(server.New, cancellationToken);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        if (_embedded is null)
        {
            foreach (string mount in new[] { Old, New })
            {
                (await _admin.DeleteAsync($"v1/sys/mounts/{mount}")).EnsureSuccessStatusCode();
            }
        }

        await Backend.DisposeAsync();
        _admin.Dispose();
        if (_embedded is not null)
        {
            await _embedded.DisposeAsync();
        }
    }

    private async Task MountAsync(string mount, CancellationToken cancellationToken)
    {
        using var body = new StringContent("""{"type":"kv","options":{"version":"2"}}""");
        HttpResponseMessage reply = await _admin.PostAsync($"v1/sys/mounts/{mount}", body, cancellationToken);
        if (!reply.IsSuccessStatusCode)
        {
            throw new BridgeException(Reporting.FaultKind.PermissionDenied, mount, $"The mount '{mount}' could not be made: the server answered {(int)reply.StatusCode}.");
        }
    }
}
