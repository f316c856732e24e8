using System.Text.Json;
using SecretBridge.Wire;

namespace SecretBridge.Audit;

/// <summary>One line of a server's audit log. Only the ids are read at first: of most lines nothing else is wanted.</summary>
internal sealed class VaultLogLine
{
    private const int LongestError = 500;
    private readonly JsonFields _line;
    private readonly JsonFields _request;

    private VaultLogLine(JsonFields line)
    {
        _line = line;
        _request = line.Object("request");
        RequestId = _request.Text("id");
        CorrelationId = _request.Has("headers") ? Header(_request.Object("headers")) : null;
    }

    internal string? RequestId { get; }

    /// <summary>The correlation id that came with the request, where the log tells it, possibly as an HMAC.</summary>
    internal string? CorrelationId { get; }

    internal bool IsResponse => _line.Text("type") == "response";

    /// <summary>Reads a line; null where it is no JSON object.</summary>
    internal static VaultLogLine? TryRead(ReadOnlyMemory<byte> line)
    {
        // A device can be set up to write a prefix before each line.
        int start = line.Span.IndexOf((byte)'{');
        try
        {
            return start < 0 ? null : new(JsonFields.Of(line[start..]));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The plain fields. The data of request and response stay where they are.</summary>
    internal VaultAuditEntry Entry()
    {
        JsonFields auth = _line.Object("auth");
        string? error = _line.Text("error");
        return new()
        {
            Time = _line.Time("time"),
            Type = _line.Text("type"),
            Operation = _request.Text("operation"),
            Path = _request.Text("path"),
            Namespace = _request.Object("namespace").Text("path"),
            DisplayName = auth.Text("display_name"),
            EntityId = auth.Text("entity_id"),
            RemoteAddress = _request.Text("remote_address"),
            Error = error?.Length > LongestError ? error[..LongestError] + "…" : error,
            RequestId = RequestId,
        };
    }

    private static string? Header(JsonFields headers)
    {
        string? name = headers.Names.FirstOrDefault(name => string.Equals(name, Correlation.Header, StringComparison.OrdinalIgnoreCase));
        return name is null ? null : headers.Strings(name) is [var first, ..] ? first : null;
    }
}
