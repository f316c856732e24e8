using System.Management.Automation;
using System.Security;
using SecretBridge.Backends;
using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Pipeline;

/// <summary>
/// A cmdlet whose work runs on the pool while the pipeline thread writes what it gives. It ends when the work has ended,
/// also when the user stops it, a cmdlet further down wants no more, or writing throws.
/// </summary>
public abstract class AsyncCmdlet : PSCmdlet, IDisposable
{
    private readonly PipelinePump _pump = new();
    private BackendUse? _backends;
    private Task? _work;

    private protected AsyncCmdlet() => Reporter = new PipelineReporter(this, _pump);

    private protected IReporter Reporter { get; }

    /// <summary>The connections of this runspace. Only the pipeline thread may ask for them first.</summary>
    private protected BackendUse Backends => _backends ??= new(RunspaceBackends.Current, new(RunspaceBackends.Current, AskSecretAsync));

    private protected CancellationToken Cancellation => _pump.Cancellation;

    private protected bool HasStarted => _work is not null;

    private protected bool HasEnded => _work is { IsCompleted: true };

    /// <inheritdoc/>
    protected override void StopProcessing() => _pump.Cancel();

    /// <summary>Ends the work if it still runs, and waits until it has.</summary>
    public void Dispose()
    {
        if (_work is { IsCompleted: false })
        {
            _pump.Abandon(_work);
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Starts the work on the pool. Its failures come out of <see cref="Finish"/>.</summary>
    private protected void Start(Func<Task> work)
    {
        BackendUse backends = Backends;
        _work = Task.Run(async () =>
        {
            try
            {
                using IDisposable reports = backends.ReportTo(Reporter);
                await work();
            }
            catch (Exception exception) when (exception is not BridgeException && !Cancellation.IsCancellationRequested)
            {
                throw Fault.Unforeseen(exception);
            }
            finally
            {
                await backends.SealedStore.CloseAsync();
            }
        });
    }

    /// <summary>Writes what there is by now.</summary>
    private protected void WritePending() => Run(_pump.RunPending);

    /// <summary>Writes what comes until the work can take more, or has ended.</summary>
    private protected void WriteUntilSpaceOrEnd(Task space) => Run(() => _pump.RunUntil(Task.WhenAny(space, _work!)));

    /// <summary>Writes what comes until the work has ended.</summary>
    private protected void Finish() => Run(() => _pump.RunUntil(_work!));

    /// <summary>Does something on the pipeline thread, turning a failure of ours into a terminating error.</summary>
    private protected void Run(Action step)
    {
        try
        {
            step();
        }
        catch (BridgeException exception)
        {
            ThrowTerminatingError(Fault.Record(exception, Hint(exception)));
        }
        catch (OperationCanceledException) when (Stopping)
        {
            throw new PipelineStoppedException();
        }
    }

    /// <summary>Asks whether a change may be made. Only the pipeline thread may ask.</summary>
    /// <param name="what">The change, as -WhatIf and -Verbose tell it.</param>
    /// <param name="question">The change, as a prompt asks it.</param>
    /// <exception cref="BridgeException">There is nobody to ask (<see cref="FaultKind.InvalidArgument"/>).</exception>
    private protected Answer Ask(string what, string question)
    {
        try
        {
            return ShouldProcess(what, question, "SecretBridge", out ShouldProcessReason reason) ? Answer.Yes
                : reason == ShouldProcessReason.WhatIf ? Answer.PlanOnly : Answer.No;
        }
        catch (Exception exception) when (SecretPrompt.NobodyAnswers(exception))
        {
            throw new BridgeException(FaultKind.InvalidArgument, "Confirm",
                $"'{question}' is asked first, and nobody can be asked here. Add -Confirm:$false where it is meant; -WhatIf shows what would be done. Nothing was changed.", exception);
        }
    }

    /// <summary>Does something on the pipeline thread, from any thread; the task ends when it is done.</summary>
    private protected Task<T> InvokeAsync<T>(Func<T> step) => _pump.InvokeAsync(step);

    /// <summary>Does something on the pipeline thread, from any thread; the task ends when it is done.</summary>
    private protected Task InvokeAsync(Action step) => _pump.InvokeAsync(step);

    /// <summary>Asks for a secret, from any thread; null where there is nobody to ask.</summary>
    private protected Task<SecureString?> AskSecretAsync(string question) => _pump.InvokeAsync(() => SecretPrompt.Ask(Host, question));

    /// <summary>Writes a row, on the pipeline thread, unless something is written in its place.</summary>
    private protected void WriteUnless(bool replaced, object row)
    {
        if (!replaced)
        {
            WriteObject(row);
        }
    }

    /// <summary>Finds stores by the routes of the file that a parameter names, or the environment; else as always. Only the pipeline thread may ask.</summary>
    private protected IStoreResolver RoutedStores(BackendArgument? backend, string? routePath) =>
        RouteUse.By(routePath is null ? null : GetUnresolvedProviderPathFromPSPath(routePath), Backends, backend, Reporter);

    /// <summary>The log that a run was given, before what is shown anyway; one that writes no file where there is none.</summary>
    private protected RunLog OpenLog(string? path) =>
        RunLog.Open(path is null ? null : GetUnresolvedProviderPathFromPSPath(path), Reporter, TimeProvider.System);

    /// <summary>Writes one object, from any thread; the task ends when it is written.</summary>
    private protected Task WriteAsync(object? value) => _pump.InvokeAsync(() => WriteObject(value, enumerateCollection: false));

    /// <summary>Runs a step on the pipeline thread, from any thread.</summary>
    private protected Task<T> OnPipelineAsync<T>(Func<T> step) => _pump.InvokeAsync(step);

    /// <summary>What this cmdlet's user may have meant instead, beyond the catalog's advice; null where there is nothing to say.</summary>
    private protected virtual string? Hint(BridgeException fault) => null;

    /// <summary>Writes a failure that leaves the other items as they are, on the pipeline thread.</summary>
    private protected void WriteFault(BridgeException fault) => WriteError(Fault.Record(fault, Hint(fault)));

    /// <summary>Writes such a failure, from any thread.</summary>
    private protected Task WriteFaultAsync(BridgeException fault) => _pump.InvokeAsync(() => WriteFault(fault));

    /// <summary>Writes each row as it comes, and its failure beside it.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="write">Writes a row, on the pipeline thread; null for as it is.</param>
    /// <param name="activity">What progress is told of, where the operation tells none itself.</param>
    private protected async Task WriteRowsAsync<TRow>(IAsyncEnumerable<TRow> rows, Action<TRow>? write = null, string? activity = null)
    {
        var progress = activity is null ? null : new RowProgress(activity, Reporter, TimeProvider.System);
        await foreach (TRow row in rows.WithCancellation(Cancellation))
        {
            await _pump.InvokeAsync(() =>
            {
                // The error first: whoever wants no more rows ends the cmdlet as the row is written.
                if (row is IFaultRow { Fault: { } fault })
                {
                    WriteFault(fault);
                }

                (write ?? (value => WriteObject(value)))(row);
            });
            progress?.Count(row is IFaultRow { Fault: not null });
        }

        progress?.Complete();
    }
}
