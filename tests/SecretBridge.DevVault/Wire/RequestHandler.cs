using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace SecretBridge.DevVault;

/// <summary>From an HTTP request to the model and back: log, faults, limits, reply.</summary>
internal sealed partial class RequestHandler(DevVaultServer server, Cluster cluster, Node node, DevVaultOptions options)
{
    private static readonly Reply Upgrading = Reply.Errors(400,
        "Upgrading from non-versioned to versioned data. This backend will be unavailable for a brief period and will resume service shortly.");

    private readonly ControlEndpoints _control = new(server, cluster);
    private long _number;

    public async Task HandleAsync(HttpContext context)
    {
        string raw = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        RawTarget target = RawTarget.Parse(raw);
        if (target.Path.StartsWith("/devvault/", StringComparison.Ordinal))
        {
            await _control.HandleAsync(context, target).ConfigureAwait(false);
            return;
        }

        RequestKind kind = RequestKinds.Of(context.Request.Method, target.Path, target.Query);
        RequestRecord? record = server.Requests.KeepsRecords || !server.Faults.IsEmpty ? Record(context, raw, target, kind) : null;
        server.Requests.Count(kind, server.Requests.KeepsRecords ? record : null);
        Fault? fault = record is null || server.Faults.IsEmpty ? null : server.Faults.Strike(record);
        if (record is not null)
        {
            record.Fault = fault?.Kind;
        }
        if (fault is not null && await StrikeBeforeAsync(context, fault, record!).ConfigureAwait(false))
        {
            return;
        }

        (Reply reply, string requestId) = await AnswerAsync(context, raw, target, record, fault?.Kind == FaultKind.Stale).ConfigureAwait(false);
        byte[] body = reply.Render(requestId);
        if (record is not null)
        {
            record.Status = reply.Status;
        }
        if (fault?.Kind == FaultKind.ResetAfterCommit)
        {
            record!.Status = 0;
            Reset(context);
            return;
        }
        await SendAsync(context, reply, body, fault?.Kind == FaultKind.Truncate).ConfigureAwait(false);
    }

    private async ValueTask<(Reply Reply, string RequestId)> AnswerAsync(
        HttpContext context, string raw, RawTarget target, RequestRecord? record, bool stale)
    {
        HttpRequest request = context.Request;
        string requestId = Guid.NewGuid().ToString();
        try
        {
            if (!target.IsPrintable())
            {
                return (Reply.Empty(400), requestId);
            }
            if (target.Cleaned() is { } cleaned)
            {
                return (Reply.Empty(301) with { Location = cleaned }, requestId);
            }
            if (options.RequireRequestHeader && request.Headers["X-Vault-Request"] is not ["true"])
            {
                return (Reply.Errors(412, "missing \"X-Vault-Request\" header"), requestId);
            }
            if (!target.Path.StartsWith("/v1/", StringComparison.Ordinal))
            {
                return (Reply.Errors(404), requestId);
            }
            string? namespaceHeader = request.Headers["X-Vault-Namespace"];
            RequestFields query = RequestParser.Query(target.Query, cluster.Flavour);
            if (node.Answer(request.Method, target.Path, query, !string.IsNullOrEmpty(namespaceHeader)) is { } own)
            {
                return (own, requestId);
            }
            if (node.Refuse(request, raw) is { } refusal)
            {
                return (refusal, requestId);
            }

            Operation operation = OperationOf(request.Method, query);
            if (operation == Operation.Unsupported)
            {
                return (request.Method == "OPTIONS" ? Reply.UnsupportedOperation : Reply.Errors(405), requestId);
            }
            Call call = await ReadCallAsync(context, requestId, operation, target, query, namespaceHeader, stale).ConfigureAwait(false);
            Reply reply = cluster.Handle(call);
            if (record is not null)
            {
                record.BodyLength = call.BodyLength;
                record.Namespace = call.Namespace.Path;
                record.Token = TokenName(call);
            }
            return (reply, requestId);
        }
        catch (RefusalException refused)
        {
            return (refused.Reply, requestId);
        }
    }

    private async ValueTask<Call> ReadCallAsync(
        HttpContext context, string requestId, Operation operation, RawTarget target, RequestFields query, string? namespaceHeader, bool stale)
    {
        HttpRequest request = context.Request;
        RequestFields fields = query;
        int bodyLength = 0;
        if (operation is Operation.Update or Operation.Patch)
        {
            ReadOnlySequence<byte> body = await ReadBodyAsync(request).ConfigureAwait(false);
            bodyLength = (int)body.Length;
            byte[] bytes = body.ToArray();
            request.BodyReader.AdvanceTo(body.End);
            if (options.MaxEntryBytes is { } most && bodyLength > most)
            {
                throw new RefusalException(Reply.Failure(500, $"put failed due to value being too large; got {bodyLength} bytes, max: {most} bytes"));
            }
            fields = RequestParser.Body(bytes, request.ContentType, cluster.Flavour);
        }

        (Namespace home, string path) = cluster.Locate(namespaceHeader, target.Path[4..]);
        if (operation is Operation.List or Operation.Scan && !path.EndsWith('/'))
        {
            path += "/";
        }
        return new Call
        {
            Id = requestId,
            Operation = operation,
            Namespace = home,
            Path = path,
            Fields = fields,
            TokenId = TokenOf(request),
            ContentType = request.ContentType,
            BodyLength = bodyLength,
            IsStale = stale,
            WrapTtl = WrapTtlOf(request),
            AuditedHeaders = cluster.AuditedHeaders.Keys.Where(request.Headers.ContainsKey).ToDictionary(name => name, name => request.Headers[name].ToString()),
            RemoteAddress = context.Connection.RemoteIpAddress?.ToString() ?? "",
        };
    }

    private async ValueTask<ReadOnlySequence<byte>> ReadBodyAsync(HttpRequest request)
    {
        while (true)
        {
            ReadResult result = await request.BodyReader.ReadAsync(request.HttpContext.RequestAborted).ConfigureAwait(false);
            if (result.Buffer.Length > options.MaxRequestBytes)
            {
                await DiscardAsync(request, result).ConfigureAwait(false);
                throw new RefusalException(Reply.Errors(413, cluster.Flavour == VaultFlavour.Vault ? "error parsing JSON" : "http: request body too large"));
            }
            if (result.IsCompleted)
            {
                return result.Buffer;
            }
            request.BodyReader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    // A client that still writes when the connection is closed gets that instead of the answer.
    private static async ValueTask DiscardAsync(HttpRequest request, ReadResult result)
    {
        while (true)
        {
            request.BodyReader.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
            {
                return;
            }
            result = await request.BodyReader.ReadAsync(request.HttpContext.RequestAborted).ConfigureAwait(false);
        }
    }

    private Operation OperationOf(string method, RequestFields query)
    {
        bool bao = cluster.Flavour == VaultFlavour.OpenBao;
        return method switch
        {
            "GET" when query.Flag("list") == true => Operation.List,
            "GET" when bao && query.Flag("scan") == true => Operation.Scan,
            "GET" => Operation.Read,
            "POST" or "PUT" => Operation.Update,
            "DELETE" => Operation.Delete,
            "LIST" => Operation.List,
            "SCAN" when bao => Operation.Scan,
            "PATCH" when bao => Operation.Patch,
            _ => Operation.Unsupported,
        };
    }

    private static string? TokenOf(HttpRequest request)
    {
        string? token = request.Headers["X-Vault-Token"];
        if (string.IsNullOrEmpty(token) && (string?)request.Headers.Authorization is { } bearer && bearer.StartsWith("Bearer ", StringComparison.Ordinal))
        {
            token = bearer["Bearer ".Length..];
        }
        return token?.Trim();
    }

    private TimeSpan? WrapTtlOf(HttpRequest request)
    {
        string? text = request.Headers["X-Vault-Wrap-TTL"];
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }
        TimeSpan ttl = GoDuration.Parse(text, cluster.Flavour, out string error)
            ?? throw new RefusalException(Reply.Errors(400, "error parsing X-Vault-Wrap-TTL header: " + error));
        if (ttl == TimeSpan.Zero)
        {
            return null;
        }
        return ttl > TimeSpan.Zero ? ttl : throw new RefusalException(Reply.Errors(400, "requested wrap ttl cannot be negative"));
    }

    private static string TokenName(Call call)
    {
        if (call.Token is { } token)
        {
            return token.Accessor;
        }
        return string.IsNullOrEmpty(call.TokenId) ? "" : "unknown:" + Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(call.TokenId)))[..12];
    }

    private RequestRecord Record(HttpContext context, string raw, RawTarget target, RequestKind kind) => new()
    {
        Number = Interlocked.Increment(ref _number),
        Method = context.Request.Method,
        RawTarget = raw,
        Path = target.Path.StartsWith("/v1/", StringComparison.Ordinal) ? target.Path[4..] : target.Path,
        Query = target.Query,
        Kind = kind,
        Time = options.Time.GetUtcNow(),
        Headers = HeadersOf(context.Request),
        ConnectionId = context.Connection.Id,
        Protocol = context.Request.Protocol,
    };

    private static Dictionary<string, string> HeadersOf(HttpRequest request)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, var value) in request.Headers)
        {
            bool secret = name.Equals("X-Vault-Token", StringComparison.OrdinalIgnoreCase) || name.Equals("Authorization", StringComparison.OrdinalIgnoreCase);
            headers[name] = secret ? "(token)" : value.ToString();
        }
        return headers;
    }

    private async Task SendAsync(HttpContext context, Reply reply, byte[] body, bool truncated)
    {
        HttpResponse response = context.Response;
        response.StatusCode = reply.Status;
        response.Headers.CacheControl = "no-store";
        if (options.WithoutDate)
        {
            // Kestrel writes one wherever there is none; an empty one tells no time either.
            response.Headers.Date = "";
        }
        else if (options.Time != TimeProvider.System)
        {
            // Clients tell by it whether a deletion time has come; otherwise Kestrel writes the machine's time.
            response.Headers.Date = options.Time.GetUtcNow().ToString("R", CultureInfo.InvariantCulture);
        }
        if (cluster.Flavour == VaultFlavour.OpenBao)
        {
            response.Headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
        }
        if (reply.ContentType is { } type)
        {
            response.ContentType = type;
        }
        if (reply.Location is { } location)
        {
            response.Headers.Location = location;
        }
        if (reply.RetryAfter is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }
        if (reply.Status is 204 || context.Request.Method == "HEAD")
        {
            return;
        }
        response.ContentLength = body.Length;
        if (truncated)
        {
            await response.BodyWriter.WriteAsync(body.AsMemory(0, body.Length / 2)).ConfigureAwait(false);
            await response.BodyWriter.FlushAsync().ConfigureAwait(false);
            context.Abort();
            return;
        }
        await response.BodyWriter.WriteAsync(body).ConfigureAwait(false);
    }
}
