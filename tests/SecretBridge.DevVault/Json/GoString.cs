using System.Buffers;
using System.Globalization;
using System.Text;

namespace SecretBridge.DevVault;

/// <summary>Strings as Go's encoding/json reads and writes them.</summary>
internal static class GoString
{
    /// <summary>What stands between the quotes, unescaped; lone surrogates become U+FFFD, where .NET would throw.</summary>
    public static string Decode(ReadOnlySpan<byte> raw)
    {
        if (!raw.Contains((byte)'\\'))
        {
            return Encoding.UTF8.GetString(raw);
        }

        var text = new StringBuilder(raw.Length);
        while (!raw.IsEmpty)
        {
            int slash = raw.IndexOf((byte)'\\');
            if (slash < 0)
            {
                text.Append(Encoding.UTF8.GetString(raw));
                break;
            }
            text.Append(Encoding.UTF8.GetString(raw[..slash]));
            raw = raw[(slash + 1)..];
            char kind = (char)raw[0];
            raw = raw[1..];
            if (kind != 'u')
            {
                text.Append(kind switch { 'b' => '\b', 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t', _ => kind });
                continue;
            }
            char unit = Hex(raw);
            raw = raw[4..];
            if (char.IsHighSurrogate(unit) && raw.StartsWith("\\u"u8) && char.IsLowSurrogate(Hex(raw[2..])))
            {
                text.Append(unit).Append(Hex(raw[2..]));
                raw = raw[6..];
            }
            else
            {
                text.Append(char.IsSurrogate(unit) ? '\uFFFD' : unit);
            }
        }
        return text.ToString();
    }

    public static void Write(IBufferWriter<byte> to, ReadOnlySpan<char> text)
    {
        Span<byte> room = to.GetSpan((text.Length * 6) + 2);
        int at = 0;
        room[at++] = (byte)'"';
        while (!text.IsEmpty)
        {
            if (text[0] is >= ' ' and < '\x7f' and not ('"' or '\\' or '<' or '>' or '&'))
            {
                room[at++] = (byte)text[0];
                text = text[1..];
                continue;
            }
            Rune.DecodeFromUtf16(text, out Rune rune, out int used);
            text = text[used..];
            at += Escape(rune, room[at..]);
        }
        room[at++] = (byte)'"';
        to.Advance(at);
    }

    private static int Escape(Rune rune, Span<byte> room)
    {
        string? escape = rune.Value switch
        {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            < ' ' or '<' or '>' or '&' or 0x2028 or 0x2029 => "\\u" + rune.Value.ToString("x4", CultureInfo.InvariantCulture),
            _ => null,
        };
        return escape is null ? rune.EncodeToUtf8(room) : Encoding.ASCII.GetBytes(escape, room);
    }

    private static char Hex(ReadOnlySpan<byte> digits) =>
        (char)ushort.Parse(digits[..4], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
