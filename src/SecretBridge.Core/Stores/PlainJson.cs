using System.Buffers;
using System.Collections;
using System.Collections.Specialized;
using System.Globalization;
using System.Text;
using System.Text.Json;
using SecretBridge.Reporting;

namespace SecretBridge.Stores;

/// <summary>Turns JSON into plain objects and back, for a user who asked for plain text.</summary>
internal static class PlainJson
{
    private const int MaximumDepth = 60;

    internal static byte[] Write(object? value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = SecretPayload.Relaxed.Encoder }))
        {
            Write(writer, value, 0);
        }

        return buffer.WrittenSpan.ToArray();
    }

    internal static object? Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, JsonIndex.Options);
        reader.Read();
        return Read(ref reader);
    }

    private static void Write(Utf8JsonWriter writer, object? value, int depth)
    {
        if (depth > MaximumDepth)
        {
            throw new BridgeException(FaultKind.InvalidPayload, SealedValue.Mask, $"A value is nested more than {MaximumDepth} levels deep.");
        }

        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case bool boolean:
                writer.WriteBooleanValue(boolean);
                break;
            case char or Guid or Uri:
                writer.WriteStringValue(value.ToString());
                break;
            case DateTime or DateTimeOffset:
                writer.WriteStringValue(((IFormattable)value).ToString("O", CultureInfo.InvariantCulture));
                break;
            case Enum:
                writer.WriteStringValue(value.ToString());
                break;
            case double.NaN or double.PositiveInfinity or double.NegativeInfinity:
                throw new BridgeException(FaultKind.InvalidPayload, SealedValue.Mask, "A number is not finite, which JSON cannot hold.");
            case double number:
                writer.WriteNumberValue(number);
                break;
            case float number:
                writer.WriteNumberValue(number);
                break;
            case byte or sbyte or short or ushort or int or uint or long or ulong or decimal or System.Numerics.BigInteger:
                writer.WriteRawValue(((IFormattable)value).ToString(null, CultureInfo.InvariantCulture));
                break;
            case string or SealedValue or System.Security.SecureString:
                writer.WriteRawValue(SealedValue.FromObject(value).Json);
                break;
            case IDictionary map:
                writer.WriteStartObject();
                foreach (DictionaryEntry entry in map)
                {
                    writer.WritePropertyName(entry.Key.ToString()!);
                    Write(writer, entry.Value, depth + 1);
                }

                writer.WriteEndObject();
                break;
            case IEnumerable list:
                writer.WriteStartArray();
                foreach (object? item in list)
                {
                    Write(writer, item, depth + 1);
                }

                writer.WriteEndArray();
                break;
            default:
                throw new BridgeException(FaultKind.InvalidPayload, SealedValue.Mask,
                    $"A value of type {value.GetType().FullName} has no JSON form; give text, a number, a boolean, a hashtable or an array.");
        }
    }

    private static object? Read(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return reader.GetString();
            case JsonTokenType.True:
                return true;
            case JsonTokenType.False:
                return false;
            case JsonTokenType.Number:
                return ReadNumber(ref reader);
            case JsonTokenType.StartArray:
                var list = new List<object?>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    list.Add(Read(ref reader));
                }

                return list.ToArray();
            case JsonTokenType.StartObject:
                // Case-sensitive, unlike PowerShell's own hashtables: Foo and foo are two keys of a secret.
                var map = new OrderedDictionary(StringComparer.Ordinal);
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    string name = reader.GetString()!;
                    reader.Read();
                    map[name] = Read(ref reader);
                }

                return map;
            default:
                return null;
        }
    }

    private static object ReadNumber(ref Utf8JsonReader reader)
    {
        if (reader.TryGetInt64(out long integer))
        {
            return integer;
        }

        ReadOnlySpan<byte> text = reader.ValueSpan;
        if (reader.TryGetDecimal(out decimal number)
            && JsonNumber.DecimalEquals(text, Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture))))
        {
            return number;
        }

        return reader.TryGetDouble(out double approximate)
            && JsonNumber.DecimalEquals(text, Encoding.ASCII.GetBytes(approximate.ToString("R", CultureInfo.InvariantCulture)))
                ? approximate
                : Encoding.ASCII.GetString(text);
    }
}
