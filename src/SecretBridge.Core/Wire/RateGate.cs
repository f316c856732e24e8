namespace SecretBridge.Wire;

/// <summary>Spaces requests so that no more than a rate of them are sent, after a first burst.</summary>
internal sealed class RateGate(double perSecond, int burst, TimeProvider time)
{
    private readonly object _lock = new();
    private readonly TimeSpan _interval = TimeSpan.FromSeconds(1 / perSecond);
    private readonly long _start = time.GetTimestamp();
    private TimeSpan _next = TimeSpan.MinValue;

    public Task WaitAsync(CancellationToken cancellationToken)
    {
        TimeSpan wait;
        lock (_lock)
        {
            TimeSpan now = time.GetElapsedTime(_start);
            TimeSpan earliest = now - ((burst - 1) * _interval);
            _next = _next < earliest ? earliest : _next;
            wait = _next - now;
            _next += _interval;
        }

        return wait > TimeSpan.Zero ? Task.Delay(wait, time, cancellationToken) : Task.CompletedTask;
    }
}
