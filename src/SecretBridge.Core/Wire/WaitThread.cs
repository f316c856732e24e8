namespace SecretBridge.Wire;

/// <summary>
/// A thread of our own that waits for one connection at a time, and goes on with whatever awaited it. Threads of the shared
/// pool look for work for a while before they sleep: with a server that is a little slower than we are, that was two thirds
/// of the processor time of a copy, and the server's share of a small machine.
/// </summary>
internal sealed class WaitThread
{
    private const int StackBytes = 1 << 20;
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(10);
    private static readonly List<WaitThread> Idle = [];

    [ThreadStatic]
    private static WaitThread? _current;

    private readonly object _wake = new();
    private IWaiting? _next;

    private WaitThread(IWaiting first) => _next = first;

    /// <summary>The one that the caller runs on; null where it runs on none.</summary>
    public static WaitThread? Current => _current;

    /// <summary>Whether the caller runs on such a thread.</summary>
    public static bool IsCurrent => _current is not null;

    /// <summary>
    /// Waits on a thread of ours: on this one, once it has nothing else to do, where the flow of calls is known to go on
    /// without blocking, as that of one item of many is; else on another.
    /// </summary>
    public static void Run(IWaiting waiting)
    {
        if (_current is { } current && Turn.Throttle is not null)
        {
            waiting.Behind = current;
            if (Interlocked.CompareExchange(ref current._next, waiting, null) is null)
            {
                return;
            }

            waiting.Behind = null;
        }

        RunElsewhere(waiting);
    }

    /// <summary>Has another thread wait for what waits its turn behind this one, which is about to block.</summary>
    public static void HandOver()
    {
        if (_current is { } current && Interlocked.Exchange(ref current._next, null) is { } waiting)
        {
            waiting.Behind = null;
            RunElsewhere(waiting);
        }
    }

    /// <summary>Takes back what waits its turn behind the caller's work on this thread.</summary>
    /// <returns>Whether it was there.</returns>
    public static bool TryTakeBack(IWaiting waiting)
    {
        if (_current is not { } current || !ReferenceEquals(Interlocked.CompareExchange(ref current._next, null, waiting), waiting))
        {
            return false;
        }

        waiting.Behind = null;
        return true;
    }

    /// <summary>Takes what waits its turn behind this thread's work, and waits for it on another.</summary>
    public void Release(IWaiting waiting)
    {
        if (ReferenceEquals(Interlocked.CompareExchange(ref _next, null, waiting), waiting))
        {
            RunElsewhere(waiting);
        }
    }

    private static void RunElsewhere(IWaiting waiting)
    {
        WaitThread? idle = null;
        lock (Idle)
        {
            // The one that worked last: the others may end.
            if (Idle.Count > 0)
            {
                idle = Idle[^1];
                idle._next = waiting;
                Idle.RemoveAt(Idle.Count - 1);
            }
        }

        if (idle is null)
        {
            // Without the caller's context, which is none of what runs here later.
            new Thread(new WaitThread(waiting).Work, StackBytes) { IsBackground = true, Name = "SecretBridge wait" }.UnsafeStart();
            return;
        }

        lock (idle._wake)
        {
            Monitor.Pulse(idle._wake);
        }
    }

    private void Work()
    {
        _current = this;
        ExecutionContext? clean = ExecutionContext.Capture();
        do
        {
            while (Interlocked.Exchange(ref _next, null) is { } waiting)
            {
                waiting.Behind = null;
                waiting.Wait();
                if (clean is not null)
                {
                    ExecutionContext.Restore(clean);
                }
            }
        }
        while (WaitForWork());
    }

    // False once there was none for a while.
    private bool WaitForWork()
    {
        lock (Idle)
        {
            Idle.Add(this);
        }

        lock (_wake)
        {
            while (Volatile.Read(ref _next) is null)
            {
                if (!Monitor.Wait(_wake, Linger) && Leave())
                {
                    return false;
                }
            }
        }

        return true;
    }

    private bool Leave()
    {
        lock (Idle)
        {
            return Idle.Remove(this);
        }
    }
}
