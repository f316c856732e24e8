using SecretBridge.Reporting;
using SecretBridge.Wire;

namespace SecretBridge.Stores;

/// <summary>
/// A connection to ScaiVault. It may be used from many threads and runspaces at once. None of its properties holds anything
/// secret.
/// </summary>
public sealed class ScaiVaultBackend : IAsyncDisposable
{
    private readonly ScaiVaultOptions _options;
    private readonly RelayReporter _reporter;
    private readonly ScaiVaultClient _client;
    private volatile bool _isConnected = true;

    private ScaiVaultBackend(ScaiVaultOptions options, RelayReporter reporter, ScaiVaultClient client)
    {
        _options = options;
        _reporter = reporter;
        _client = client;
        Store = new(this);
    }

    /// <summary>The name that references use for it.</summary>
    public string Name => _options.Name;

    /// <summary>The server's address.</summary>
    public string Address => _client.Options.Address.Text;

    /// <summary>When the certificate that the server showed ends; null without TLS, and before the first request.</summary>
    public DateTimeOffset? CertificateExpires => _client.CertificateExpires;

    /// <summary>Whether it can still be used.</summary>
    public bool IsConnected => _isConnected;

    /// <summary>What to say of a server on another machine that is spoken to without TLS; null for any other.</summary>
    internal string? ClearTextWarning => _client.Options.Address.ClearTextWarning;

    internal ScaiVaultStore Store { get; }

    internal IReporter Reporter => _reporter;

    /// <summary>
    /// Makes a connection. Nothing is sent: no call is documented that would prove a token, so that the first use of it does.
    /// </summary>
    /// <param name="options">What the connection is made of.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="BridgeException">An option cannot be right, or the token can be none.</exception>
    public static ScaiVaultBackend Connect(ScaiVaultOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        WireOptions wire = options.ToWire();
        SecretText token = VaultSession.CheckToken(VaultLogin.Trimmed(options.Token));
        var relay = new RelayReporter();
        return new(options, relay, new(wire, token, relay, time, () => VaultBackend.WarnOfTls(wire, relay)));
    }

    /// <summary>Finds the place that a reference means on this connection.</summary>
    /// <param name="reference">A <c>scaivault://</c> reference, whose backend is not looked at.</param>
    /// <exception cref="BridgeException">It is of another scheme, or the connection has ended.</exception>
    public StoreLocation Open(SecretReference reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ThrowIfDisconnected();
        return reference.Scheme == "scaivault"
            ? new(Store, reference.Path)
            : throw new BridgeException(FaultKind.NotSupported, reference.ToString(), $"'{reference}' is not a ScaiVault reference.");
    }

    /// <summary>Sends what the connection says to a reporter, in this flow of calls, until the result is disposed.</summary>
    public IDisposable ReportTo(IReporter reporter)
    {
        ArgumentNullException.ThrowIfNull(reporter);
        return _reporter.Use(reporter);
    }

    /// <summary>Ends the connection. The token lives on: no call is documented that revokes one.</summary>
    public void Disconnect()
    {
        if (_isConnected)
        {
            _isConnected = false;
            _client.Dispose();
        }
    }

    /// <summary>Ends the connection as <see cref="Disconnect"/> does.</summary>
    public ValueTask DisposeAsync()
    {
        Disconnect();
        return default;
    }

    /// <summary>Name and address.</summary>
    public override string ToString() => $"{Name} ({Address})";

    internal ValueTask<VaultReply> SendAsync(VaultRequest request, CancellationToken cancellationToken)
    {
        ThrowIfDisconnected();
        return _client.SendAsync(request, cancellationToken);
    }

    private void ThrowIfDisconnected()
    {
        if (!_isConnected)
        {
            throw new BridgeException(FaultKind.NotConnected, Name, $"The ScaiVault backend '{Name}' was disconnected.");
        }
    }
}
