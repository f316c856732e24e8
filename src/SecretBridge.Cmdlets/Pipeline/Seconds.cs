using SecretBridge.Reporting;

namespace SecretBridge.Pipeline;

/// <summary>Reads a parameter that is a number of seconds.</summary>
internal static class Seconds
{
    private const double Day = 24 * 60 * 60;

    /// <summary>The time; at most a day.</summary>
    /// <param name="seconds">What was given.</param>
    /// <param name="parameter">The parameter's name.</param>
    /// <param name="orNone">Whether none at all is right too.</param>
    /// <exception cref="BridgeException">It is not a time that anything could take (<see cref="FaultKind.InvalidArgument"/>).</exception>
    internal static TimeSpan Of(double seconds, string parameter, bool orNone = false) =>
        seconds is > 0 and <= Day || (orNone && seconds == 0)
            ? TimeSpan.FromSeconds(seconds)
            : throw new BridgeException(FaultKind.InvalidArgument, parameter,
                $"-{parameter} must be {(orNone ? "0 or more" : "more than 0")} and at most {Day} seconds.");
}
