using System.Net;
using SecretBridge.Reporting;

namespace SecretBridge.Wire;

/// <summary>The address of a proxy, with what it wants to be told kept apart, so that no message can repeat it.</summary>
internal sealed class ProxyAddress
{
    private readonly Uri _uri;
    private readonly NetworkCredential? _credential;

    private ProxyAddress(Uri uri, NetworkCredential? credential)
    {
        _uri = uri;
        _credential = credential;
    }

    /// <summary>Parses an address such as <c>http://user:password@proxy.example:3128</c>; null where none is given.</summary>
    /// <exception cref="BridgeException">It is none (<see cref="FaultKind.InvalidArgument"/>). What may be a password in it is not repeated.</exception>
    public static ProxyAddress? Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        // As with other tools, http is meant where no scheme is given.
        string whole = text.Trim();
        whole = whole.Contains("://", StringComparison.Ordinal) ? whole : "http://" + whole;
        if (!Uri.TryCreate(whole, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https" or "socks4" or "socks4a" or "socks5") || uri.Host.Length == 0)
        {
            throw new BridgeException(FaultKind.InvalidArgument, "Proxy", "The proxy must look like http://proxy.example:3128, with a user and a password before an '@' where it wants them.");
        }

        return new(new UriBuilder(uri.Scheme, uri.Host, uri.Port).Uri, CredentialIn(uri.UserInfo));
    }

    /// <summary>The proxy as a handler takes it.</summary>
    public IWebProxy ToWebProxy() => new WebProxy(_uri) { Credentials = _credential };

    /// <summary>Scheme, host and port.</summary>
    public override string ToString() => _uri.GetLeftPart(UriPartial.Authority);

    private static NetworkCredential? CredentialIn(string userInfo)
    {
        string[] parts = userInfo.Split(':', 2);
        return userInfo.Length == 0 ? null : new(Uri.UnescapeDataString(parts[0]), parts.Length == 1 ? "" : Uri.UnescapeDataString(parts[1]));
    }
}
