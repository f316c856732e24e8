using SecretBridge.Reporting;

namespace SecretBridge.Stores.Sealed;

/// <summary>A change that waits for its commit. Until its group begins it can be withdrawn; from then on it is waited for.</summary>
internal sealed class SealedChange(Func<SealedDraft, int> apply)
{
    private const int Waiting = 0;
    private const int Joined = 1;
    private const int Withdrawn = 2;

    private readonly TaskCompletionSource<int> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private BridgeException? _refusal;
    private int _version;
    private int _state = Waiting;

    /// <summary>Ends with the version written.</summary>
    internal Task<int> Done => _done.Task;

    /// <summary>Takes the change into a group; false where it was withdrawn.</summary>
    internal bool TryJoin() => Interlocked.CompareExchange(ref _state, Joined, Waiting) != Withdrawn;

    internal void Withdraw(CancellationToken cancellationToken)
    {
        if (Interlocked.CompareExchange(ref _state, Withdrawn, Waiting) == Waiting)
        {
            _done.SetCanceled(cancellationToken);
        }
    }

    /// <summary>Makes the change in a draft. A refusal is told after the commit: it may rest on other changes of the group.</summary>
    internal void Apply(SealedDraft draft)
    {
        _refusal = null;
        try
        {
            _version = apply(draft);
        }
        catch (BridgeException exception)
        {
            _refusal = exception;
        }
    }

    /// <summary>Tells that the group is saved. One that did not join it is told by who withdrew it.</summary>
    internal void Complete()
    {
        if (_state != Joined)
        {
            return;
        }

        if (_refusal is null)
        {
            _done.SetResult(_version);
        }
        else
        {
            _done.SetException(_refusal);
        }
    }

    /// <summary>Tells that the group failed, perhaps before the change could join it.</summary>
    internal void Fail(Exception exception)
    {
        if (TryJoin())
        {
            _done.SetException(exception);
        }
    }
}
