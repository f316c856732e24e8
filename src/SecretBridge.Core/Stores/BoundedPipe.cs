using System.Runtime.CompilerServices;
using System.Threading.Channels;
using SecretBridge.Reporting;
using SecretBridge.Wire;

namespace SecretBridge.Stores;

/// <summary>Runs work on a stream with so many items under way, and gives the results in the order of the items.</summary>
internal static class BoundedPipe
{
    /// <summary>The most items that any operation has under way.</summary>
    internal const int MaximumDegree = 256;

    /// <summary>How many requests are in flight where nobody says and nothing is found out.</summary>
    internal const int UsualDegree = AdaptiveLimit.Start;

    /// <exception cref="BridgeException">The number cannot be right (<see cref="FaultKind.InvalidArgument"/>).</exception>
    internal static void CheckDegree(int? throttleLimit)
    {
        if (throttleLimit is < 1 or > MaximumDegree)
        {
            throw new BridgeException(FaultKind.InvalidArgument, "ThrottleLimit", $"ThrottleLimit must be from 1 to {MaximumDegree}.");
        }
    }

    /// <summary>As the other, with a fixed number.</summary>
    internal static IAsyncEnumerable<TResult> SelectAsync<TItem, TResult>(
        IAsyncEnumerable<TItem> items, int degree, Func<TItem, CancellationToken, Task<TResult>> work, CancellationToken cancellationToken) =>
        SelectAsync(items, new Throttle(degree, degree, TimeProvider.System), work, cancellationToken);

    /// <summary>
    /// As the others, for an operation on a whole tree: it waits out a server that is left alone, and where no number is said,
    /// it finds out how many items are good to have under way.
    /// </summary>
    internal static IAsyncEnumerable<TResult> AdaptAsync<TItem, TResult>(
        IAsyncEnumerable<TItem> items, int? degree, TimeProvider time, Func<TItem, CancellationToken, Task<TResult>> work, CancellationToken cancellationToken) =>
        AdaptAsync(items, new PipeLoad(degree, null, time), work, cancellationToken);

    /// <summary>As the other, for an operation that tells how much it asks.</summary>
    internal static IAsyncEnumerable<TResult> AdaptAsync<TItem, TResult>(
        IAsyncEnumerable<TItem> items, PipeLoad load, Func<TItem, CancellationToken, Task<TResult>> work, CancellationToken cancellationToken) =>
        SelectAsync(items, load.Next(), work, cancellationToken);

    /// <summary>
    /// Applies <paramref name="work"/> to each item. Not more than <paramref name="throttle"/> says run at once, and not more
    /// than four times as many results wait for the reader. However the enumeration ends, what was started has ended before.
    /// </summary>
    internal static async IAsyncEnumerable<TResult> SelectAsync<TItem, TResult>(
        IAsyncEnumerable<TItem> items,
        Throttle throttle,
        Func<TItem, CancellationToken, Task<TResult>> work,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var started = Channel.CreateBounded<Task<TResult>>(new BoundedChannelOptions(throttle.Most * 4) { SingleReader = true, SingleWriter = true });
        Task feeding = FeedAsync(items, throttle, started.Writer, work, stop.Token);
        try
        {
            await foreach (Task<TResult> result in started.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
            {
                yield return await result.ConfigureAwait(false);
            }

            await feeding.ConfigureAwait(false);
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await SettleAsync(feeding, started.Reader).ConfigureAwait(false);
        }
    }

    private static async Task FeedAsync<TItem, TResult>(
        IAsyncEnumerable<TItem> items,
        Throttle throttle,
        ChannelWriter<Task<TResult>> started,
        Func<TItem, CancellationToken, Task<TResult>> work,
        CancellationToken cancellationToken)
    {
        // Here, not where the reader is, so that it is known to what is started below and to nothing else.
        Turn.Enter(throttle);
        try
        {
            await foreach (TItem item in items.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                long taken = await throttle.TakeAsync(cancellationToken).ConfigureAwait(false);
                var result = new TaskCompletionSource<TResult>();
                Turn.Start(throttle, () => RunAsync(item, result, throttle, taken, work, cancellationToken));
                if (!started.TryWrite(result.Task))
                {
                    await WriteAsync(started, result.Task, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            started.Complete();
        }
    }

    private static async Task WriteAsync<TResult>(ChannelWriter<Task<TResult>> started, Task<TResult> task, CancellationToken cancellationToken)
    {
        try
        {
            await started.WriteAsync(task, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The task is in nobody's hands any more; it was cancelled with us, and must not outlive us.
            await ((Task)task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    private static async Task RunAsync<TItem, TResult>(
        TItem item, TaskCompletionSource<TResult> result, Throttle throttle, long taken, Func<TItem, CancellationToken, Task<TResult>> work, CancellationToken cancellationToken)
    {
        try
        {
            TResult done = await work(item, cancellationToken).ConfigureAwait(false);
            throttle.Note(taken);
            result.SetResult(done);
        }
        catch (OperationCanceledException exception)
        {
            throttle.Note(taken);
            result.SetCanceled(exception.CancellationToken);
        }
        catch (Exception exception)
        {
            throttle.Note(taken);
            result.SetException(exception);
        }
        finally
        {
            // The reader comes first. The next item goes on from here, and waits on this thread for what it asks.
            throttle.Release();
        }
    }

    private static async Task SettleAsync<TResult>(Task feeding, ChannelReader<Task<TResult>> started)
    {
        // Read on, so that a feeder that waits for room ends; failures were seen by the reader or are cancellations.
        await foreach (Task<TResult> left in started.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
        {
            await ((Task)left).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await feeding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
