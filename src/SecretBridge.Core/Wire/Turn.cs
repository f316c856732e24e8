namespace SecretBridge.Wire;

/// <summary>
/// The work on one item of an operation of many, and the thread of our own that it is on. As long as nothing but the server is
/// waited for, all of it runs there from its start to its end: a reply is then waited for where its request was sent, and
/// no call on the way has to be left and come back to.
/// </summary>
internal sealed class Turn : IWaiting
{
    private static readonly AsyncLocal<Turn?> Ambient = new();

    private readonly Throttle _throttle;
    private readonly Func<Task>? _work;
    private readonly ExecutionContext? _context;
    private WaitThread? _thread;

    private Turn(Throttle throttle, Func<Task>? work)
    {
        _throttle = throttle;
        _work = work;
        _context = ExecutionContext.Capture();
    }

    public WaitThread? Behind { get; set; }

    /// <summary>The throttle of the operation that this flow of calls runs for; null where it is none of many.</summary>
    internal static Throttle? Throttle => Ambient.Value?._throttle;

    /// <summary>
    /// Whether the caller may block until a server replies: it is the item for which this thread was taken, not one that goes
    /// on here because of what that item did.
    /// </summary>
    internal static bool MayBlock => WaitThread.Current is { } thread && ReferenceEquals(Ambient.Value?._thread, thread);

    /// <summary>Makes a throttle that of what this flow of calls starts from now on.</summary>
    internal static void Enter(Throttle throttle) => Ambient.Value = new(throttle, null);

    /// <summary>Starts work on a thread of ours, in this flow of calls.</summary>
    internal static void Start(Throttle throttle, Func<Task> work) => WaitThread.Run(new Turn(throttle, work));

    void IWaiting.Wait()
    {
        _thread = WaitThread.Current;
        if (_context is null)
        {
            Work();
        }
        else
        {
            ExecutionContext.Run(_context, static turn => ((Turn)turn!).Work(), this);
        }

        // What still waits goes on wherever that comes about.
        _thread = null;
    }

    private void Work()
    {
        Ambient.Value = this;
        _ = _work!();
    }
}
