using System.Runtime.CompilerServices;
using System.Threading.Channels;
using SecretBridge.Reporting;

namespace SecretBridge.Secrets;

/// <summary>Works on items side by side and hands the results back in the items' order.</summary>
internal static class Throttle
{
    private const int Maximum = 256;

    internal static void Check(int limit)
    {
        if (limit is < 1 or > Maximum)
        {
            throw new BridgeException(FaultKind.InvalidArgument, "ThrottleLimit", $"ThrottleLimit must be from 1 to {Maximum}.");
        }
    }

    internal static async IAsyncEnumerable<TResult> RunAsync<TItem, TResult>(
        IAsyncEnumerable<TItem> items,
        int limit,
        Func<TItem, CancellationToken, Task<TResult>> work,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var started = Channel.CreateBounded<Task<TResult>>(limit);
        var slots = new SemaphoreSlim(limit);
        Task feeding = FeedAsync(cancellation.Token);
        try
        {
            await foreach (Task<TResult> task in started.Reader.ReadAllAsync(cancellation.Token).ConfigureAwait(false))
            {
                yield return await task.ConfigureAwait(false);
            }

            await feeding.ConfigureAwait(false);
        }
        finally
        {
            await cancellation.CancelAsync().ConfigureAwait(false);
            await feeding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            while (started.Reader.TryRead(out Task<TResult>? left))
            {
                await ((Task)left).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        async Task FeedAsync(CancellationToken stop)
        {
            try
            {
                await foreach (TItem item in items.WithCancellation(stop).ConfigureAwait(false))
                {
                    await slots.WaitAsync(stop).ConfigureAwait(false);
                    Task<TResult> task = WorkAsync(item, stop);
                    await HandOverAsync(task, stop).ConfigureAwait(false);
                }
            }
            finally
            {
                started.Writer.TryComplete();
            }
        }

        async Task HandOverAsync(Task<TResult> task, CancellationToken stop)
        {
            if (!started.Writer.TryWrite(task))
            {
                try
                {
                    await started.Writer.WriteAsync(task, stop).ConfigureAwait(false);
                }
                catch (OperationCanceledException)
                {
                    await ((Task)task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    throw;
                }
            }
        }

        async Task<TResult> WorkAsync(TItem item, CancellationToken stop)
        {
            try
            {
                return await work(item, stop).ConfigureAwait(false);
            }
            finally
            {
                slots.Release();
            }
        }
    }
}
