using SecretBridge.Reporting;
using SecretBridge.Wire;

namespace SecretBridge.Stores;

public sealed partial class VaultBackend
{
    /// <summary>Connects: logs in or verifies the token, and asks the server what it is.</summary>
    /// <param name="options">What the connection is made of.</param>
    /// <param name="reporter">Hears what is done while connecting.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="BridgeException">An option cannot be right, the server cannot be reached, or the login was refused.</exception>
    public static async Task<VaultBackend> ConnectAsync(ConnectOptions options, IReporter reporter, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(reporter);
        ArgumentNullException.ThrowIfNull(time);
        var relay = new RelayReporter();
        WireOptions wire = Check(options);
        if (wire.Address.ClearTextWarning is { } warning)
        {
            reporter.Warning(warning);
        }

        var client = new VaultClient(wire, options.Auth, WireOptions.Normalise(options.AuthNamespace), !options.NoVerify, relay, time, () => WarnOfTls(wire, relay));
        var backend = new VaultBackend(options, relay, client);
        try
        {
            using (backend.ReportTo(reporter))
            {
                // Whose login fails is told at once, however long the server takes to say who it is.
                using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                Task<ServerInfo> asking = backend.AskServerAsync(failed.Token);
                try
                {
                    await client.Session.OpenAsync(cancellationToken).ConfigureAwait(false);
                }
                catch
                {
                    await failed.CancelAsync().ConfigureAwait(false);
                    await ((Task)asking).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    throw;
                }

                backend._server = await asking.ConfigureAwait(false);
            }

            return backend;
        }
        catch
        {
            await backend.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Warns of a certificate that is not checked, once in each operation that uses the connection.</summary>
    internal static void WarnOfTls(WireOptions wire, RelayReporter relay)
    {
        if (wire.Tls.SkipCertificateCheck)
        {
            relay.WarningOnce($"The certificate of {wire.Address.Text} is not checked: whoever stands between can read every secret.");
        }
    }

    /// <summary>Checks what a connection is made of.</summary>
    internal static WireOptions Check(ConnectOptions options)
    {
        string? flaw =
            !SecretReference.IsBackendName(options.Name) ? "Name must be made of letters, digits, '.', '_' and '-'"
            : options.KvVersion is not (null or 1 or 2) ? "KvVersion must be 1 or 2"
            : options.RateLimit is <= 0 ? "RateLimit must be above 0"
            : options.MaxRetries < 0 ? "MaxRetries must be 0 or more"
            : options.MaxConnections < 1 ? "MaxConnections must be 1 or more"
            : options.RequestTimeout <= TimeSpan.Zero || options.Deadline <= TimeSpan.Zero ? "RequestTimeout and Deadline must be above 0"
            : options.Tls.ClientKey is not null && options.Tls.ClientCertificate is null ? "a client key needs its certificate"
            : null;
        return flaw is null
            ? new WireOptions
            {
                Address = VaultAddress.Parse(options.Address),
                Namespace = WireOptions.Normalise(options.Namespace),
                Tls = options.Tls,
                Proxy = ProxyAddress.Parse(options.Proxy),
                MaxConnections = options.MaxConnections,
                RedirectHosts = options.RedirectHosts,
                MaxRetries = options.MaxRetries,
                RequestTimeout = options.RequestTimeout,
                Deadline = options.Deadline,
                RateLimit = options.RateLimit,
                RateBurst = options.RateBurst,
            }
            : throw new BridgeException(FaultKind.InvalidArgument, options.Name, $"The connection cannot be made: {flaw}.");
    }

    // A server behind a gateway may not answer this; then its product and cluster are unknown, and its mounts are told apart by
    // their accessors. A slow one gets the time of any request: with another identity, a journal would be that of another run.
    private async Task<ServerInfo> AskServerAsync(CancellationToken cancellationToken)
    {
        try
        {
            VaultReply reply = await _client.SendAsync(SysRequests.Health(timeout: null), cancellationToken).ConfigureAwait(false);
            return ServerInfo.FromHealth(JsonFields.Of(reply.Body));
        }
        catch (VaultException exception) when (!_options.NoVerify || exception.StatusCode is not null)
        {
            _reporter.Verbose(exception.Message);
            return ServerInfo.Unknown;
        }
    }
}
