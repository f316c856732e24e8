using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;
using SecretBridge.Reporting;
using SecretBridge.Stores.Sealed;

namespace SecretBridge.Stores.Snapshots;

/// <summary>
/// A secret as bytes: the length of the key, the key, the length of a JSON head, the head, and after it the values of the live
/// versions, whose lengths the head tells. Before it stands the length of all that.
/// </summary>
internal static class SnapshotRecord
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 4 };

    internal static byte[] Encode(SnapshotSecret secret)
    {
        byte[] key = Encoding.UTF8.GetBytes(secret.Key);
        ReadOnlySpan<byte> head = Head(secret).WrittenSpan;
        int values = secret.Versions.Sum(version => version.Payload?.Length ?? 0);
        byte[] record = new byte[12 + key.Length + head.Length + values];
        Span<byte> rest = record;
        rest = PutLength(rest, record.Length - 4);
        rest = Put(PutLength(rest, key.Length), key);
        rest = Put(PutLength(rest, head.Length), head);
        foreach (SnapshotVersion version in secret.Versions)
        {
            rest = Put(rest, version.Payload is { } payload ? payload.Json.Span : []);
        }

        return record;
    }

    /// <summary>Takes the records of a frame apart, without looking at more than their keys.</summary>
    /// <exception cref="FormatException">It holds something else.</exception>
    internal static List<(string Key, ReadOnlyMemory<byte> Body)> Split(ReadOnlyMemory<byte> plain)
    {
        var records = new List<(string, ReadOnlyMemory<byte>)>();
        while (!plain.IsEmpty)
        {
            ReadOnlyMemory<byte> record = Take(ref plain);
            ReadOnlyMemory<byte> key = Take(ref record);
            records.Add((Encoding.UTF8.GetString(key.Span), record));
        }

        return records;
    }

    /// <exception cref="BridgeException">It is none of version 1, though it was sealed with the right key.</exception>
    internal static SnapshotSecret Decode(string key, ReadOnlyMemory<byte> body, string path)
    {
        try
        {
            ReadOnlyMemory<byte> head = Take(ref body);
            using var document = JsonDocument.Parse(head, Strict);
            JsonElement root = document.RootElement;
            if (root.TryGetProperty("unreadable", out JsonElement unreadable))
            {
                return new() { Key = key, Unreadable = Enum.Parse<FaultKind>(unreadable.GetString() ?? "") };
            }

            var versions = new List<SnapshotVersion>();
            foreach (JsonElement version in root.GetProperty("versions").EnumerateArray())
            {
                versions.Add(VersionOf(version, ref body));
            }

            return body.IsEmpty
                ? new() { Key = key, Metadata = root.TryGetProperty("metadata", out JsonElement metadata) ? MetadataOf(metadata) : null, Versions = versions }
                : throw new FormatException();
        }
        catch (Exception exception) when (IsForeign(exception))
        {
            throw SealedFileFault.Damaged(path, "a secret in it is not of this format, though it was sealed with the right key");
        }
    }

    internal static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    internal static DateTimeOffset Time(JsonElement text) =>
        DateTimeOffset.Parse(text.GetString() ?? "", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    /// <summary>Whether a failure means that what was read is not of this format.</summary>
    internal static bool IsForeign(Exception exception) =>
        exception is JsonException or FormatException or InvalidOperationException or KeyNotFoundException or ArgumentException or OverflowException;

    /// <summary>Cuts off what stands behind its length.</summary>
    internal static ReadOnlyMemory<byte> Take(ref ReadOnlyMemory<byte> from)
    {
        int length = from.Length < 4 ? -1 : BinaryPrimitives.ReadInt32LittleEndian(from.Span);
        if (length < 0 || length > from.Length - 4)
        {
            throw new FormatException();
        }

        ReadOnlyMemory<byte> taken = from.Slice(4, length);
        from = from[(4 + length)..];
        return taken;
    }

    private static Span<byte> PutLength(Span<byte> rest, int length)
    {
        BinaryPrimitives.WriteInt32LittleEndian(rest, length);
        return rest[4..];
    }

    private static Span<byte> Put(Span<byte> rest, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(rest);
        return rest[bytes.Length..];
    }

    private static ArrayBufferWriter<byte> Head(SnapshotSecret secret)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = SecretPayload.Relaxed.Encoder });
        json.WriteStartObject();
        if (secret.Unreadable is { } kind)
        {
            json.WriteString("unreadable", kind.ToString());
        }

        if (secret.Metadata is { } metadata)
        {
            json.WritePropertyName("metadata");
            WriteMetadata(json, metadata);
        }

        json.WriteStartArray("versions");
        foreach (SnapshotVersion version in secret.Versions)
        {
            json.WriteStartObject();
            json.WriteNumber("number", version.Number);
            json.WriteString("state", version.State.ToString());
            WriteTime(json, "created", version.CreatedTime);
            WriteTime(json, "deleted", version.DeletionTime);
            json.WriteNumber("length", version.Payload?.Length ?? 0);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return buffer;
    }

    private static void WriteMetadata(Utf8JsonWriter json, SecretMetadata metadata)
    {
        json.WriteStartObject();
        json.WriteNumber("current", metadata.CurrentVersion);
        json.WriteNumber("oldest", metadata.OldestVersion);
        json.WriteNumber("max_versions", metadata.MaxVersions);
        json.WriteBoolean("cas_required", metadata.CheckAndSetRequired);
        json.WriteString("delete_version_after", metadata.DeleteVersionAfter.ToString("c", CultureInfo.InvariantCulture));
        json.WriteBoolean("takes_custom", metadata.TakesCustomMetadata);
        WriteTime(json, "created", metadata.CreatedTime);
        WriteTime(json, "updated", metadata.UpdatedTime);
        json.WriteStartObject("custom");
        foreach ((string name, string value) in metadata.CustomMetadata.OrderBy(pair => pair.Key, Utf8Order.Instance))
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is { } given)
        {
            json.WriteString(name, Text(given));
        }
    }

    private static SnapshotVersion VersionOf(JsonElement version, ref ReadOnlyMemory<byte> values)
    {
        SecretState state = Enum.Parse<SecretState>(version.GetProperty("state").GetString() ?? "");
        int length = version.GetProperty("length").GetInt32();
        SecretPayload? payload = state == SecretState.Live ? PayloadOf(values[..length]) : null;
        values = values[length..];
        return new(version.GetProperty("number").GetInt32(), state, payload)
        {
            CreatedTime = TimeOf(version, "created"),
            DeletionTime = TimeOf(version, "deleted"),
        };
    }

    // It was a payload when it was sealed; a reader must not find out otherwise where it is used.
    private static SecretPayload PayloadOf(ReadOnlyMemory<byte> json)
    {
        var reader = new Utf8JsonReader(json.Span, JsonIndex.Options);
        if (!reader.Read() || reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.Null))
        {
            throw new FormatException();
        }

        while (reader.Read())
        {
        }

        return SecretPayload.FromReply(json);
    }

    private static SecretMetadata MetadataOf(JsonElement metadata) => new()
    {
        CurrentVersion = metadata.GetProperty("current").GetInt32(),
        OldestVersion = metadata.GetProperty("oldest").GetInt32(),
        MaxVersions = metadata.GetProperty("max_versions").GetInt32(),
        CheckAndSetRequired = metadata.GetProperty("cas_required").GetBoolean(),
        DeleteVersionAfter = TimeSpan.ParseExact(metadata.GetProperty("delete_version_after").GetString() ?? "", "c", CultureInfo.InvariantCulture),
        TakesCustomMetadata = metadata.GetProperty("takes_custom").GetBoolean(),
        CreatedTime = TimeOf(metadata, "created"),
        UpdatedTime = TimeOf(metadata, "updated"),
        CustomMetadata = metadata.GetProperty("custom").EnumerateObject()
            .ToDictionary(pair => pair.Name, pair => pair.Value.GetString() ?? "", StringComparer.Ordinal),
    };

    private static DateTimeOffset? TimeOf(JsonElement element, string name) => element.TryGetProperty(name, out JsonElement time) ? Time(time) : null;
}
