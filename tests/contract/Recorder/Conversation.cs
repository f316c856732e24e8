using System.Globalization;
using System.Text;
using System.Text.Json;

namespace SecretBridge.Contract;

/// <summary>Exchanges with one server, one after the other, with what was captured on the way.</summary>
public sealed class Conversation : IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
    private readonly Dictionary<string, string> _captured;
    private readonly Uri _address;
    private readonly string _rootToken;

    public Conversation(Uri address, string rootToken, IEnumerable<KeyValuePair<string, string>>? variables = null)
    {
        _address = address;
        _rootToken = rootToken;
        _captured = new(variables ?? [], StringComparer.Ordinal) { ["root"] = rootToken };
    }

    /// <summary>Sends the exchange as often as it says; the last answer counts.</summary>
    public async Task<Answer> SendAsync(Exchange exchange, CancellationToken cancellationToken = default)
    {
        Answer answer = null!;
        for (int n = 1; n <= (exchange.Repeat ?? 1); n++)
        {
            _captured["n"] = n.ToString(CultureInfo.InvariantCulture);
            answer = await SendOnceAsync(exchange.Request, cancellationToken).ConfigureAwait(false);
        }
        foreach ((string name, string path) in exchange.Capture ?? new Dictionary<string, string>())
        {
            _captured[name] = Find(answer.Body, path);
        }
        return answer;
    }

    public string Fill(string text)
    {
        foreach ((string name, string value) in _captured)
        {
            text = text.Replace("{{" + name + "}}", value, StringComparison.Ordinal);
        }
        return text;
    }

    public void Dispose() => _client.Dispose();

    private async Task<Answer> SendOnceAsync(ExchangeRequest request, CancellationToken cancellationToken)
    {
        // .NET would tidy away the double slashes and dots that some exchanges are about.
        var target = new Uri(
            _address.GetLeftPart(UriPartial.Authority) + Fill(request.Target),
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var message = new HttpRequestMessage(new HttpMethod(request.Method), target);
        if (request.Body is { } body)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(Fill(body).Replace("{{fill}}", new string('x', request.Fill), StringComparison.Ordinal));
            message.Content = new ByteArrayContent(bytes);
        }
        foreach ((string name, string value) in request.Headers ?? new Dictionary<string, string>())
        {
            if (!message.Headers.TryAddWithoutValidation(name, Fill(value)))
            {
                message.Content!.Headers.TryAddWithoutValidation(name, Fill(value));
            }
        }
        if (request.Token != "none")
        {
            message.Headers.TryAddWithoutValidation("X-Vault-Token", Fill(request.Token ?? _rootToken));
        }

        using HttpResponseMessage response = await _client.SendAsync(message, cancellationToken).ConfigureAwait(false);
        Dictionary<string, string> headers = response.Headers.Concat(response.Content.Headers)
            .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        return new Answer((int)response.StatusCode, headers, await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
    }

    private static string Find(byte[] body, string path)
    {
        using JsonDocument document = JsonDocument.Parse(body);
        JsonElement at = document.RootElement;
        foreach (string name in path.Split('.'))
        {
            at = at.GetProperty(name);
        }
        return at.GetString()!;
    }
}
