namespace SecretBridge.Stores.Sealed;

/// <summary>A change that waits for its commit. Until its group begins it can be withdrawn; from then on it is waited for.</summary>
internal sealed class SealedChange(Func<SealedDraft, int> apply)
{
    private readonly TaskCompletionSource<int> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Exception? _refusal;
    private int _result;
    private int _claimed;

    internal Task<int> Done => _done.Task;

    /// <summary>Takes the change into a group, or for its withdrawal. Only the first may have it.</summary>
    internal bool TryClaim() => Interlocked.Exchange(ref _claimed, 1) == 0;

    internal void Withdraw(CancellationToken cancellationToken)
    {
        if (TryClaim())
        {
            _done.TrySetCanceled(cancellationToken);
        }
    }

    /// <summary>Makes the change in a draft. A refusal is told after the commit: it may rest on other changes of the group.</summary>
    internal void Apply(SealedDraft draft)
    {
        _refusal = null;
        try
        {
            _result = apply(draft);
        }
        catch (Reporting.BridgeException exception)
        {
            _refusal = exception;
        }
    }

    internal void Complete()
    {
        if (_refusal is null)
        {
            _done.TrySetResult(_result);
        }
        else
        {
            _done.TrySetException(_refusal);
        }
    }

    internal void Fail(Exception exception) => _done.TrySetException(exception);
}
