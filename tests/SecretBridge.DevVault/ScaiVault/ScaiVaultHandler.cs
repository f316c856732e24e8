using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace SecretBridge.DevVault;

/// <summary>From an HTTP request to the stand-in's model and back: log, faults, token, reply.</summary>
internal sealed class ScaiVaultHandler(DevScaiVaultServer server)
{
    private const string ProxyPage = "<!DOCTYPE html><html><body><h1>Sign in to continue</h1></body></html>";

    private readonly ScaiVaultApi _api = new(server);
    private readonly ScaiVaultControl _control = new(server);
    private long _number;

    public async Task HandleAsync(HttpContext context)
    {
        string raw = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        RawTarget target = RawTarget.Parse(raw);
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted).ConfigureAwait(false);
        if (target.Path.StartsWith("/devvault/", StringComparison.Ordinal))
        {
            (int status, byte[] answer) = _control.Handle(context.Request.Method, target.Path["/devvault/".Length..], body.ToArray());
            await SendAsync(context, status, answer).ConfigureAwait(false);
            return;
        }

        RequestRecord record = Record(context, raw, target, body.Length);
        server.Requests.Count(record.Kind, record);
        Fault? fault = server.Faults.IsEmpty ? null : server.Faults.Strike(record);
        record.Fault = fault?.Kind;
        if (fault is not null && await StrikeBeforeAsync(context, fault, record).ConfigureAwait(false))
        {
            return;
        }

        bool isKnown = context.Request.Headers.Authorization.ToString() == "Bearer " + server.Token;
        (record.Status, string text) = isKnown ? _api.Handle(record, body.ToArray()) : (401, ScaiVaultApi.Error("unauthorized", "invalid or expired token"));
        if (fault?.Kind == FaultKind.ResetAfterCommit)
        {
            Reset(context);
            return;
        }

        byte[] reply = Encoding.UTF8.GetBytes(text);
        await SendAsync(context, record.Status, fault?.Kind == FaultKind.Truncate ? reply[..(reply.Length / 2)] : reply, reply.Length).ConfigureAwait(false);
        if (fault?.Kind == FaultKind.Truncate)
        {
            await context.Response.BodyWriter.FlushAsync().ConfigureAwait(false);
            context.Abort();
        }
    }

    private static async Task SendAsync(HttpContext context, int status, byte[] body, int? length = null, string? type = Reply.Json)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        context.Response.ContentLength = length ?? body.Length;
        await context.Response.BodyWriter.WriteAsync(body).ConfigureAwait(false);
    }

    // True when the fault was the whole answer.
    private static async Task<bool> StrikeBeforeAsync(HttpContext context, Fault fault, RequestRecord record)
    {
        switch (fault.Kind)
        {
            case FaultKind.HangUntilReleased or FaultKind.Latency:
                await (fault.Gate?.PassAsync(context.RequestAborted) ?? Task.Delay(Timeout.Infinite, context.RequestAborted))
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return context.RequestAborted.IsCancellationRequested;
            case FaultKind.Interfere:
                fault.Do?.Invoke();
                return false;
            case FaultKind.ResetBeforeHeaders:
                Reset(context);
                return true;
            case FaultKind.Status or FaultKind.Html or FaultKind.Redirect:
                record.Status = fault.Kind switch { FaultKind.Html => 200, FaultKind.Redirect => 307, _ => fault.Status };
                foreach ((string name, string value) in fault.Headers)
                {
                    context.Response.Headers[name] = value;
                }
                if (fault.Location is { } location)
                {
                    context.Response.Headers.Location = location;
                }
                bool isPage = fault.Kind == FaultKind.Html;
                await SendAsync(context, record.Status, Encoding.UTF8.GetBytes(isPage ? ProxyPage : fault.Body ?? ""), null, isPage ? "text/html" : fault.ContentType).ConfigureAwait(false);
                return true;
            default:
                return false;
        }
    }

    // Without lingering the peer gets RST rather than a tidy end.
    private static void Reset(HttpContext context)
    {
        if (context.Features.Get<IConnectionSocketFeature>()?.Socket is { } socket)
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        context.Abort();
    }

    private RequestRecord Record(HttpContext context, string raw, RawTarget target, long length) => new()
    {
        Number = Interlocked.Increment(ref _number),
        Method = context.Request.Method,
        RawTarget = raw,
        Path = target.Path.StartsWith("/v1/", StringComparison.Ordinal) ? target.Path[4..] : target.Path,
        Query = target.Query,
        Kind = context.Request.Method is "PUT" or "POST" or "PATCH" or "DELETE" ? RequestKind.Write : RequestKind.Read,
        Time = TimeProvider.System.GetUtcNow(),
        Headers = context.Request.Headers.ToDictionary(
            header => header.Key, header => header.Key == "Authorization" ? "(token)" : header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
        ConnectionId = context.Connection.Id,
        Protocol = context.Request.Protocol,
        BodyLength = length,
    };
}
