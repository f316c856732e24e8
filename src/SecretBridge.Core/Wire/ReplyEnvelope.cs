using System.Text.Json;

namespace SecretBridge.Wire;

/// <summary>What surrounds the data of a reply. The data itself stays bytes.</summary>
internal sealed class ReplyEnvelope
{
    internal static readonly JsonReaderOptions Options = new() { MaxDepth = 512 };

    private const long LongestLease = 100L * 365 * 24 * 60 * 60;

    private bool _hasLeaseId;
    private long _leaseSeconds;

    /// <summary>Whether the body is one JSON object.</summary>
    public bool IsJson { get; private init; }

    public string? RequestId { get; private set; }

    public ReadOnlyMemory<byte> Data { get; private set; }

    public ReadOnlyMemory<byte> Auth { get; private set; }

    public bool IsWrapped { get; private set; }

    /// <summary>How long the data holds. Null where the reply names no lease: a duration without one is only advice.</summary>
    public TimeSpan? Lease => _hasLeaseId && _leaseSeconds > 0 ? TimeSpan.FromSeconds(_leaseSeconds) : null;

    public IReadOnlyList<string> Warnings { get; private set; } = [];

    /// <summary>The server's errors; null where the body has no such member.</summary>
    public IReadOnlyList<string>? Errors { get; private set; }

    public static ReplyEnvelope Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            return ReadObject(body);
        }
        catch (JsonException)
        {
            return new();
        }
    }

    private static ReplyEnvelope ReadObject(ReadOnlyMemory<byte> body)
    {
        var reader = new Utf8JsonReader(body.Span, Options);
        if (body.IsEmpty || !reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return new();
        }

        var envelope = new ReplyEnvelope { IsJson = true };
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            envelope.ReadMember(ref reader, body);
        }

        // Reading on to the end finds what was cut off or follows the object.
        while (reader.Read())
        {
        }

        return envelope;
    }

    private void ReadMember(ref Utf8JsonReader reader, ReadOnlyMemory<byte> body)
    {
        if (reader.ValueTextEquals("data"u8))
        {
            Data = Cut(ref reader, body);
        }
        else if (reader.ValueTextEquals("request_id"u8))
        {
            reader.Read();
            RequestId = reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length is > 0 and < 100 ? reader.GetString() : null;
            reader.Skip();
        }
        else if (reader.ValueTextEquals("lease_id"u8))
        {
            reader.Read();
            _hasLeaseId = reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length > 0;
            reader.Skip();
        }
        else if (reader.ValueTextEquals("lease_duration"u8))
        {
            reader.Read();
            _leaseSeconds = reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out long seconds) ? Math.Min(seconds, LongestLease) : 0;
            reader.Skip();
        }
        else if (reader.ValueTextEquals("auth"u8))
        {
            Auth = Cut(ref reader, body);
        }
        else if (reader.ValueTextEquals("wrap_info"u8))
        {
            IsWrapped = !Cut(ref reader, body).IsEmpty;
        }
        else if (reader.ValueTextEquals("warnings"u8))
        {
            Warnings = Strings(ref reader) ?? [];
        }
        else if (reader.ValueTextEquals("errors"u8))
        {
            Errors = Strings(ref reader);
        }
        else
        {
            reader.Read();
            reader.Skip();
        }
    }

    private static ReadOnlyMemory<byte> Cut(ref Utf8JsonReader reader, ReadOnlyMemory<byte> body)
    {
        reader.Read();
        int start = (int)reader.TokenStartIndex;
        bool isNull = reader.TokenType == JsonTokenType.Null;
        reader.Skip();
        return isNull ? default : body[start..(int)reader.BytesConsumed];
    }

    private static List<string>? Strings(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return null;
        }

        var strings = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.String)
            {
                strings.Add(reader.GetString()!);
            }

            reader.Skip();
        }

        return strings;
    }
}
