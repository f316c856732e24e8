using SecretBridge.Reporting;
using SecretBridge.Wire;

namespace SecretBridge.Stores;

/// <summary>How much one operation asks of its servers: what was said about it, and how it is right now.</summary>
internal sealed class PipeLoad
{
    private readonly RateGate? _gate;
    private readonly TimeProvider _time;
    private readonly int? _degree;
    private volatile Throttle? _throttle;

    /// <param name="degree">How many items may be under way; null finds it out.</param>
    /// <param name="requestsPerSecond">The most requests a second, all pipes together; null for no limit.</param>
    /// <param name="time">The clock.</param>
    internal PipeLoad(int? degree, double? requestsPerSecond, TimeProvider time)
    {
        _degree = degree;
        _time = time;
        _gate = requestsPerSecond is { } rate ? new(rate, Math.Max(1, (int)rate), time) : null;
    }

    /// <summary>How many items are under way.</summary>
    internal int InFlight => _throttle?.InFlight ?? 0;

    /// <summary>How many may be.</summary>
    internal int Limit => _throttle?.Limit ?? 0;

    /// <exception cref="BridgeException">The number cannot be right (<see cref="FaultKind.InvalidArgument"/>).</exception>
    internal static void CheckRate(double? requestsPerSecond)
    {
        if (requestsPerSecond is { } rate && !(rate >= 0.01 && rate <= 1_000_000))
        {
            throw new BridgeException(FaultKind.InvalidArgument, "RateLimit", "RateLimit is a number of requests a second, from 0.01 to 1000000.");
        }
    }

    internal Throttle Next() => _throttle = new(_degree, BoundedPipe.MaximumDegree, _time) { WaitsOutBreaks = true, Gate = _gate };
}
