namespace SecretBridge.Wire;

/// <summary>
/// Finds out how many items may be under way: from how much longer they take than they would alone, it tells how many of
/// them wait at the server, and keeps a few waiting, so that the server is never idle and never flooded. The same estimate
/// as TCP Vegas makes (Brakmo and Peterson, 1995).
/// </summary>
internal sealed class AdaptiveLimit
{
    internal const int Start = 16;

    // Fewer waiting than this: the server may have time to spare. More: they only wait.
    private const double FewWaiting = 8;
    private const double ManyWaiting = 24;

    // The quickest item is forgotten after some windows, for a network that has become slower.
    private const int EpochWindows = 50;

    private readonly int _maximum;
    private TimeSpan _quickest = TimeSpan.MaxValue;
    private TimeSpan _quickestBefore = TimeSpan.MaxValue;
    private TimeSpan _sum;
    private int _count;
    private int _windows;
    private bool _pressed;
    private bool _steady;

    internal AdaptiveLimit(int maximum)
    {
        _maximum = maximum;
        Limit = Math.Min(Start, maximum);
    }

    /// <summary>How many items may be under way now.</summary>
    internal int Limit { get; private set; }

    /// <summary>Takes the time that an item was under way.</summary>
    internal void Record(TimeSpan duration)
    {
        _quickest = duration < _quickest ? duration : _quickest;
        _sum += duration;
        if (++_count >= Limit)
        {
            Conclude(_sum / _count);
        }
    }

    /// <summary>Takes that the server asked for less: too many requests, or a failure that passes.</summary>
    internal void Press()
    {
        if (!_pressed)
        {
            _pressed = true;
            _steady = true;
            Limit = Math.Max(1, Limit / 2);
        }
    }

    // A window is as many items as may be under way: each of them has felt the limit that was set before.
    private void Conclude(TimeSpan average)
    {
        TimeSpan alone = _quickest < _quickestBefore ? _quickest : _quickestBefore;
        double waiting = average > TimeSpan.Zero ? Limit * (1 - (alone / average)) : 0;
        if (_pressed)
        {
            // Halved already; what this window took says nothing of the new limit.
            _pressed = false;
        }
        else if (waiting > ManyWaiting)
        {
            _steady = true;
            Limit = Math.Max(1, Limit - Math.Max(1, Limit / 8));
        }
        else if (waiting < FewWaiting)
        {
            Limit = Math.Min(_maximum, _steady ? Limit + Math.Max(1, Limit / 8) : Limit * 2);
        }

        _sum = TimeSpan.Zero;
        _count = 0;
        if (++_windows % EpochWindows == 0)
        {
            _quickestBefore = _quickest;
            _quickest = TimeSpan.MaxValue;
        }
    }
}
