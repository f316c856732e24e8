using System.Diagnostics;
using System.Globalization;

namespace SecretBridge.Wire;

/// <summary>One reply as a value: status and body, with the envelope read once when it is first asked for.</summary>
[DebuggerDisplay("{Status}")]
internal sealed class VaultReply(int status, ReadOnlyMemory<byte> body, string? contentType = null, string? date = null, TimeSpan? retryAfter = null)
{
    private ReplyEnvelope? _envelope;

    public int Status { get; } = status;

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public ReadOnlyMemory<byte> Body { get; } = body;

    public string? ContentType { get; } = contentType;

    /// <summary>The server's clock, where it sent it.</summary>
    public DateTimeOffset? Date =>
        DateTimeOffset.TryParse(date, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset time) ? time : null;

    /// <summary>How long the server asks to wait.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>The envelope around the data. A body that is not JSON gives an envelope that says so.</summary>
    public ReplyEnvelope Envelope => _envelope ??= ReplyEnvelope.Read(Body);

    public string? RequestId => Envelope.RequestId;

    /// <summary>The bytes of the envelope's data; empty where it is null or missing.</summary>
    public ReadOnlyMemory<byte> Data => Envelope.Data;

    public bool IsSuccess => Status is >= 200 and < 300;

    public override string ToString() => $"{Status}, {Body.Length} bytes";
}
