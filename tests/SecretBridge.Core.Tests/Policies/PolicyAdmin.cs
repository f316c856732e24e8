using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using SecretBridge.Stores;
using SecretBridge.Tests.Reporting;
using SecretBridge.Wire;

namespace SecretBridge.Tests.Policies;

/// <summary>Sets any server up with its root token: mounts, secrets, policies, and tokens that have them and nothing else.</summary>
internal sealed class PolicyAdmin(string address, string rootToken) : IAsyncDisposable
{
    private readonly List<string> _made = [];
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = !new Uri(address).IsLoopback }) { BaseAddress = new Uri(address) };

    public string RootToken => rootToken;

    public async Task<JsonElement> SendAsync(string method, string path, object? body = null)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), "v1/" + string.Join('/', path.Split('/').Select(Uri.EscapeDataString)));
            request.Headers.Add("X-Vault-Token", rootToken);
            request.Content = body is null ? null : JsonContent.Create(body);
            using HttpResponseMessage response = await _http.SendAsync(request, limit.Token);
            string text = await response.Content.ReadAsStringAsync(limit.Token);
            if (response.StatusCode == HttpStatusCode.BadRequest && text.Contains("Upgrading", StringComparison.Ordinal))
            {
                await pause.WaitForNextTickAsync(limit.Token);
                continue;
            }

            return !response.IsSuccessStatusCode ? throw new InvalidOperationException($"{method} {path}: {(int)response.StatusCode} {text}")
                : text.Length == 0 ? default
                : JsonDocument.Parse(text).RootElement;
        }
    }

    public Task MountAsync(string mount, int kvVersion) =>
        MakeAsync("POST", "sys/mounts/" + mount, new { type = "kv", options = new { version = kvVersion == 2 ? "2" : "1" } });

    public Task PutAsync(string mount, int kvVersion, string path, object value) =>
        kvVersion == 2 ? SendAsync("POST", $"{mount}/data/{path}", new { data = value }) : SendAsync("POST", $"{mount}/{path}", value);

    /// <summary>A token with these policies alone: not even the policy 'default'.</summary>
    public async Task<string> TokenAsync(IEnumerable<string> policies, string? ttl = null)
    {
        JsonElement made = await SendAsync("POST", "auth/token/create", new { policies, no_default_policy = true, ttl = ttl ?? "10m" });
        return made.GetProperty("auth").GetProperty("client_token").GetString()!;
    }

    public Task WritePolicyAsync(string name, string hcl) => MakeAsync("PUT", "sys/policies/acl/" + name, new { policy = hcl });

    public Task<VaultBackend> ConnectAsync(string name, string token, TimeProvider? time = null, bool noVerify = false) => VaultBackend.ConnectAsync(
        new ConnectOptions { Name = name, Address = address, NoVerify = noVerify, MaxRetries = 0, Auth = new TokenAuth(new NetworkCredential("", token).SecurePassword) },
        new RecordingReporter(), time ?? TimeProvider.System, CancellationToken.None);

    /// <summary>Removes all that was made, for the server may be somebody's.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (string path in _made)
        {
            await SendAsync("DELETE", path);
        }

        _http.Dispose();
    }

    private async Task MakeAsync(string method, string path, object body)
    {
        await SendAsync(method, path, body);
        _made.Add(path);
    }
}
