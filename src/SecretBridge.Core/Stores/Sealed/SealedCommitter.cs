using SecretBridge.Reporting;

namespace SecretBridge.Stores.Sealed;

/// <summary>
/// Brings changes into the file in groups: those that come while one group is saved make up the next. The lock is held for one
/// group, so that other processes get their turn.
/// </summary>
internal sealed class SealedCommitter(Func<IReadOnlyList<SealedChange>, Task> commit, Action throwIfClosed, TimeProvider time)
{
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(1);
    private const int MostLingers = 5;

    private readonly object _gate = new();
    private List<SealedChange> _pending = [];
    private Task _running = Task.CompletedTask;

    /// <summary>Ends when all that was submitted has ended.</summary>
    internal Task Idle
    {
        get
        {
            lock (_gate)
            {
                return _running;
            }
        }
    }

    /// <summary>Submits a change; the task ends when it is on the disk, or has failed with its group.</summary>
    internal async Task<int> SubmitAsync(Func<SealedDraft, int> apply, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var change = new SealedChange(apply);
        lock (_gate)
        {
            throwIfClosed();
            _pending.Add(change);
            if (_running.IsCompleted)
            {
                _running = Task.Run(RunAsync, CancellationToken.None);
            }
        }

        using CancellationTokenRegistration registration = cancellationToken.Register(() => change.Withdraw(cancellationToken));
        return await change.Done.ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        while (true)
        {
            await GatherAsync().ConfigureAwait(false);
            List<SealedChange> group;
            lock (_gate)
            {
                if (_pending.Count == 0)
                {
                    // Within the gate: whoever submits next starts another run.
                    _running = Task.CompletedTask;
                    return;
                }

                group = _pending;
                _pending = [];
            }

            await CommitAsync(group).ConfigureAwait(false);
        }
    }

    // Many writers come at once, one after the other: a moment's wait makes one save of theirs.
    private async Task GatherAsync()
    {
        int before = 0;
        for (int i = 0; i < MostLingers && Count() is var count && count > before; i++)
        {
            before = count;
            await Task.Delay(Linger, time, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private int Count()
    {
        lock (_gate)
        {
            return _pending.Count;
        }
    }

    private async Task CommitAsync(List<SealedChange> group)
    {
        try
        {
            await commit(group).ConfigureAwait(false);
            group.ForEach(change => change.Complete());
        }
        catch (BridgeException exception)
        {
            // Each its own: what is thrown twice loses its trace.
            group.ForEach(change => change.Fail(new BridgeException(exception.Kind, exception.Target, exception.Message, exception)));
        }
        catch (Exception exception)
        {
            group.ForEach(change => change.Fail(exception));
        }
    }
}
