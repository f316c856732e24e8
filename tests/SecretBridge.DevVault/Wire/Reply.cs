using System.Buffers;
using System.Globalization;
using System.Text;

namespace SecretBridge.DevVault;

/// <summary>An answer before it becomes bytes: status and either an envelope around data, or a body of its own.</summary>
internal sealed record Reply
{
    public const string Json = "application/json";

    public int Status { get; init; } = 200;

    /// <summary>The JSON of the envelope's data; <c>null</c> there when absent.</summary>
    public RawJson? Data { get; init; }

    /// <summary>A body outside of the envelope; empty for 204 and the bodyless kinds of 404 and 400.</summary>
    public byte[]? Body { get; init; }

    public string? ContentType { get; init; } = Json;

    public string? Location { get; init; }

    public long LeaseDuration { get; init; }

    public IReadOnlyList<string>? Warnings { get; init; }

    public JsonFields? Auth { get; init; }

    public JsonFields? WrapInfo { get; init; }

    /// <summary>Old sys endpoints repeat their data at the top level.</summary>
    public JsonMap? Repeated { get; init; }

    public int? RetryAfter { get; init; }

    public static Reply NoContent { get; } = new() { Status = 204, Body = [] };

    public static Reply NotFound { get; } = Errors(404);

    public static Reply UnsupportedOperation { get; } = Failure(405, "unsupported operation");

    public static Reply UnsupportedPath { get; } = Failure(404, "unsupported path");

    public static Reply PermissionDenied { get; } = Failure(403, "permission denied");

    public bool IsError => Body is { Length: > 0 } && Status >= 400;

    public bool IsEnvelope => Body is null;

    public static Reply Of(object? data) => new() { Data = new RawJson(GoJson.Serialize(data)) };

    /// <summary>An answer whose data also stands beside request_id.</summary>
    public static Reply Flat(JsonMap data) => new() { Data = new RawJson(GoJson.Serialize(data)), Repeated = data };

    public static Reply Keys(IEnumerable<string> keys)
    {
        string[] names = [.. keys];
        return names.Length == 0 ? NotFound : Of(new JsonMap { ["keys"] = names });
    }

    public static Reply Errors(int status, params string[] errors) =>
        new() { Status = status, Body = Line(GoJson.Serialize(new JsonFields { ["errors"] = errors })) };

    /// <summary>An error that the server's code returned rather than answered: it comes wrapped.</summary>
    public static Reply Failure(int status, string error) => Errors(status, $"1 error occurred:\n\t* {error}\n\n");

    public static Reply Bare(int status, object body) => new() { Status = status, Body = Line(GoJson.Serialize(body)) };

    public static Reply Empty(int status) => new() { Status = status, Body = [], ContentType = null };

    public static Reply Warning(int status, params string[] warnings) => new() { Status = status, Warnings = warnings };

    /// <summary>The body's bytes. Hot: one array of the right size, the payload copied as it was stored.</summary>
    public byte[] Render(string requestId)
    {
        if (Body is not null)
        {
            return Body;
        }
        if (Warnings is null && Auth is null && WrapInfo is null && Repeated is null)
        {
            return RenderPlain(requestId);
        }

        var buffer = new ArrayBufferWriter<byte>(1024);
        var fields = new JsonFields();
        foreach ((string name, object? value) in Repeated ?? [])
        {
            fields[name] = value;
        }
        fields["request_id"] = WrapInfo is null ? requestId : "";
        fields["lease_id"] = "";
        fields["renewable"] = false;
        fields["lease_duration"] = LeaseDuration;
        fields["data"] = Data;
        fields["wrap_info"] = WrapInfo;
        fields["warnings"] = Warnings;
        fields["auth"] = Auth;
        GoJson.Write(buffer, fields);
        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    private byte[] RenderPlain(string requestId)
    {
        byte[] data = (Data ?? RawJson.Null).Bytes;
        string lease = LeaseDuration.ToString(CultureInfo.InvariantCulture);
        ReadOnlySpan<byte> head = "{\"request_id\":\""u8;
        ReadOnlySpan<byte> middle = "\",\"lease_id\":\"\",\"renewable\":false,\"lease_duration\":"u8;
        ReadOnlySpan<byte> beforeData = ",\"data\":"u8;
        ReadOnlySpan<byte> tail = ",\"wrap_info\":null,\"warnings\":null,\"auth\":null}\n"u8;
        byte[] body = new byte[head.Length + requestId.Length + middle.Length + lease.Length + beforeData.Length + data.Length + tail.Length];
        Span<byte> room = body;
        room = Append(room, head);
        room = room[Encoding.ASCII.GetBytes(requestId, room)..];
        room = Append(room, middle);
        room = room[Encoding.ASCII.GetBytes(lease, room)..];
        room = Append(room, beforeData);
        room = Append(room, data);
        Append(room, tail);
        return body;
    }

    private static Span<byte> Append(Span<byte> room, ReadOnlySpan<byte> part)
    {
        part.CopyTo(room);
        return room[part.Length..];
    }

    private static byte[] Line(byte[] json) => [.. json, (byte)'\n'];
}
