using System.Net.Http.Json;
using System.Text.Json;
using SecretBridge.DevVault;

namespace SecretBridge.Tests.Wire.OnDevVault;

/// <summary>Sets a server up through its own API, with a client that has nothing to do with the one under test.</summary>
internal sealed class Admin(DevVaultServer server) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = server.Address };

    public async Task<JsonElement> SendAsync(string method, string path, object? body = null, string? wrapTtl = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/v1/" + path);
        request.Headers.Add("X-Vault-Token", server.RootToken);
        if (wrapTtl is not null)
        {
            request.Headers.Add("X-Vault-Wrap-TTL", wrapTtl);
        }

        request.Content = body is null ? null : JsonContent.Create(body);
        using HttpResponseMessage response = await _http.SendAsync(request);
        response.EnsureSuccessStatusCode();
        string text = await response.Content.ReadAsStringAsync();
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
    }

    /// <summary>Makes a role and tells its id.</summary>
    public async Task<string> AppRoleAsync(string role, int ttl, int maxTtl = 0)
    {
        await SendAsync("POST", "sys/auth/approle", new { type = "approle" });
        await SendAsync("POST", $"auth/approle/role/{role}", new { token_policies = "all", token_ttl = ttl, token_max_ttl = maxTtl });
        return (await SendAsync("GET", $"auth/approle/role/{role}/role-id")).GetProperty("data").GetProperty("role_id").GetString()!;
    }

    public async Task<string> SecretIdAsync(string role) =>
        (await SendAsync("POST", $"auth/approle/role/{role}/secret-id", new { })).GetProperty("data").GetProperty("secret_id").GetString()!;

    public async Task<string> WrappedSecretIdAsync(string role) =>
        (await SendAsync("POST", $"auth/approle/role/{role}/secret-id", new { }, "60s")).GetProperty("wrap_info").GetProperty("token").GetString()!;

    public void Dispose() => _http.Dispose();
}
