using SecretBridge.Reporting;
using SecretBridge.Wire;

namespace SecretBridge.Stores;

/// <summary>
/// A connection to a Vault or OpenBao server. It may be used from many threads and runspaces at once. None of its
/// properties holds anything secret.
/// </summary>
public sealed partial class VaultBackend : IAsyncDisposable
{
    private readonly ConnectOptions _options;
    private readonly RelayReporter _reporter;
    private readonly VaultClient _client;
    private readonly MountTable _mounts;
    private ServerInfo _server = ServerInfo.Unknown;
    private volatile bool _isConnected = true;

    private VaultBackend(ConnectOptions options, RelayReporter reporter, VaultClient client)
    {
        _options = options;
        _reporter = reporter;
        _client = client;
        _mounts = new MountTable(client, options);
    }

    /// <summary>The name that references use for it.</summary>
    public string Name => _options.Name;

    /// <summary>The server's address.</summary>
    public string Address => _client.Options.Address.Text;

    /// <summary>The namespace without slashes at its ends; empty for the root.</summary>
    public string Namespace => _client.Options.Namespace ?? "";

    /// <summary>How the token was got, such as <c>approle</c>.</summary>
    public string AuthMethod => _options.Auth.Method;

    /// <summary>The token's policies; empty where they are not known.</summary>
    public IReadOnlyList<string> Policies => _client.Session.Current?.Policies ?? [];

    /// <summary>When the token ends; null for never, or where it is not known.</summary>
    public DateTimeOffset? TokenExpires => _client.Session.Current?.Expires;

    /// <summary>Whether the token can be renewed.</summary>
    public bool Renewable => _client.Session.Current?.Renewable ?? false;

    /// <summary><c>Vault</c> or <c>OpenBao</c>; null where the server does not tell.</summary>
    public string? Product => _server.Product;

    /// <summary>The server's version, where it tells it.</summary>
    public string? ServerVersion => _server.Version;

    /// <summary>The cluster's name, where the server tells it.</summary>
    public string? ClusterName => _server.ClusterName;

    /// <summary>The cluster's id, where the server tells it.</summary>
    public string? ClusterId => _server.ClusterId;

    /// <summary>The mount that bare names stand in; null for none.</summary>
    public string? DefaultMount => _options.DefaultMount;

    /// <summary>When the certificate that the server showed ends; null without TLS.</summary>
    public DateTimeOffset? CertificateExpires => _client.CertificateExpires;

    /// <summary>Whether it can still be used.</summary>
    public bool IsConnected => _isConnected;

    internal VaultClient Client => _client;

    internal ServerInfo Server => _server;

    internal RelayReporter Reporter => _reporter;

    /// <summary>
    /// Sends what the connection says to a reporter, in this flow of calls, until the result is disposed: retries, refreshes,
    /// and with the first request the warning of a certificate that is not checked.
    /// </summary>
    public IDisposable ReportTo(IReporter reporter)
    {
        ArgumentNullException.ThrowIfNull(reporter);
        return _reporter.Use(reporter);
    }

    /// <summary>Renews the token now, or logs in again where it cannot be renewed.</summary>
    public async Task RenewAsync(CancellationToken cancellationToken)
    {
        ThrowIfDisconnected();
        await _client.Session.RenewAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends the connection, and revokes the token if a login here obtained it. A token that the user gave lives on.</summary>
    public async Task DisconnectAsync(CancellationToken cancellationToken)
    {
        if (_isConnected)
        {
            _isConnected = false;
            try
            {
                await _client.Session.CloseAsync(cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                _client.Dispose();
            }
        }
    }

    /// <summary>Ends the connection as <see cref="DisconnectAsync"/> does.</summary>
    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5), _client.Time);
        try
        {
            await DisconnectAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _reporter.Warning($"The token of '{Name}' could not be revoked in time and lives on until its lease ends.");
        }
    }

    /// <summary>Name and address.</summary>
    public override string ToString() => $"{Name} ({Address})";

    private void ThrowIfDisconnected()
    {
        if (!_isConnected)
        {
            throw new BridgeException(FaultKind.NotConnected, Name, $"The backend '{Name}' was disconnected.");
        }
    }
}
