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
    private readonly DirectoryInfo _folder;

    private Server(DevVaultServer? embedded, string address, VaultBackend backend, HttpClient admin, DirectoryInfo folder)
    {
        _folder = folder;
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

    /// <summary>The folder of the embedded server's audit log.</summary>
    public string AuditFolder => _folder.FullName;

    public static async Task<Server> StartAsync(string[] args, CancellationToken cancellationToken)
    {
        string? address = args switch
        {
            [] => null,
            ["--address", var given] => given,
            _ => throw new ArgumentException($"Usage: dotnet run --project samples/Quickstart [-- --address URL]   (its token comes from {TokenVariable})"),
        };
        DirectoryInfo folder = Directory.CreateTempSubdirectory("secretbridge-quickstart-");
        DevVaultServer? embedded = address is null
            ? await DevVaultServer.StartAsync(new() { AuditFile = Path.Combine(folder.FullName, "audit.log") }, cancellationToken)
            : null;
        string token = embedded?.RootToken ?? Environment.GetEnvironmentVariable(TokenVariable)
            ?? throw new ArgumentException($"--address needs a token in {TokenVariable}.");
        address ??= embedded!.Address.ToString();
        VaultBackend backend = await VaultBackend.ConnectAsync(
            new ConnectOptions { Name = "quickstart", Address = address, Auth = new TokenAuth(new NetworkCredential("", token).SecurePassword) },
            new QuietReporter(), TimeProvider.System, cancellationToken);
        var admin = new HttpClient(new SocketsHttpHandler { UseProxy = embedded is null }) { BaseAddress = new Uri(address) };
        admin.DefaultRequestHeaders.Add("X-Vault-Token", token);
        var server = new Server(embedded, address, backend, admin, folder);
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

        _folder.Delete(recursive: true);
    }

    /// <summary>A consumer that nobody told of the move: it reads one secret at its old place.</summary>
    public async Task ReadAsBatchJobAsync(string path, CancellationToken cancellationToken)
    {
        _embedded!.WritePolicy("batch-job", $$"""path "{{Old}}/data/*" { capabilities = ["read"] }""");
        using var job = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = _embedded.Address };
        job.DefaultRequestHeaders.Add("X-Vault-Token", _embedded.CreateToken(["batch-job"]));
        (await job.GetAsync($"v1/{Old}/data/{path}", cancellationToken)).EnsureSuccessStatusCode();
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
