using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace SecretBridge.DevVault;

internal sealed partial class RequestHandler
{
    private const string ProxyPage = "<!DOCTYPE html><html><head><title>Sign in</title></head><body><h1>Sign in to continue</h1></body></html>";

    /// <summary>True when the fault was the whole answer.</summary>
    private async Task<bool> StrikeBeforeAsync(HttpContext context, Fault fault, RequestRecord record)
    {
        switch (fault.Kind)
        {
            case FaultKind.Latency or FaultKind.HangUntilReleased:
                await WaitAsync(context, fault).ConfigureAwait(false);
                return context.RequestAborted.IsCancellationRequested;
            case FaultKind.Interfere:
                fault.Do?.Invoke();
                return false;
            case FaultKind.ResetBeforeHeaders:
                Reset(context);
                return true;
            case FaultKind.Status:
                foreach ((string name, string value) in fault.Headers)
                {
                    context.Response.Headers[name] = value;
                }
                await AnswerAsync(context, record, Reply.Empty(fault.Status) with { Body = Encoding.UTF8.GetBytes(fault.Body ?? ""), ContentType = fault.ContentType }).ConfigureAwait(false);
                return true;
            case FaultKind.Html:
                await AnswerAsync(context, record, new Reply { Body = Encoding.UTF8.GetBytes(ProxyPage), ContentType = "text/html; charset=utf-8" }).ConfigureAwait(false);
                return true;
            case FaultKind.Redirect:
                await AnswerAsync(context, record, Reply.Empty(307) with { Location = fault.Location }).ConfigureAwait(false);
                return true;
            case FaultKind.Upgrade:
                await AnswerAsync(context, record, Upgrading).ConfigureAwait(false);
                return true;
            default:
                return false;
        }
    }

    private async Task WaitAsync(HttpContext context, Fault fault)
    {
        try
        {
            if (fault.Gate is { } gate)
            {
                await gate.PassAsync(context.RequestAborted).ConfigureAwait(false);
            }
            else
            {
                TimeSpan delay = fault.Kind == FaultKind.HangUntilReleased ? Timeout.InfiniteTimeSpan : fault.Delay;
                await Task.Delay(delay, options.Time, context.RequestAborted).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The client gave up; the caller sees it by the token.
        }
    }

    private Task AnswerAsync(HttpContext context, RequestRecord record, Reply reply)
    {
        record.Status = reply.Status;
        return SendAsync(context, reply, reply.Body!, truncated: false);
    }

    // Without lingering the peer gets RST rather than a tidy end.
    private static void Reset(HttpContext context)
    {
        Socket? socket = context.Features.Get<IConnectionSocketFeature>()?.Socket;
        if (socket is { AddressFamily: not AddressFamily.Unix })
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        context.Abort();
    }
}
