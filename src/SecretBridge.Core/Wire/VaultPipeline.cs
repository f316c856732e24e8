using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using SecretBridge.Reporting;

namespace SecretBridge.Wire;

/// <summary>
/// Sends a request until it is answered, refused, or not worth another try: waits its turn, retries with jitter, and
/// leaves a backend alone that failed many times in a row.
/// </summary>
internal sealed partial class VaultPipeline : IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Sampling = TimeSpan.FromSeconds(30);

    // As many answers before a failure are told to the breaker: with these, it opens for hundreds of failures only.
    private const int MostAnswersTold = 100;
    private static readonly ResiliencePropertyKey<Call> CallKey = new("SecretBridge.Call");

    private readonly WireOptions _options;
    private readonly TimeProvider _time;
    private readonly IReporter _reporter;
    private readonly VaultTransport _transport;
    private readonly Action? _sending;
    private readonly RateGate? _gate;
    private readonly ResiliencePipeline<Attempt> _pipeline;
    private readonly CircuitBreakerStateProvider _breaker = new();
    private int _answered;
    private long _answeredLast;

    public VaultPipeline(WireOptions options, VaultTransport transport, IReporter reporter, TimeProvider time, Action? sending = null)
    {
        _options = options;
        _transport = transport;
        _reporter = reporter;
        _time = time;
        _sending = sending;
        _gate = options.RateLimit is > 0 and var rate ? new RateGate(rate, Math.Max(1, options.RateBurst ?? (int)rate), time) : null;
        var builder = new ResiliencePipelineBuilder<Attempt> { TimeProvider = time };
        // The breaker counts requests that failed after all their tries, so that a short election opens nothing.
        builder.AddCircuitBreaker(new CircuitBreakerStrategyOptions<Attempt>
        {
            FailureRatio = 0.9,
            MinimumThroughput = 8,
            SamplingDuration = Sampling,
            BreakDuration = TimeSpan.FromSeconds(10),
            StateProvider = _breaker,
            ShouldHandle = static arguments => new(arguments.Outcome.Result.Fault is { IsTransient: true, Kind: not (FaultKind.RateLimited or FaultKind.UpgradeInProgress) }),
        });
        if (options.MaxRetries > 0)
        {
            builder.AddRetry(new RetryStrategyOptions<Attempt>
            {
                MaxRetryAttempts = options.MaxRetries,
                BackoffType = DelayBackoffType.Exponential,
                Delay = TimeSpan.FromMilliseconds(500),
                MaxDelay = TimeSpan.FromSeconds(15),
                UseJitter = true,
                ShouldHandle = static arguments => new(MayRetry(arguments.Outcome.Result.Fault, arguments.Context)),
                DelayGenerator = static arguments => new(arguments.Outcome.Result.Fault?.RetryAfter is { } asked
                    ? (asked > LongestWait ? LongestWait : asked)
                    : (TimeSpan?)null),
                OnRetry = OnRetry,
            });
        }

        _pipeline = builder.Build();
    }

    /// <summary>Sends a request with a token.</summary>
    /// <returns>The reply, or the failure.</returns>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public async ValueTask<Attempt> SendAsync(VaultRequest request, SecretText? token, CancellationToken cancellationToken)
    {
        bool wasLost = false;
        while (true)
        {
            Attempt attempt;
            try
            {
                attempt = await SendOnceAsync(request, token, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                if (WaitThread.IsCurrent && Turn.Throttle is null)
                {
                    // Nobody knows how long a caller goes on, also after a cancellation: that thread is for what is short.
                    await Task.Yield();
                }
            }

            if (attempt.Fault is { } fault)
            {
                fault.MayHaveTakenEffect |= wasLost;
                wasLost = fault.MayHaveTakenEffect;
            }

            if (Turn.Throttle is not { WaitsOutBreaks: true } throttle || !await PauseAsync(throttle, attempt, cancellationToken).ConfigureAwait(false))
            {
                return attempt;
            }
        }
    }

    public void Dispose() => _transport.Dispose();

    // True after a wait, when the request may be tried again: it was never sent.
    private async ValueTask<bool> PauseAsync(Throttle throttle, Attempt attempt, CancellationToken cancellationToken)
    {
        if (attempt.Fault is not { Kind: FaultKind.CircuitOpen } fault)
        {
            if (attempt.Fault is null && throttle.Resume())
            {
                _reporter.Warning($"{_options.Address.Text} answers again; going on.");
            }

            return false;
        }

        if (!throttle.Pause(out bool isNew))
        {
            return false;
        }

        if (isNew)
        {
            _reporter.Warning($"{_options.Address.Text} failed many times in a row. Pausing until it answers, for some minutes at most.");
        }

        await Task.Delay(fault.RetryAfter is { } left && left > ShortestPause ? left : ShortestPause, _time, cancellationToken).ConfigureAwait(false);
        return true;
    }

    private async ValueTask<Attempt> SendOnceAsync(VaultRequest request, SecretText? token, CancellationToken cancellationToken)
    {
        _sending?.Invoke();
        var call = new Call(request, token);
        // A queue here says nothing of the server: what was never sent must not be said to have timed out.
        await WaitForTurnAsync(cancellationToken).ConfigureAwait(false);

        // Nearly all requests are answered at once: what guards the others is entered by those that are not.
        long began = _time.GetTimestamp();
        if (_breaker.CircuitState == CircuitState.Closed && Limit(request) < _options.Deadline)
        {
            call.First = await TryOnceAsync(call, cancellationToken).ConfigureAwait(false);
            if (call.First.Value.Fault is null)
            {
                Interlocked.Increment(ref _answered);
                Volatile.Write(ref _answeredLast, began);
                return call.First.Value;
            }
        }

        return await SendGuardedAsync(call, _options.Deadline - _time.GetElapsedTime(began), cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<Attempt> SendGuardedAsync(Call call, TimeSpan left, CancellationToken cancellationToken)
    {
        VaultRequest request = call.Request;
        using var deadline = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        ResilienceContext context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: false, linked.Token);
        context.Properties.Set(CallKey, call);
        try
        {
            Attempt attempt;
            if (request.Retry == RetryRule.Once)
            {
                attempt = call.First ?? await TryOnceAsync(call, linked.Token).ConfigureAwait(false);
            }
            else
            {
                TellAnswers();
                attempt = await _pipeline.ExecuteAsync(static (context, pipeline) => pipeline.TryAsync(context), context, this).ConfigureAwait(false);
            }

            return attempt.Fault is { } fault ? new(null, Final(call, fault)) : attempt;
        }
        catch (BrokenCircuitException) when (call.LastFault is { } fault && !MayRetry(fault, request.Retry))
        {
            return new(null, Final(call, fault));
        }
        catch (BrokenCircuitException exception)
        {
            return new(null, new(FaultKind.CircuitOpen, request,
                $"{request}: not sent{(call.Attempts > 0 ? " again" : "")}. {_options.Address.Text} failed many times in a row and is left alone for some seconds.")
            {
                RetryAfter = exception.RetryAfter,
                MayHaveTakenEffect = call.LostReply,
            });
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(null, Final(call, call.LastFault ?? TransportFaults.TimedOut(request, _options.Deadline, transient: false)));
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    // The breaker opens where nearly all fail, and so must hear of those that did not.
    private void TellAnswers()
    {
        int answered = Interlocked.Exchange(ref _answered, 0);
        if (_time.GetElapsedTime(Volatile.Read(ref _answeredLast)) < Sampling)
        {
            for (int i = 0; i < Math.Min(answered, MostAnswersTold); i++)
            {
                _pipeline.Execute(static () => default(Attempt));
            }
        }
    }

    private TimeSpan Limit(VaultRequest request) => request.Timeout ?? _options.RequestTimeout;

    // The backend's own rate, and that of the operation which asks.
    private async ValueTask WaitForTurnAsync(CancellationToken cancellationToken)
    {
        if (_gate is not null)
        {
            await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        if (Turn.Throttle?.Gate is { } gate)
        {
            await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private ValueTask OnRetry(OnRetryArguments<Attempt> arguments)
    {
        if (arguments.Outcome.Result.Fault is { } fault)
        {
            Turn.Throttle?.Press();
            _reporter.Verbose($"{fault.Message} Trying again in {arguments.RetryDelay.TotalSeconds:0.0} s.");
        }

        return default;
    }
}
