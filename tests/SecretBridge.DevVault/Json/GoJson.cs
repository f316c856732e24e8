using System.Buffers;
using System.Collections;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace SecretBridge.DevVault;

/// <summary>JSON as the server's Go code writes it: compact, map keys in byte order, &lt;, &gt; and &amp; escaped.</summary>
internal static class GoJson
{
    private static readonly JsonSerializerOptions Deep = new() { MaxDepth = 512 };

    public static JsonElement Parse(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize<JsonElement>(json, Deep);

    public static JsonElement Parse(string json) => JsonSerializer.Deserialize<JsonElement>(json, Deep);

    public static byte[] Serialize(object? value)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        Write(buffer, value);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>
    /// A value as it comes back: the last of equal keys, keys sorted. KV v1 keeps a number's digits;
    /// KV v2 decodes into float64, which this repeats when <paramref name="throughDouble"/> is set.
    /// </summary>
    public static byte[] Canonical(JsonElement element, bool throughDouble)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        WriteElement(buffer, element, throughDouble);
        return buffer.WrittenSpan.ToArray();
    }

    public static string Text(JsonElement element) => GoString.Decode(JsonMarshal.GetRawUtf8Value(element)[1..^1]);

    public static string Name(JsonProperty property) => GoString.Decode(JsonMarshal.GetRawUtf8PropertyName(property));

    public static void Write(IBufferWriter<byte> to, object? value)
    {
        switch (value)
        {
            case null:
                to.Write("null"u8);
                break;
            case RawJson raw:
                to.Write(raw.Bytes);
                break;
            case string text:
                GoString.Write(to, text);
                break;
            case bool flag:
                to.Write(flag ? "true"u8 : "false"u8);
                break;
            case int or long:
                WriteAscii(to, Convert.ToInt64(value, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture));
                break;
            case double number:
                WriteAscii(to, GoNumber.Format(number));
                break;
            case JsonElement element:
                WriteElement(to, element, throughDouble: false);
                break;
            case JsonFields fields:
                WriteObject(to, fields);
                break;
            case IEnumerable<KeyValuePair<string, object?>> map:
                WriteObject(to, map.OrderBy(pair => pair.Key, Utf8Order.Instance));
                break;
            case IEnumerable<KeyValuePair<string, string>> map:
                WriteObject(to, map.OrderBy(pair => pair.Key, Utf8Order.Instance).Select(pair => new KeyValuePair<string, object?>(pair.Key, pair.Value)));
                break;
            case IEnumerable items:
                WriteArray(to, items);
                break;
            default:
                throw new NotSupportedException(value.GetType().Name);
        }
    }

    private static void WriteObject(IBufferWriter<byte> to, IEnumerable<KeyValuePair<string, object?>> pairs)
    {
        to.Write("{"u8);
        bool first = true;
        foreach ((string name, object? value) in pairs)
        {
            Separate(to, ref first);
            GoString.Write(to, name);
            to.Write(":"u8);
            Write(to, value);
        }
        to.Write("}"u8);
    }

    private static void WriteArray(IBufferWriter<byte> to, IEnumerable items)
    {
        to.Write("["u8);
        bool first = true;
        foreach (object? item in items)
        {
            Separate(to, ref first);
            Write(to, item);
        }
        to.Write("]"u8);
    }

    private static void WriteElement(IBufferWriter<byte> to, JsonElement element, bool throughDouble)
    {
        bool first = true;
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                to.Write("{"u8);
                foreach ((string name, JsonElement value) in LastOfEachKey(element))
                {
                    Separate(to, ref first);
                    GoString.Write(to, name);
                    to.Write(":"u8);
                    WriteElement(to, value, throughDouble);
                }
                to.Write("}"u8);
                break;
            case JsonValueKind.Array:
                to.Write("["u8);
                foreach (JsonElement item in element.EnumerateArray())
                {
                    Separate(to, ref first);
                    WriteElement(to, item, throughDouble);
                }
                to.Write("]"u8);
                break;
            case JsonValueKind.String:
                GoString.Write(to, Text(element));
                break;
            case JsonValueKind.Number when throughDouble:
                double number = element.GetDouble();
                if (!double.IsFinite(number))
                {
                    // KV v2 stores what it then cannot decode: such a secret fails on each read.
                    throw new RefusalException(Reply.Failure(500, $"json: cannot unmarshal number {element.GetRawText()} into Go value of type float64"));
                }
                WriteAscii(to, GoNumber.Format(number));
                break;
            default:
                to.Write(JsonMarshal.GetRawUtf8Value(element));
                break;
        }
    }

    private static IEnumerable<KeyValuePair<string, JsonElement>> LastOfEachKey(JsonElement element)
    {
        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (JsonProperty property in element.EnumerateObject())
        {
            members[Name(property)] = property.Value;
        }
        return members.OrderBy(member => member.Key, Utf8Order.Instance);
    }

    private static void Separate(IBufferWriter<byte> to, ref bool first)
    {
        if (!first)
        {
            to.Write(","u8);
        }
        first = false;
    }

    private static void WriteAscii(IBufferWriter<byte> to, string text) =>
        to.Advance(Encoding.ASCII.GetBytes(text, to.GetSpan(text.Length)));
}
