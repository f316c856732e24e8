using System.Net;
using SecretBridge.Reporting;

namespace SecretBridge.Wire;

/// <summary>The address of a server, taken apart.</summary>
internal sealed record VaultAddress
{
    /// <summary>The address as it is shown: scheme, host, port and path, nothing after it.</summary>
    public required string Text { get; init; }

    /// <summary>What stands before <c>/v1/</c> in a URL.</summary>
    public required string Base { get; init; }

    public required Uri Uri { get; init; }

    /// <summary>The socket file of a <c>unix:</c> address.</summary>
    public string? SocketPath { get; init; }

    public bool IsTls => Uri.Scheme == "https";

    /// <summary>Whether it leads to this machine itself, whatever names may be made to mean.</summary>
    public bool IsLocal => SocketPath is not null || IsLoopback(Uri);

    /// <summary>What to say of an address without TLS on another machine; null for any other address.</summary>
    public string? ClearTextWarning => IsTls || IsLocal
        ? null
        : $"The connection to {Text} is not encrypted: the token and every secret go over the network in clear text. Use an https:// address, or a tunnel that begins on this machine.";

    /// <summary>Parses an address such as <c>https://vault.example:8200</c> or <c>unix:///run/vault.sock</c>.</summary>
    /// <exception cref="BridgeException">It is none (<see cref="FaultKind.InvalidArgument"/>). What may be a password in it is not repeated.</exception>
    public static VaultAddress Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.StartsWith("unix://", StringComparison.OrdinalIgnoreCase) && text.Length > "unix://".Length)
        {
            return new() { Text = text, Base = "http://localhost", Uri = new("http://localhost"), SocketPath = text["unix://".Length..] };
        }

        if (!Uri.TryCreate(text.Trim(), UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("https" or "http") || uri.Host.Length == 0)
        {
            throw new BridgeException(FaultKind.InvalidArgument, "Address", "The address must look like https://vault.example:8200, http://127.0.0.1:8200 or unix:///run/vault.sock.");
        }

        if (uri.UserInfo.Length > 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0)
        {
            throw new BridgeException(FaultKind.InvalidArgument, "Address", "The address must not hold a user, a query or a fragment.");
        }

        string path = uri.AbsolutePath.TrimEnd('/');
        string address = uri.GetLeftPart(UriPartial.Authority) + (path.EndsWith("/v1", StringComparison.Ordinal) ? path[..^3] : path);
        return new() { Text = address, Base = address, Uri = uri };
    }

    // Uri.IsLoopback also takes names for it that may lead elsewhere.
    private static bool IsLoopback(Uri uri) => IPAddress.TryParse(uri.DnsSafeHost, out IPAddress? ip)
        ? IPAddress.IsLoopback(ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip)
        : uri.Host.TrimEnd('.') == "localhost";
}
