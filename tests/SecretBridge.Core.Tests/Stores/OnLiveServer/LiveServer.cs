using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using SecretBridge.Health;
using SecretBridge.Stores;
using SecretBridge.Tests.Reporting;
using SecretBridge.Tests.Wire;
using SecretBridge.Wire;

namespace SecretBridge.Tests.Stores.OnLiveServer;

/// <summary>
/// A real server: the one that <c>SECRETBRIDGE_TEST_ADDR</c> and <c>SECRETBRIDGE_TEST_TOKEN</c> name, else a development
/// server started from <c>vault</c> or <c>bao</c> on the path, with a home of its own. <c>VAULT_ADDR</c> is never used.
/// </summary>
public sealed class LiveServer : Xunit.IAsyncLifetime
{
    private const string DevToken = "secretbridge-dev";

    private Process? _process;
    private string? _home;

    /// <summary>Whether there is a server to test on.</summary>
    public static bool IsAvailable => Given is not null || Program is not null;

    private static (string Address, string Token)? Given =>
        Environment.GetEnvironmentVariable("SECRETBRIDGE_TEST_ADDR") is { Length: > 0 } address
        && Environment.GetEnvironmentVariable("SECRETBRIDGE_TEST_TOKEN") is { Length: > 0 } token
            ? (address, token)
            : null;

    private static string? Program => Find("vault") ?? Find("bao");

    /// <summary>A connection; null where there is no server to test on.</summary>
    public VaultBackend? Backend { get; private set; }

    public async Task InitializeAsync()
    {
        if (!IsAvailable)
        {
            return;
        }

        (string address, string token) = Given ?? (await StartAsync(), DevToken);
        Backend = await VaultBackend.ConnectAsync(
            new ConnectOptions { Name = "live", Address = address, Auth = new TokenAuth(Connection.Secure(token)) }, new RecordingReporter(), TimeProvider.System, CancellationToken.None);
    }

    /// <summary>Mounts a KV engine under a name that nothing else has.</summary>
    public async Task<string> MountAsync(int kvVersion)
    {
        string mount = $"secretbridge-test/{Guid.NewGuid():n}";
        await Backend!.Client.SendAsync(
            new VaultRequest
            {
                Method = HttpMethod.Post,
                Path = "sys/mounts/" + mount,
                Body = JsonBody.Of(("type", kvVersion == 2 ? "kv-v2" : "kv")),
            },
            CancellationToken.None);
        return mount;
    }

    public async Task UnmountAsync(string mount) =>
        await Backend!.Client.SendAsync(new VaultRequest { Method = HttpMethod.Delete, Path = "sys/mounts/" + mount }, CancellationToken.None);

    public async Task DisposeAsync()
    {
        if (Backend is not null)
        {
            await Backend.DisposeAsync();
        }

        if (_process is not null)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        if (_home is not null)
        {
            Directory.Delete(_home, recursive: true);
        }
    }

    private static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? program + ".exe" : program)).FirstOrDefault(File.Exists);

    private async Task<string> StartAsync()
    {
        string program = Program!;
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        _home = Directory.CreateTempSubdirectory("secretbridge-live-").FullName;
        var start = new ProcessStartInfo(program, ["server", "-dev", "-dev-no-store-token", $"-dev-root-token-id={DevToken}", $"-dev-listen-address=127.0.0.1:{port}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        start.Environment["HOME"] = _home;
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        string address = $"http://127.0.0.1:{port}";
        VaultHealth health = await HealthProbe.RunAsync(
            new HealthOptions { Address = address, Wait = TimeSpan.FromSeconds(30), Pause = TimeSpan.FromMilliseconds(100) }, new RecordingReporter(), TimeProvider.System, CancellationToken.None);
        return health.Healthy ? address : throw new InvalidOperationException($"{program} did not start: {health.Message}");
    }
}
