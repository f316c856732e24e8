using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;

namespace SecretBridge.Bench;

/// <summary>
/// The same requests as a copy makes, by .NET's own handler and nothing else: no deadline, no retry, no check of anything.
/// What a .NET client that waits for replies as .NET does cannot be below.
/// </summary>
internal sealed class HttpFloor(string address, string token) : IDisposable
{
    private const int Workers = 16;
    private readonly HttpMessageInvoker _http = new(Loopback.Handler());
    private readonly string _base = address.TrimEnd('/') + "/v1/";

    public async Task<long> CopyAsync(string source, string target)
    {
        var paths = new ConcurrentQueue<string>();
        foreach (string folder in await ListAsync(source, "tree/"))
        {
            foreach (string name in await ListAsync(source, $"tree/{folder}"))
            {
                paths.Enqueue($"tree/{folder}{name}");
            }
        }

        int count = paths.Count;
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => Task.Run(async () =>
        {
            while (paths.TryDequeue(out string? path))
            {
                byte[] read = await SendAsync(HttpMethod.Get, $"{source}/data/{path}", null).ConfigureAwait(false);
                await SendAsync(HttpMethod.Post, $"{target}/data/{path}", Wrapped(read)).ConfigureAwait(false);
            }
        })));
        return count;
    }

    public void Dispose() => _http.Dispose();

    // The server writes the payload first, before its metadata.
    private static byte[] Wrapped(byte[] reply)
    {
        ReadOnlySpan<byte> text = reply;
        int start = text.IndexOf("\"data\":{\"data\":"u8) + 15;
        int end = start + text[start..].LastIndexOf(",\"metadata\":"u8);
        return [.. "{\"data\":"u8, .. text[start..end], .. ",\"options\":{\"cas\":0}}"u8];
    }

    private async Task<string[]> ListAsync(string mount, string folder)
    {
        using var reply = JsonDocument.Parse(await SendAsync(HttpMethod.Get, $"{mount}/metadata/{folder}?list=true", null));
        return reply.RootElement.GetProperty("data").GetProperty("keys").EnumerateArray().Select(key => key.GetString()!).ToArray();
    }

    private async Task<byte[]> SendAsync(HttpMethod method, string path, byte[]? body)
    {
        using var request = new HttpRequestMessage(method, new Uri(_base + path))
        {
            // As ours asks: many requests share a connection below TLS.
            Version = _base.StartsWith("https:", StringComparison.Ordinal) ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        request.Headers.TryAddWithoutValidation("X-Vault-Token", token);
        request.Content = body is null ? null : new ReadOnlyMemoryContent(body);
        using HttpResponseMessage response = await _http.SendAsync(request, CancellationToken.None).ConfigureAwait(false);
        byte[] reply = await response.Content.ReadAsByteArrayAsync().ConfigureAwait(false);
        return response.IsSuccessStatusCode ? reply : throw new InvalidOperationException($"{method} {path}: {(int)response.StatusCode}");
    }
}
