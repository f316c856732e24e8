using Polly;
using SecretBridge.Reporting;

namespace SecretBridge.Wire;

/// <content>One try of a request, and what it says of the next.</content>
internal sealed partial class VaultPipeline
{
    private static bool MayRetry(VaultException? fault, ResilienceContext context) =>
        context.Properties.TryGetValue(CallKey, out Call? call) && MayRetry(fault, call.Request.Retry);

    private static bool MayRetry(VaultException? fault, RetryRule rule) =>
        fault is { IsTransient: true }
        && rule switch
        {
            RetryRule.Idempotent => true,
            // A gateway's 502 or 504 tells nothing of what the server behind it did.
            RetryRule.Write => fault.NeverHandled || fault.StatusCode is >= 500 and not (502 or 504),
            // A sealed or overloaded server has not looked at the credential.
            RetryRule.Never => fault.NeverHandled,
            _ => false,
        };

    private ValueTask<Attempt> TryAsync(ResilienceContext context)
    {
        Call call = context.Properties.GetValue(CallKey, null!);
        if (call.First is { } first)
        {
            call.First = null;
            return new(first);
        }

        return TryOnceAsync(call, context.CancellationToken);
    }

    private async ValueTask<Attempt> TryOnceAsync(Call call, CancellationToken cancellationToken)
    {
        if (call.Attempts > 0)
        {
            await WaitForTurnAsync(cancellationToken).ConfigureAwait(false);
        }

        // A time that ran out during a wait says nothing of a request that is not sent: what the last try was told stands.
        cancellationToken.ThrowIfCancellationRequested();
        call.Attempts++;
        TimeSpan limit = Limit(call.Request);
        using var timeout = new CancellationTokenSource(limit, _time);
        using CancellationTokenRegistration ended = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), timeout);
        try
        {
            VaultReply reply = await _transport.SendAsync(call.Request, call.Token, timeout.Token).ConfigureAwait(false);
            call.LastFault = _options.Dialect.FaultOf(call.Request, reply, call.Token);
            call.LostReply |= call.LastFault is { StatusCode: < 300 or 502 or 504 };
            return new(reply, call.LastFault);
        }
        catch (VaultException fault)
        {
            call.LastFault = fault;
            call.LostReply |= !fault.NeverHandled;
            return new(null, fault);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            call.LastFault = TransportFaults.TimedOut(call.Request, limit, transient: true);
            call.LostReply = true;
            return new(null, call.LastFault);
        }
        catch (OperationCanceledException)
        {
            // What an earlier try was told says nothing of this one, which may have taken effect.
            call.LastFault = null;
            call.LostReply = true;
            throw;
        }
    }

    // For what must not be sent twice, a lost reply is worse than a failure: nobody knows what happened.
    private static VaultException Final(Call call, VaultException fault)
    {
        fault.Attempts = call.Attempts;
        fault.MayHaveTakenEffect = call.LostReply;
        bool unknown = call.LostReply && call.Request.Retry is RetryRule.Write or RetryRule.Never
            && fault is { StatusCode: null or < 300 or 502 or 504, NeverHandled: false, Kind: not FaultKind.RedirectRefused };
        return unknown
            ? new(FaultKind.OutcomeUnknown, call.Request,
                $"{call.Request}: sent, but the reply was lost; whether it took effect is not known. Cause: {fault.Message}", fault)
            {
                Attempts = call.Attempts,
                MayHaveTakenEffect = true,
            }
            : fault;
    }

    /// <summary>What one request came to: a reply, a failure, or a reply that is one.</summary>
    internal readonly record struct Attempt(VaultReply? Reply, VaultException? Fault);

    private sealed class Call(VaultRequest request, SecretText? token)
    {
        public VaultRequest Request { get; } = request;

        public SecretText? Token { get; } = token;

        public int Attempts { get; set; }

        public bool LostReply { get; set; }

        public VaultException? LastFault { get; set; }

        /// <summary>What the first try came to, until what guards requests has taken it.</summary>
        public Attempt? First { get; set; }
    }
}
