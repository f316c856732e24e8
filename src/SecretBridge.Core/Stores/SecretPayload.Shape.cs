using System.Buffers;
using System.Text.Json;

namespace SecretBridge.Stores;

public sealed partial class SecretPayload
{
    /// <summary>This payload's keys, nested as they are, with null for every value that is no object with keys. As servers tell it.</summary>
    internal SecretPayload Shape()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = Relaxed.Encoder, MaxDepth = JsonIndex.Options.MaxDepth }))
        {
            writer.WriteStartObject();
            WriteShape(writer, IsNull ? "{}"u8 : _json.Span);
            writer.WriteEndObject();
        }

        return new(buffer.WrittenMemory);
    }

    private static void WriteShape(Utf8JsonWriter writer, ReadOnlySpan<byte> json)
    {
        foreach ((string name, Range range) in JsonIndex.Members(json))
        {
            ReadOnlySpan<byte> value = json[range];
            if (value is [(byte)'{', ..] && JsonIndex.Members(value).Count > 0)
            {
                writer.WriteStartObject(name);
                WriteShape(writer, value);
                writer.WriteEndObject();
            }
            else
            {
                writer.WriteNull(name);
            }
        }
    }
}
