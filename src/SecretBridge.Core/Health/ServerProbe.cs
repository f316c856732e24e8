using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Wire;

namespace SecretBridge.Health;

/// <summary>Asks <c>sys/health</c>, without a token, a namespace or a second try: each of its statuses is an answer.</summary>
internal sealed class ServerProbe : IDisposable
{
    private readonly VaultTransport _transport;
    private readonly VaultAddress _address;
    private readonly HealthOptions _options;

    private ServerProbe(VaultTransport transport, VaultAddress address, HealthOptions options, TimeProvider time)
    {
        _transport = transport;
        _address = address;
        _options = options;
        Time = time;
    }

    public TimeProvider Time { get; }

    public static ServerProbe For(HealthOptions options, IReporter reporter, TimeProvider time)
    {
        // The probe has a connection of its own: it must find out whether one can be made now, beside what is pooled.
        WireOptions wire = options.Backend?.Client.Options ?? new WireOptions
        {
            Address = VaultAddress.Parse(options.Address ?? throw new BridgeException(FaultKind.InvalidArgument, "Address", "Give an address or a connection to ask.")),
            Tls = options.Tls,
            Proxy = ProxyAddress.Parse(options.Proxy),
        };
        if (options.Backend is { } backend)
        {
            VaultBackend.WarnOfTls(wire, backend.Reporter);
        }
        else if (wire.Tls.SkipCertificateCheck)
        {
            reporter.Warning($"The certificate of {wire.Address.Text} is not checked.");
        }

        return new(new VaultTransport(wire, time), wire.Address, options, time);
    }

    public void Dispose() => _transport.Dispose();

    /// <summary>What a server is that could not be asked, because an option was wrong. What may be a password in its address is left out.</summary>
    public static VaultHealth Unasked(HealthOptions options, BridgeException exception)
    {
        var health = new VaultHealth
        {
            Address = options.Backend?.Address ?? SecretScrubber.ScrubAddresses(options.Address ?? "").Split('?', '#')[0],
            Backend = options.Backend?.Name,
            Status = exception.Kind == FaultKind.TlsFailed ? HealthStatus.TlsError : HealthStatus.Unreachable,
            Message = exception.Message,
        };
        return health with { Checks = [new("reachable", false, health.Message, HealthHints.For(health))] };
    }

    public async Task<VaultHealth> AskAsync(CancellationToken cancellationToken)
    {
        VaultRequest request = SysRequests.Health(_options.Timeout);
        using var timeout = new CancellationTokenSource(_options.Timeout, Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        long asked = Time.GetTimestamp();
        try
        {
            VaultReply reply = await _transport.SendAsync(request, null, linked.Token).ConfigureAwait(false);
            TimeSpan took = Time.GetElapsedTime(asked);
            return VaultFaults.Of(request, reply, null) is { } fault
                ? Down(HealthStatus.Unreachable, fault.Message, reply.Status)
                : Read(reply, took);
        }
        catch (VaultException exception)
        {
            return Down(exception.Kind == FaultKind.TlsFailed ? HealthStatus.TlsError : HealthStatus.Unreachable, exception.Message, null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Down(HealthStatus.Unreachable, TransportFaults.TimedOut(request, _options.Timeout, transient: true).Message, null);
        }
    }

    /// <summary>How far a sealed server is on its way, such as <c>2 of 3 unseal keys given</c>; null where it does not tell.</summary>
    public async Task<string?> AskUnsealingAsync(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_options.Timeout, Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            JsonFields body = JsonFields.Of((await _transport.SendAsync(SysRequests.SealStatus(), null, linked.Token).ConfigureAwait(false)).Body);
            return body.Number("t") is > 0 and var needed && body.Number("progress") is { } given ? $"{given} of {needed} unseal keys given" : null;
        }
        catch (VaultException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private VaultHealth Read(VaultReply reply, TimeSpan took)
    {
        JsonFields body = JsonFields.Of(reply.Body);
        if (!body.Has("sealed") || !body.Has("initialized"))
        {
            return Down(HealthStatus.Unreachable, $"GET sys/health: what answered is not Vault (status {reply.Status}).", reply.Status);
        }

        HealthStatus status = StatusOf(reply.Status, body);
        ServerInfo server = ServerInfo.FromHealth(body);
        return new()
        {
            Address = _address.Text,
            Backend = _options.Backend?.Name,
            Status = status,
            StatusCode = reply.Status,
            Version = server.Version,
            Product = server.Product,
            ClusterName = server.ClusterName,
            ClusterId = server.ClusterId,
            LatencyMs = took.TotalMilliseconds,
            CertificateExpires = _transport.CertificateExpires,
            ClockSkew = SkewOf(body, took),
            Message = $"{_address.Text} is {Words(status)}.",
        };
    }

    // The answer was made about half its way ago, and tells whole seconds.
    private TimeSpan? SkewOf(JsonFields body, TimeSpan took)
    {
        if (body.Number("server_time_utc") is not (> 0 and { } seconds))
        {
            return null;
        }

        TimeSpan skew = DateTimeOffset.FromUnixTimeSeconds(seconds) - (Time.GetUtcNow() - (took / 2));
        return skew.Duration() <= TimeSpan.FromSeconds(1) ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Round(skew.TotalSeconds));
    }

    private static HealthStatus StatusOf(int status, JsonFields body) => status switch
    {
        _ when !body.Flag("initialized") => HealthStatus.Uninitialized,
        _ when body.Flag("sealed") => HealthStatus.Sealed,
        472 => HealthStatus.DrSecondary,
        473 => HealthStatus.PerformanceStandby,
        474 or 530 => HealthStatus.HaUnhealthy,
        _ when body.Text("replication_dr_mode") == "secondary" => HealthStatus.DrSecondary,
        _ when body.Flag("performance_standby") => HealthStatus.PerformanceStandby,
        _ when body.Flag("standby") => HealthStatus.Standby,
        _ => HealthStatus.Active,
    };

    private static string Words(HealthStatus status) => status switch
    {
        HealthStatus.Active => "unsealed and active",
        HealthStatus.Standby => "a standby",
        HealthStatus.PerformanceStandby => "a performance standby",
        HealthStatus.DrSecondary => "a disaster recovery secondary",
        HealthStatus.HaUnhealthy => "a standby that has lost the active node",
        HealthStatus.Sealed => "sealed",
        _ => "not initialised",
    };

    private VaultHealth Down(HealthStatus status, string message, int? statusCode) => new()
    {
        Address = _address.Text,
        Backend = _options.Backend?.Name,
        Status = status,
        StatusCode = statusCode,
        CertificateExpires = _transport.CertificateExpires,
        Message = message,
    };
}
