using System.Threading.Channels;

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

        Run(() =>
        {
            foreach (TItem item in Take())
            {
                Feed(item);
            }
        });
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
