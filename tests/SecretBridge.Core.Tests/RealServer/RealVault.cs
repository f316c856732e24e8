using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using SecretBridge.Stores;
using SecretBridge.Tests.Reporting;
using SecretBridge.Wire;
using Xunit;

namespace SecretBridge.Tests.RealServer;

/// <summary>
/// A real server: the one that SECRETBRIDGE_TEST_ADDR and SECRETBRIDGE_TEST_TOKEN name, else <c>vault</c> or <c>bao</c> from
/// PATH, started as a dev server with a home folder of its own. VAULT_ADDR is never used: it may be somebody's production.
/// Everything happens in mounts of random names, which are removed afterwards.
/// </summary>
public sealed class RealVault : IAsyncLifetime
{
    public const string Why = "no real server: put 'vault' or 'bao' on PATH, or set SECRETBRIDGE_TEST_ADDR and SECRETBRIDGE_TEST_TOKEN";

    private const int MostStarts = 10;

    private readonly List<string> _mounts = [];
    private readonly SocketsHttpHandler _handler = new();
    private Process? _process;
    private DirectoryInfo? _home;
    private string _token = "";

    public RealVault() => Admin = new(_handler);

    public bool IsThere { get; private set; }

    /// <summary>Whether it was started here, so that its settings may be changed.</summary>
    public bool IsOurs => _process is not null;

    public HttpClient Admin { get; }

    public string Address => Admin.BaseAddress!.ToString();

    public string Token => _token;

    public async Task InitializeAsync()
    {
        if (Environment.GetEnvironmentVariable("SECRETBRIDGE_TEST_ADDR") is { Length: > 0 } address)
        {
            _token = Environment.GetEnvironmentVariable("SECRETBRIDGE_TEST_TOKEN") ?? "";
            Admin.BaseAddress = new Uri(address);
        }
        else if ((Find("vault") ?? Find("bao")) is { } program)
        {
            _token = "test-" + Guid.NewGuid().ToString("N");
            Admin.BaseAddress = await StartAsync(program);
        }
        else
        {
            return;
        }

        _handler.UseProxy = !Admin.BaseAddress.IsLoopback;
        Admin.DefaultRequestHeaders.Add("X-Vault-Token", _token);
        IsThere = true;
    }

    public async Task DisposeAsync()
    {
        foreach (string mount in _mounts)
        {
            await Admin.DeleteAsync($"v1/sys/mounts/{mount}");
        }

        Admin.Dispose();
        if (_process is not null)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
            _process.Dispose();
            _home!.Delete(recursive: true);
        }
    }

    public Task<VaultBackend> ConnectAsync(int? kvVersion = null) => VaultBackend.ConnectAsync(
        new ConnectOptions { Name = "real", Address = Address, KvVersion = kvVersion, Auth = new TokenAuth(new NetworkCredential("", _token).SecurePassword) },
        new RecordingReporter(), TimeProvider.System, CancellationToken.None);

    /// <summary>Makes a KV mount of a random name; without a version the server's default, which is 1 and is not told.</summary>
    public async Task<string> MountAsync(int? kvVersion)
    {
        string mount = "secretbridge-" + Guid.NewGuid().ToString("N");
        string options = kvVersion is null ? "" : $$$""","options":{"version":"{{{kvVersion}}}"}""";
        await PostAsync($"v1/sys/mounts/{mount}", $$"""{"type":"kv"{{options}}}""");
        _mounts.Add(mount);
        return mount;
    }

    public async Task<string> PostAsync(string path, string json)
    {
        using var body = new StringContent(json);
        HttpResponseMessage reply = await Admin.PostAsync(path, body);
        string text = await reply.Content.ReadAsStringAsync();
        Assert.True(reply.IsSuccessStatusCode, $"{path}: {(int)reply.StatusCode}");
        return text;
    }

    private static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? program + ".exe" : program))
        .FirstOrDefault(File.Exists);

    private async Task<Uri> StartAsync(string program)
    {
        _home = Directory.CreateTempSubdirectory("secretbridge-test-");
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        for (int i = 0; i < MostStarts; i++)
        {
            int port = FreePort();
            _process = Start(program, port);
            var address = new Uri($"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}");
            if (await IsOursAsync(address, _process, limit.Token))
            {
                return address;
            }

            // Somebody else took one of its ports before it did.
            _process.Dispose();
            _process = null;
        }

        throw new InvalidOperationException($"'{program}' ended {MostStarts} times before it listened.");
    }

    private Process Start(string program, int port)
    {
        var start = new ProcessStartInfo(program)
        {
            ArgumentList =
            {
                "server", "-dev", "-dev-no-store-token", "-dev-root-token-id=" + _token,
                string.Create(CultureInfo.InvariantCulture, $"-dev-listen-address=127.0.0.1:{port}"), "-log-level=error",
            },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["HOME"] = _home!.FullName;
        Process process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    // A server needs two, one after the other. Below those that systems give to whoever wants any, as all other tests do.
    private static int FreePort()
    {
        while (true)
        {
            int port = RandomNumberGenerator.GetInt32(20_000, 32_000);
            try
            {
                using var one = new TcpListener(IPAddress.Loopback, port);
                using var two = new TcpListener(IPAddress.Loopback, port + 1);
                one.Start();
                two.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: another.
            }
        }
    }

    // Nobody else knows the token. False once the process has ended.
    private async Task<bool> IsOursAsync(Uri address, Process process, CancellationToken cancellationToken)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address };
        client.DefaultRequestHeaders.Add("X-Vault-Token", _token);
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        do
        {
            try
            {
                using HttpResponseMessage reply = await client.GetAsync(new Uri("v1/auth/token/lookup-self", UriKind.Relative), cancellationToken);
                if (reply.IsSuccessStatusCode)
                {
                    return true;
                }
            }
            catch (HttpRequestException)
            {
                // It is not listening so far.
            }
        }
        while (!process.HasExited && await pause.WaitForNextTickAsync(cancellationToken));
        return false;
    }
}
