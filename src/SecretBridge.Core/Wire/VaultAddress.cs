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
}
