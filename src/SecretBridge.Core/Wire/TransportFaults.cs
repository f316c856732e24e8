using System.Diagnostics.CodeAnalysis;
using System.Security.Authentication;
using SecretBridge.Reporting;

namespace SecretBridge.Wire;

/// <summary>Failures without a whole reply, told by what is known of the connection.</summary>
internal static class TransportFaults
{
    public static VaultException Of(VaultRequest request, Exception exception, string address)
    {
        exception = Scrubbed(exception);
        HttpRequestError error = (exception as HttpRequestException)?.HttpRequestError ?? (exception as HttpIOException)?.HttpRequestError ?? HttpRequestError.Unknown;
        if (error == HttpRequestError.SecureConnectionError || exception.InnerException is AuthenticationException)
        {
            return new(FaultKind.TlsFailed, request, $"{request}: no trusted TLS connection with {address}: {TlsCause(exception)}", exception)
            {
                NeverHandled = true,
            };
        }

        return error switch
        {
            HttpRequestError.NameResolutionError => Unreachable(request, exception, $"the host of {address} is not known"),
            HttpRequestError.ConnectionError or HttpRequestError.ProxyTunnelError => Unreachable(request, exception, $"{address} cannot be reached"),
            HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.InvalidResponse or HttpRequestError.VersionNegotiationError =>
                new(FaultKind.MalformedReply, request, $"{request}: what answers at {address} does not speak HTTP as it should; check http against https.", exception)
                {
                    IsTransient = error == HttpRequestError.InvalidResponse,
                },
            _ => new(FaultKind.MalformedReply, request, $"{request}: the connection with {address} broke off before the whole reply came.", exception)
            {
                IsTransient = true,
            },
        };
    }

    public static VaultException NotConnected(VaultRequest request, Exception exception, string address) =>
        Unreachable(request, exception, $"no connection with {address} in time");

    /// <summary>The connection was given up here; without an exception, before the request was sent.</summary>
    public static VaultException Disconnected(VaultRequest request, ObjectDisposedException? exception, string address) =>
        new(FaultKind.NotConnected, request, $"{request}: the connection with {address} was ended here.", exception)
        {
            NeverHandled = exception is null,
        };

    public static VaultException TooLong(VaultRequest request) =>
        new(FaultKind.MalformedReply, request, $"{request}: the reply is longer than {request.MaxReply} bytes.");

    public static VaultException TimedOut(VaultRequest request, TimeSpan limit, bool transient) =>
        new(FaultKind.Timeout, request, $"{request}: no answer within {limit.TotalSeconds:0.#} s.")
        {
            IsTransient = transient,
        };

    // The system's settings may hold a proxy with a password in its address, which .NET repeats.
    [return: NotNullIfNotNull(nameof(exception))]
    private static Exception? Scrubbed(Exception? exception)
    {
        string text = exception?.ToString() ?? "";
        return text == SecretScrubber.ScrubAddresses(text) || exception is null
            ? exception
            : new HttpRequestException((exception as HttpRequestException)?.HttpRequestError ?? HttpRequestError.Unknown, SecretScrubber.ScrubAddresses(exception.Message), Scrubbed(exception.InnerException));
    }

    private static VaultException Unreachable(VaultRequest request, Exception exception, string what) =>
        new(FaultKind.Unreachable, request, $"{request}: {what}.", exception)
        {
            IsTransient = true,
            NeverHandled = true,
        };

    private static string TlsCause(Exception exception) => exception.InnerException?.Message switch
    {
        { } text when text.Contains("RemoteCertificateNameMismatch", StringComparison.Ordinal) => "the certificate is for another name. Check the address, or give the server's name.",
        { } text when text.Contains("RemoteCertificateChainErrors", StringComparison.Ordinal) => "the certificate's authority is not trusted, or the certificate has expired. Give the file of the authority.",
        { } text when text.Contains("corrupted frame", StringComparison.Ordinal) || text.Contains("frame size", StringComparison.Ordinal) => "the server does not speak TLS here; the address may want http.",
        _ => "check the address, the authorities and the client certificate.",
    };
}
