using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using SecretBridge.DevVault;

namespace SecretBridge.Contract.Tests;

/// <summary>Requests in one line; the reply's body as JSON, or undefined when it is empty or none.</summary>
internal sealed class TestClient : IDisposable
{
    private readonly HttpClient _client;
    private readonly DevVaultServer _server;

    public TestClient(DevVaultServer server, SocketsHttpHandler? handler = null)
    {
        _server = server;
        handler ??= new SocketsHttpHandler();
        handler.AllowAutoRedirect = false;
        handler.UseProxy = false;
        _client = new HttpClient(handler);
    }

    public async Task<TestReply> SendAsync(
        string method, string path, string? body = null, string? token = null, string? contentType = null, CancellationToken cancellationToken = default, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(_server.Address, path));
        request.Headers.TryAddWithoutValidation("X-Vault-Token", token ?? _server.RootToken);
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);
        }
        using HttpResponseMessage response = await _client.SendAsync(request, cancellationToken);
        string text = await response.Content.ReadAsStringAsync(cancellationToken);
        JsonElement json = text.StartsWith('{') ? JsonElement.Parse(text) : default;
        return new TestReply((int)response.StatusCode, json, text, response.Headers.Location?.OriginalString, response.Headers.RetryAfter?.ToString());
    }

    public Task<TestReply> GetAsync(string path, string? token = null) => SendAsync("GET", path, token: token);

    public Task<TestReply> PostAsync(string path, string body, string? token = null) => SendAsync("POST", path, body, token);

    public Task<TestReply> ListAsync(string path, string? token = null) => SendAsync("LIST", path, token: token);

    public void Dispose() => _client.Dispose();
}
