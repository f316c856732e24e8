using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Net.Sockets;
using SecretBridge.DevVault;

namespace SecretBridge.Bench;

/// <summary>A server of our own on loopback: the real one where <c>vault</c> or <c>bao</c> is on PATH, and DevVault.</summary>
internal sealed class BenchServer : IAsyncDisposable
{
    private readonly Process? _process;
    private readonly DevVaultServer? _devVault;
    private readonly DirectoryInfo? _home;

    private BenchServer(string name, Uri address, string token, Process? process, DevVaultServer? devVault, DirectoryInfo? home)
    {
        Name = name;
        Address = address;
        Token = token;
        _process = process;
        _devVault = devVault;
        _home = home;
    }

    public string Name { get; }

    public Uri Address { get; }

    public string Token { get; }

    /// <summary>The embedded server as an object; null for a real one.</summary>
    public DevVaultServer? DevVault => _devVault;

    /// <summary>Processor time of a real server so far; null where it is not a process of its own.</summary>
    public TimeSpan? Cpu => _process?.TotalProcessorTime;

    public static async Task<BenchServer> StartDevVaultAsync()
    {
        DevVaultServer server = await DevVaultServer.StartAsync(new DevVaultOptions { Flavour = VaultFlavour.Vault });
        return new("DevVault", server.Address, server.RootToken, null, server, null);
    }

    /// <summary>Null where no real server is on PATH.</summary>
    /// <param name="tls">Whether it is asked through TLS.</param>
    public static async Task<BenchServer?> TryStartRealAsync(bool tls)
    {
        string? program = Find("vault") ?? Find("bao");
        if (program is null)
        {
            return null;
        }

        DirectoryInfo home = Directory.CreateTempSubdirectory("secretbridge-bench-");
        int port = FreePort();
        string token = Guid.NewGuid().ToString("N");
        var start = new ProcessStartInfo(program)
        {
            ArgumentList =
            {
                "server", "-dev", "-dev-no-store-token", "-dev-root-token-id=" + token,
                "-dev-listen-address=127.0.0.1:" + port.ToString(CultureInfo.InvariantCulture), "-log-level=error",
            },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["HOME"] = home.FullName;
        int tlsPort = port + 2;
        if (tls)
        {
            start.ArgumentList.Add("-config=" + Loopback.Write(home.FullName, tlsPort));
        }

        Process process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var server = new BenchServer(Path.GetFileName(program), new Uri(tls ? $"https://127.0.0.1:{tlsPort}" : $"http://127.0.0.1:{port}"), token, process, null, home);
        await server.WaitAsync();
        return server;
    }

    public async Task MountAsync(string mount)
    {
        using HttpClient http = Client();
        (await http.PostAsJsonAsync($"v1/sys/mounts/{mount}", new { type = "kv", options = new { version = "2" } })).EnsureSuccessStatusCode();
        while (!(await http.GetAsync($"v1/{mount}/config")).IsSuccessStatusCode)
        {
            // The mount upgrades itself to version 2 and answers 400 until then.
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    public async Task UnmountAsync(string mount)
    {
        using HttpClient http = Client();
        (await http.DeleteAsync($"v1/sys/mounts/{mount}")).EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
            _process.Dispose();
            _home!.Delete(recursive: true);
        }

        if (_devVault is not null)
        {
            await _devVault.DisposeAsync();
        }
    }

    internal static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, program))
        .FirstOrDefault(File.Exists);

    private static int FreePort()
    {
        // A dev server takes this port and the next one.
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }

    private HttpClient Client()
    {
        var http = new HttpClient(Loopback.Handler()) { BaseAddress = Address };
        http.DefaultRequestHeaders.Add("X-Vault-Token", Token);
        return http;
    }

    private async Task WaitAsync()
    {
        using HttpClient http = Client();
        for (int i = 0; i < 200; i++)
        {
            try
            {
                if ((await http.GetAsync("v1/sys/health")).IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // It is not listening so far.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }

        throw new TimeoutException($"{Name} did not become healthy.");
    }
}
