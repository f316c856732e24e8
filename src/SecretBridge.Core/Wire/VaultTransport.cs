using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using SecretBridge.Reporting;

namespace SecretBridge.Wire;

/// <summary>The one class that does I/O: one request, one reply, at most one redirect.</summary>
internal sealed class VaultTransport : IDisposable
{
    private readonly WireOptions _options;
    private readonly TimeProvider _time;
    private readonly TlsSetup _tls;
    private readonly HttpMessageInvoker _http;
    private readonly HashSet<string> _hosts;
    private volatile bool _disposed;

    public VaultTransport(WireOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _tls = TlsSetup.From(options.Tls);
        _hosts = new HashSet<string>(options.RedirectHosts, StringComparer.OrdinalIgnoreCase) { options.Address.Uri.Host };
        _http = new HttpMessageInvoker(HandlerFor(options, _tls), disposeHandler: true);
    }

    /// <summary>When the certificate that the server last showed ends.</summary>
    public DateTimeOffset? CertificateExpires => _tls.CertificateExpires;

    /// <summary>Sends a request once.</summary>
    /// <exception cref="VaultException">No whole reply came.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async ValueTask<VaultReply> SendAsync(VaultRequest request, SecretText? token, CancellationToken cancellationToken)
    {
        if (_disposed)
        {
            throw TransportFaults.Disconnected(request, null, _options.Address.Text);
        }

        string address = _options.Address.Base;
        bool followed = !_options.Dialect.FollowsRedirects;
        while (true)
        {
            using HttpRequestMessage message = MessageFor(request, token, address);
            try
            {
                using HttpResponseMessage response = await _http.SendAsync(message, cancellationToken).ConfigureAwait(false);
                if (!followed && (int)response.StatusCode is 301 or 302 or 307 && response.Headers.Location is { } location)
                {
                    address = RedirectTarget(request, message.RequestUri!, location);
                    followed = true;
                    continue;
                }

                return await ReadAsync(request, response, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or SocketException && !cancellationToken.IsCancellationRequested)
            {
                throw TransportFaults.Of(request, exception, _options.Address.Text);
            }
            catch (ObjectDisposedException exception) when (!cancellationToken.IsCancellationRequested)
            {
                throw TransportFaults.Disconnected(request, exception, _options.Address.Text);
            }
            catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
            {
                // This is how the handler tells that no connection was made in time.
                throw TransportFaults.NotConnected(request, exception, _options.Address.Text);
            }
            catch (Exception exception) when (exception is not (BridgeException or OperationCanceledException) && cancellationToken.IsCancellationRequested)
            {
                throw new OperationCanceledException(cancellationToken);
            }
        }
    }

    public void Dispose()
    {
        _disposed = true;
        _http.Dispose();
        _tls.Dispose();
    }

    private static SocketsHttpHandler HandlerFor(WireOptions options, TlsSetup tls)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
            ConnectTimeout = TimeSpan.FromSeconds(10),
            MaxConnectionsPerServer = options.MaxConnections,
            EnableMultipleHttp2Connections = true,
            SslOptions = tls.Ssl,
        };
        string? socketPath = options.Address.SocketPath;
        handler.ConnectCallback = (context, cancellationToken) => ConnectAsync(context, socketPath, cancellationToken);
        if (options.Proxy is { } proxy && socketPath is null)
        {
            handler.Proxy = proxy.ToWebProxy();
        }
        else if (options.Address.IsLocal)
        {
            // As Vault's own client: a proxy that the environment names gets nothing that was to stay on this machine.
            handler.UseProxy = false;
        }

        return handler;
    }

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, string? socketPath, CancellationToken cancellationToken)
    {
        EndPoint end = socketPath is null ? context.DnsEndPoint : new UnixDomainSocketEndPoint(socketPath);
        Socket socket = socketPath is null
            ? new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }
            : new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            // Below TLS many requests may share one connection, which must then not block to write.
            HttpRequestMessage first = context.InitialRequestMessage;
            bool isPlain = first.RequestUri?.Scheme == Uri.UriSchemeHttp && first.Method.Method != "CONNECT";
            if (isPlain && await WaitingStream.TryConnectAsync(socket, end, cancellationToken).ConfigureAwait(false) is { } waiting)
            {
                return waiting;
            }

            await socket.ConnectAsync(end, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private HttpRequestMessage MessageFor(VaultRequest request, SecretText? token, string address)
    {
        bool isTls = address.StartsWith("https:", StringComparison.OrdinalIgnoreCase);
        var message = new HttpRequestMessage(request.Method, request.UriBelow(address))
        {
            Version = isTls ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        string? ns = ReferenceEquals(request.Namespace, VaultRequest.DefaultNamespace) ? _options.Namespace : request.Namespace;
        _options.Dialect.AddHeaders(message.Headers, token, ns);
        if (Correlation.Current is { } id)
        {
            message.Headers.TryAddWithoutValidation(Correlation.Header, id);
        }

        if (isTls && _options.Tls.ServerName is { Length: > 0 } name)
        {
            // The pool takes the name for SNI and for its check from the Host header.
            message.Headers.Host = message.RequestUri!.IsDefaultPort ? name : string.Create(CultureInfo.InvariantCulture, $"{name}:{message.RequestUri.Port}");
        }

        ReadOnlyMemory<byte> body = request.Body.IsEmpty && request.Method == HttpMethod.Post ? JsonBody.Empty : request.Body;
        if (!body.IsEmpty)
        {
            message.Content = new ReadOnlyMemoryContent(body);
            message.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        }

        return message;
    }

    // A standby redirects to the active node's api_addr, whose port may be another, as may be its scheme if it is safer.
    private string RedirectTarget(VaultRequest request, Uri from, Uri location)
    {
        Uri target = location.IsAbsoluteUri ? location : new Uri(from, location);
        string path = Uri.UnescapeDataString(from.AbsolutePath);
        string? flaw =
            target.Scheme != "https" && (target.Scheme != "http" || from.Scheme == "https") ? "to a scheme that is less safe"
            : !_hosts.Contains(target.Host) ? $"to the host '{PathSegment.Printable(target.Host)}', which is not one of this connection's; name it as a redirect host if it is a node of the cluster"
            : Uri.UnescapeDataString(target.AbsolutePath).TrimEnd('/') != path.TrimEnd('/') ? "to another path, which Vault never does: a proxy or sign-on stands between"
            : null;
        return flaw is null
            ? target.GetLeftPart(UriPartial.Authority) + _options.Address.Base[_options.Address.Uri.GetLeftPart(UriPartial.Authority).Length..]
            : throw new VaultException(FaultKind.RedirectRefused, request, $"{request}: the server redirects {flaw}. The token was not sent there.");
    }

    private async ValueTask<VaultReply> ReadAsync(VaultRequest request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        byte[] body;
        if (response.Content.Headers.ContentLength is { } length)
        {
            body = length <= request.MaxReply ? GC.AllocateUninitializedArray<byte>((int)length) : throw TransportFaults.TooLong(request);
            for (int filled = 0; filled < body.Length;)
            {
                int read = await stream.ReadAsync(body.AsMemory(filled), cancellationToken).ConfigureAwait(false);
                filled += read > 0 ? read : throw new HttpIOException(HttpRequestError.ResponseEnded);
            }
        }
        else
        {
            body = await ReadUnknownAsync(request, stream, cancellationToken).ConfigureAwait(false);
        }

        // Most replies are never asked for what their headers say: those are read as they came, and looked into on demand.
        return new VaultReply(
            (int)response.StatusCode,
            body,
            Said(response.Content.Headers, "Content-Type"),
            Said(response.Headers, "Date"),
            response.Headers.NonValidated.Contains("Retry-After") ? RetryAfterOf(response.Headers.RetryAfter) : null);
    }

    private static string? Said(HttpHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out HeaderStringValues values) ? values.ToString() : null;

    private TimeSpan? RetryAfterOf(RetryConditionHeaderValue? header) =>
        header?.Delta ?? (header?.Date is { } date ? Max(TimeSpan.Zero, date - _time.GetUtcNow()) : null);

    private static TimeSpan Max(TimeSpan left, TimeSpan right) => left > right ? left : right;

    private static async Task<byte[]> ReadUnknownAsync(VaultRequest request, Stream stream, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
        try
        {
            int filled = 0;
            while (true)
            {
                int read = await stream.ReadAsync(buffer.AsMemory(filled), cancellationToken).ConfigureAwait(false);
                if (read == 0)
                {
                    return buffer[..filled];
                }

                filled += read;
                if (filled > request.MaxReply)
                {
                    throw TransportFaults.TooLong(request);
                }

                if (filled == buffer.Length)
                {
                    byte[] larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
                    buffer.AsSpan(0, filled).CopyTo(larger);
                    // What the pool hands to others must not hold a secret.
                    ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
                    buffer = larger;
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }
}
