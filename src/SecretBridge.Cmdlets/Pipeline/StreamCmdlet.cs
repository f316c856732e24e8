using System.Threading.Channels;
using SecretBridge.Reporting;

namespace SecretBridge.Pipeline;

/// <summary>
/// A cmdlet that takes items from the pipeline. All of them go through one operation, which starts before the first and
/// ends after the last.
/// </summary>
/// <typeparam name="TItem">What the operation takes.</typeparam>
public abstract class StreamCmdlet<TItem> : AsyncCmdlet
{
    private readonly Channel<TItem> _items = Channel.CreateBounded<TItem>(new BoundedChannelOptions(64) { SingleWriter = true });

    private protected StreamCmdlet()
    {
    }

    /// <inheritdoc/>
    protected sealed override void BeginProcessing() => Run(() =>
    {
        if (Prepare() is { } operation)
        {
            Start(async () =>
            {
                try
                {
                    await operation(_items.Reader.ReadAllAsync(Cancellation));
                }
                finally
                {
                    _items.Writer.TryComplete();
                }
            });
        }
    });

    /// <inheritdoc/>
    protected sealed override void ProcessRecord()
    {
        if (!HasStarted)
        {
            return;
        }

        try
        {
            foreach (TItem item in Take())
            {
                Run(() => Feed(item));
            }
        }
        catch (BridgeException exception)
        {
            Refuse(exception, isOneOfMany: MyInvocation.ExpectingInput);
        }

        WritePending();
    }

    /// <inheritdoc/>
    protected sealed override void EndProcessing()
    {
        if (HasStarted)
        {
            _items.Writer.TryComplete();
            Finish();
        }
    }

    /// <summary>Makes the operation of what was bound before the pipeline began; null where nothing is to be done.</summary>
    private protected abstract Func<IAsyncEnumerable<TItem>, Task>? Prepare();

    /// <summary>Makes items of what the pipeline has bound; none to leave it out.</summary>
    private protected abstract IEnumerable<TItem> Take();

    /// <summary>Makes an item of each of several things given at once.</summary>
    private protected IEnumerable<TItem> Each<TGiven>(IReadOnlyCollection<TGiven> given, Func<TGiven, TItem> make)
    {
        foreach (TGiven one in given)
        {
            TItem item;
            try
            {
                item = make(one);
            }
            catch (BridgeException exception)
            {
                Refuse(exception, isOneOfMany: given.Count > 1 || MyInvocation.ExpectingInput);
                continue;
            }

            yield return item;
        }
    }

    /// <summary>Says that no item can be made. One of many must not end the work on the others; a single one was a wrong parameter.</summary>
    private protected virtual void Refuse(BridgeException fault, bool isOneOfMany)
    {
        if (!isOneOfMany)
        {
            ThrowTerminatingError(Fault.Record(fault, Hint(fault)));
        }

        WriteFault(fault);
    }

    private void Feed(TItem item)
    {
        while (!_items.Writer.TryWrite(item))
        {
            if (HasEnded)
            {
                Finish();
                return;
            }

            // Full: the operation may be waiting for this very thread to write its rows.
            WriteUntilSpaceOrEnd(_items.Writer.WaitToWriteAsync(CancellationToken.None).AsTask());
        }
    }
}
