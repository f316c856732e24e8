namespace SecretBridge.Wire;

/// <summary>
/// How many items of one operation may be under way: as many as was said, or as many as turn out to be good. Requests that
/// run for those items tell it when the server asks for less.
/// </summary>
internal sealed class Throttle
{
    // An operation of many items outlasts what a server's restart or election takes.
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    private readonly object _gate = new();
    private readonly AdaptiveLimit? _adaptive;
    private readonly TimeProvider _time;
    private int _taken;
    private TaskCompletionSource? _waiter;
    private long? _pausedAt;

    /// <param name="limit">How many; null to find it out.</param>
    /// <param name="maximum">The most that may be found out.</param>
    /// <param name="time">The clock.</param>
    internal Throttle(int? limit, int maximum, TimeProvider time)
    {
        _adaptive = limit is null ? new(maximum) : null;
        _time = time;
        Most = limit ?? maximum;
    }

    /// <summary>The most that can ever be under way.</summary>
    internal int Most { get; }

    /// <summary>How many may be under way now.</summary>
    internal int Limit
    {
        get
        {
            lock (_gate)
            {
                return Places;
            }
        }
    }

    /// <summary>How many are under way now.</summary>
    internal int InFlight
    {
        get
        {
            lock (_gate)
            {
                return _taken;
            }
        }
    }

    /// <summary>Spaces the requests of this operation; null where it has no rate of its own.</summary>
    internal RateGate? Gate { get; init; }

    /// <summary>Waits for a place. One caller at a time; it goes on where the place was given back.</summary>
    /// <returns>The moment it was given, for <see cref="Note"/>.</returns>
    internal ValueTask<long> TakeAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (_taken < Places)
            {
                _taken++;
                return new(_time.GetTimestamp());
            }

            _waiter = new();
            return new(WaitAsync(_waiter, cancellationToken));
        }
    }

    /// <summary>Takes how long an item was under way.</summary>
    internal void Note(long taken)
    {
        if (_adaptive is not null)
        {
            lock (_gate)
            {
                _adaptive.Record(_time.GetElapsedTime(taken));
            }
        }
    }

    /// <summary>Gives a place back.</summary>
    internal void Release()
    {
        TaskCompletionSource? waiter = null;
        lock (_gate)
        {
            if (--_taken < Places && _waiter is not null)
            {
                (waiter, _waiter) = (_waiter, null);
                _taken++;
            }
        }

        if (waiter?.TrySetResult() == false)
        {
            // It was cancelled before it got the place.
            lock (_gate)
            {
                _taken--;
            }
        }
    }

    /// <summary>
    /// Whether an operation whose server is left alone waits until it may be asked again. Where it does not, or has done so for
    /// minutes, the failure is its end.
    /// </summary>
    internal bool WaitsOutBreaks { get; init; }

    /// <summary>Says that the server is left alone.</summary>
    /// <param name="isNew">Whether it was not known before: only that need be told.</param>
    /// <returns>Whether to wait.</returns>
    internal bool Pause(out bool isNew)
    {
        lock (_gate)
        {
            isNew = WaitsOutBreaks && _pausedAt is null;
            _pausedAt ??= _time.GetTimestamp();
            return WaitsOutBreaks && _time.GetElapsedTime(_pausedAt.Value) < LongestPause;
        }
    }

    /// <summary>Says that the server answers.</summary>
    /// <returns>Whether that ends a pause.</returns>
    internal bool Resume()
    {
        lock (_gate)
        {
            bool ends = _pausedAt is not null;
            _pausedAt = null;
            return ends;
        }
    }

    /// <summary>The server asks for less.</summary>
    internal void Press()
    {
        if (_adaptive is not null)
        {
            lock (_gate)
            {
                _adaptive.Press();
            }
        }
    }

    private int Places => _adaptive?.Limit ?? Most;

    private async Task<long> WaitAsync(TaskCompletionSource place, CancellationToken cancellationToken)
    {
        using (cancellationToken.UnsafeRegister(static (source, token) => ((TaskCompletionSource)source!).TrySetCanceled(token), place))
        {
            await place.Task.ConfigureAwait(false);
        }

        return _time.GetTimestamp();
    }
}
