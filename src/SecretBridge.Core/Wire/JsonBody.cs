using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SecretBridge.Wire;

/// <summary>Builds request bodies.</summary>
internal static class JsonBody
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ReadOnlyMemory<byte> Empty { get; } = "{}"u8.ToArray();

    public static ReadOnlyMemory<byte> Of(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    public static ReadOnlyMemory<byte> Of(params (string Name, string Value)[] members) => Of(writer =>
    {
        foreach ((string name, string value) in members)
        {
            writer.WriteString(name, value);
        }
    });
}
