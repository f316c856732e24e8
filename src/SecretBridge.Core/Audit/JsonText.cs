using System.Text;
using System.Text.Json;

namespace SecretBridge.Audit;

/// <summary>A string in a line of JSON, left where it stands until it is wanted.</summary>
/// <param name="quoted">The string with its quotation marks; empty where there is none.</param>
internal readonly ref struct JsonText(ReadOnlySpan<byte> quoted)
{
    private readonly ReadOnlySpan<byte> _quoted = quoted;

    /// <summary>Whether there is none, or an empty one.</summary>
    internal bool IsEmpty => _quoted.Length <= 2;

    /// <summary>The bytes between the quotation marks, escapes and all.</summary>
    internal ReadOnlySpan<byte> Raw => _quoted.IsEmpty ? default : _quoted[1..^1];

    /// <summary>The bytes that it means: where it stands if nothing is escaped, else in the buffer.</summary>
    /// <param name="buffer">A buffer that becomes as large as it must.</param>
    /// <exception cref="InvalidOperationException">It holds half a character.</exception>
    internal ReadOnlySpan<byte> Value(ref byte[] buffer)
    {
        ReadOnlySpan<byte> raw = Raw;
        if (!raw.Contains((byte)'\\'))
        {
            return raw;
        }

        if (buffer.Length < raw.Length)
        {
            buffer = new byte[raw.Length * 2];
        }

        var reader = new Utf8JsonReader(_quoted);
        reader.Read();
        return buffer.AsSpan(0, reader.CopyString(buffer));
    }

    /// <summary>The text; null where there is none.</summary>
    public override string? ToString()
    {
        byte[] buffer = [];
        return _quoted.IsEmpty ? null : Encoding.UTF8.GetString(Value(ref buffer));
    }
}
