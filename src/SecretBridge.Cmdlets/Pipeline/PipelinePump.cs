using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;

namespace SecretBridge.Pipeline;

/// <summary>
/// Brings work from any thread to the one thread that may write to a pipeline. That thread runs what is queued while it
/// waits for a task, and never waits on anything else. Knows nothing of PowerShell, so that plain tests reach it.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "Neither has a timer or a wait handle to free, and a late Cancel or Post must not throw.")]
internal sealed class PipelinePump
{
    private readonly BlockingCollection<Step> _steps = [];
    private readonly CancellationTokenSource _cancellation = new();
    private ExceptionDispatchInfo? _failure;

    /// <summary>Ends when the run shall end: the user stopped it, a step threw, or nobody waits for it any more.</summary>
    internal CancellationToken Cancellation => _cancellation.Token;

    /// <summary>Asks the run to end. May be called from any thread, and again.</summary>
    internal void Cancel() => _cancellation.Cancel();

    /// <summary>Runs a step on the pipeline thread; the task ends when it has run. That wait is the back-pressure.</summary>
    internal Task<T> InvokeAsync<T>(Func<T> step)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _steps.Add(new(() => done.SetResult(step()), exception => done.TrySetException(exception)));
        return done.Task;
    }

    /// <summary>Runs a step on the pipeline thread.</summary>
    internal Task InvokeAsync(Action step) => InvokeAsync(() =>
    {
        step();
        return true;
    });

    /// <summary>Queues a step that nobody waits for.</summary>
    internal void Post(Action step) => _steps.Add(new(step, null));

    /// <summary>Runs what is queued by now. Only the pipeline thread may call this.</summary>
    internal void RunPending()
    {
        while (_steps.TryTake(out Step step))
        {
            Run(step);
        }

        _failure?.Throw();
    }

    /// <summary>
    /// Runs what is queued until the task has ended, and what it queued last. Throws what a step threw, else what the task
    /// threw. Only the pipeline thread may call this.
    /// </summary>
    internal void RunUntil(Task task)
    {
        Await(task);
        _failure?.Throw();
        if (!task.IsCompletedSuccessfully)
        {
            ExceptionDispatchInfo.Throw(task.Exception?.InnerException ?? new OperationCanceledException(Cancellation));
        }
    }

    /// <summary>Cancels, and waits for the task without running any step: each one still queued or to come fails.</summary>
    internal void Abandon(Task task)
    {
        _failure ??= ExceptionDispatchInfo.Capture(new OperationCanceledException());
        Cancel();
        Await(task);
    }

    private void Await(Task task)
    {
        // The empty step wakes this thread up. It comes after every step that the task has queued.
        task.ContinueWith(_ => Post(() => { }), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        while (!task.IsCompleted)
        {
            Run(_steps.Take());
        }

        while (_steps.TryTake(out Step step))
        {
            Run(step);
        }
    }

    private void Run(Step step)
    {
        if (_failure is not null)
        {
            step.Refuse?.Invoke(new OperationCanceledException(Cancellation));
            return;
        }

        try
        {
            step.Run();
        }
        catch (Exception exception)
        {
            // Select-Object -First throws here and never calls StopProcessing; so does -ErrorAction Stop.
            _failure = ExceptionDispatchInfo.Capture(exception);
            Cancel();
            step.Refuse?.Invoke(new OperationCanceledException(Cancellation));
        }
    }

    private readonly record struct Step(Action Run, Action<Exception>? Refuse);
}
