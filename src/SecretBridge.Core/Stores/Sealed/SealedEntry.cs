using System.Buffers;
using System.Globalization;
using System.Text.Json;
using SecretBridge.Reporting;

namespace SecretBridge.Stores.Sealed;

/// <summary>One secret of a sealed file: its metadata, and its payload still sealed.</summary>
internal sealed record SealedEntry
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 3 };

    internal required SecretPath Path { get; init; }

    /// <summary>The version, from 1; 0 where there is only metadata.</summary>
    internal required int Version { get; init; }

    internal required DateTimeOffset Created { get; init; }

    internal required DateTimeOffset Updated { get; init; }

    internal IReadOnlyDictionary<string, string> Custom { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    internal required SealedData Data { get; init; }

    internal byte[] MetadataJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = SecretPayload.Relaxed.Encoder }))
        {
            json.WriteStartObject();
            json.WriteString("name", Path.Value);
            json.WriteNumber("version", Version);
            json.WriteString("created", Text(Created));
            json.WriteString("updated", Text(Updated));
            json.WriteStartObject("custom");
            foreach ((string key, string value) in Custom.OrderBy(pair => pair.Key, Utf8Order.Instance))
            {
                json.WriteString(key, value);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Makes an entry of its opened metadata. Whoever sealed it had the key, yet may have been faulty.</summary>
    internal static SealedEntry Parse(ReadOnlyMemory<byte> metadata, SealedData data, string file)
    {
        try
        {
            using var document = JsonDocument.Parse(metadata, Strict);
            JsonElement root = document.RootElement;
            var entry = new SealedEntry
            {
                Path = SecretPath.Parse(root.GetProperty("name").GetString() ?? ""),
                Version = root.GetProperty("version").GetInt32(),
                Created = Time(root.GetProperty("created")),
                Updated = Time(root.GetProperty("updated")),
                Custom = root.GetProperty("custom").EnumerateObject()
                    .ToDictionary(pair => pair.Name, pair => pair.Value.GetString() ?? "", StringComparer.Ordinal),
                Data = data,
            };
            return entry.Path.IsRoot || entry.Version < 0 ? throw new FormatException() : entry;
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException or KeyNotFoundException
            or ArgumentException or BridgeException)
        {
            throw SealedFileFault.Damaged(file, "the metadata of an entry is not of this format, though it was sealed with the right key");
        }
    }

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    private static DateTimeOffset Time(JsonElement text) =>
        DateTimeOffset.Parse(text.GetString() ?? "", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
}
