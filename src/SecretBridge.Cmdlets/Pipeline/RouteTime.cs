using System.Globalization;
using SecretBridge.Reporting;

namespace SecretBridge.Pipeline;

/// <summary>Checks until when a route may fall back.</summary>
internal static class RouteTime
{
    /// <exception cref="BridgeException">It is not ahead (<see cref="FaultKind.InvalidArgument"/>).</exception>
    internal static DateTimeOffset? Ahead(DateTimeOffset? until) => until is null || until > TimeProvider.System.GetUtcNow()
        ? until
        : throw new BridgeException(FaultKind.InvalidArgument, "AllowFallback", string.Create(CultureInfo.InvariantCulture,
            $"-AllowFallback is the time until which the old authority may stand in, and {until:yyyy-MM-dd HH:mm:ss zzz} is over. Give such as (Get-Date).AddDays(7)."));
}
