using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Health;

/// <summary>Asks a server how it is. That it cannot be reached is a result and no failure; a token is not needed.</summary>
public static class HealthProbe
{
    private const int Degree = 16;

    /// <summary>Asks several servers side by side, so that one that is waited for does not hold up the others.</summary>
    /// <param name="servers">What to ask each. One that cannot even be asked, such as by an address that is none, is a result as well.</param>
    /// <param name="reporter">Hears each vain attempt.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static IAsyncEnumerable<VaultHealth> RunAllAsync(
        IAsyncEnumerable<HealthOptions> servers, IReporter reporter, TimeProvider time, CancellationToken cancellationToken) =>
        BoundedPipe.SelectAsync(servers, Degree, (server, stop) => TryAsync(server, reporter, time, stop), cancellationToken);

    /// <summary>Asks, and asks again until the server is healthy or the wait is over.</summary>
    /// <param name="options">What to ask.</param>
    /// <param name="reporter">Hears each vain attempt.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="BridgeException">The address is none, or neither it nor a connection is given.</exception>
    public static async Task<VaultHealth> RunAsync(HealthOptions options, IReporter reporter, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(reporter);
        ArgumentNullException.ThrowIfNull(time);
        using IDisposable? reporting = options.Backend?.Reporter.Use(reporter);
        using ServerProbe probe = ServerProbe.For(options, reporter, time);
        return await WaitAsync(probe, options, reporter, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<VaultHealth> TryAsync(HealthOptions options, IReporter reporter, TimeProvider time, CancellationToken cancellationToken)
    {
        using IDisposable? reporting = options.Backend?.Reporter.Use(reporter);
        ServerProbe probe;
        try
        {
            probe = ServerProbe.For(options, reporter, time);
        }
        catch (BridgeException exception)
        {
            return ServerProbe.Unasked(options, exception);
        }

        using (probe)
        {
            return await WaitAsync(probe, options, reporter, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<VaultHealth> WaitAsync(ServerProbe probe, HealthOptions options, IReporter reporter, CancellationToken cancellationToken)
    {
        TimeProvider time = probe.Time;
        long start = time.GetTimestamp();
        while (true)
        {
            VaultHealth health = await OnceAsync(probe, options, cancellationToken).ConfigureAwait(false);
            TimeSpan left = options.Wait - time.GetElapsedTime(start);
            if (health.Healthy || left <= TimeSpan.Zero)
            {
                return health;
            }

            reporter.Verbose($"{health.Message} Asking again for {left.TotalSeconds:0} s.");
            await Task.Delay(left < options.Pause ? left : options.Pause, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<VaultHealth> OnceAsync(ServerProbe probe, HealthOptions options, CancellationToken cancellationToken)
    {
        VaultHealth health = await probe.AskAsync(cancellationToken).ConfigureAwait(false);
        bool isUp = health.Status switch
        {
            HealthStatus.Active => true,
            HealthStatus.Standby or HealthStatus.PerformanceStandby => options.StandbyOk,
            HealthStatus.DrSecondary => options.DrSecondaryOk,
            _ => false,
        };
        bool isReached = health.Status is not (HealthStatus.Unreachable or HealthStatus.TlsError);
        var checks = new List<HealthCheck>
        {
            new("reachable", isReached, isReached ? $"answered in {health.LatencyMs:0.#} ms" : health.Message, HealthHints.For(health)),
        };
        if (isReached)
        {
            string? progress = health.Status == HealthStatus.Sealed && (options.Detailed || options.Path is not null)
                ? await probe.AskUnsealingAsync(cancellationToken).ConfigureAwait(false)
                : null;
            checks.Add(new("sealed", health.Status is not (HealthStatus.Sealed or HealthStatus.Uninitialized), health.Status + (progress is null ? "" : ": " + progress),
                health.Status switch
                {
                    HealthStatus.Sealed => "Unseal it, or see why its auto-unseal does not.",
                    HealthStatus.Uninitialized => "Initialise it, or check that it has its storage.",
                    _ => null,
                }));
        }

        if (options.Backend is { } backend && (options.Detailed || options.Path is not null) && health.Status is HealthStatus.Active or HealthStatus.Standby or HealthStatus.PerformanceStandby)
        {
            checks.AddRange(await TokenChecks.RunAsync(backend, options.Path, cancellationToken).ConfigureAwait(false));
        }

        IReadOnlyList<MissingCapability> missing = [];
        if (options is { Backend: { } asked, Required: { } required } && health.Status is HealthStatus.Active or HealthStatus.Standby or HealthStatus.PerformanceStandby)
        {
            (HealthCheck check, missing) = await PolicyCheck.RunAsync(asked, required, cancellationToken).ConfigureAwait(false);
            checks.Add(check);
        }

        HealthCheck? failed = checks.Find(check => !check.Passed);
        return WithToken(health, options.Backend, probe.Time) with
        {
            Healthy = isUp && failed is null,
            Status = missing.Count > 0 ? HealthStatus.LacksCapability : health.Status,
            Path = options.Path,
            MissingCapability = missing,
            Checks = checks,
            Message = failed is null || failed.Name is "reachable" or "sealed" ? health.Message : $"{failed.Name}: {failed.Detail}",
        };
    }

    private static VaultHealth WithToken(VaultHealth health, VaultBackend? backend, TimeProvider time) =>
        backend is null
            ? health
            : health with
            {
                TokenExpires = backend.TokenExpires,
                TokenTtl = backend.TokenExpires - time.GetUtcNow(),
                Renewable = backend.Renewable,
                Policies = backend.Policies,
            };
}
