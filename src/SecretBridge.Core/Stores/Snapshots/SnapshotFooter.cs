using System.Buffers;
using System.Globalization;
using System.Text.Json;
using SecretBridge.Reporting;
using SecretBridge.Stores.Sealed;

namespace SecretBridge.Stores.Snapshots;

/// <summary>The last frame of an archive. It commits the archive to what comes before it.</summary>
/// <param name="Facts">What is known of the snapshot.</param>
/// <param name="Frames">How many frames of secrets there are.</param>
/// <param name="IndexFrames">How many frames of the index follow them.</param>
/// <param name="IndexOffset">Where the index begins.</param>
/// <param name="Offset">Where this frame begins.</param>
internal sealed record SnapshotFooter(SnapshotFacts Facts, long Frames, long IndexFrames, long IndexOffset, long Offset)
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 3 };

    internal byte[] ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = SecretPayload.Relaxed.Encoder }))
        {
            json.WriteStartObject();
            json.WriteNumber("frames", Frames);
            json.WriteNumber("index_frames", IndexFrames);
            json.WriteNumber("index_offset", IndexOffset);
            json.WriteNumber("offset", Offset);
            json.WriteString("uri", Facts.Uri);
            json.WriteString("time", SnapshotRecord.Text(Facts.Time));
            json.WriteNumber("capabilities", (int)Facts.Capabilities);
            json.WriteBoolean("history", Facts.HasHistory);
            json.WriteNumber("secrets", Facts.Secrets);
            json.WriteNumber("versions", Facts.Versions);
            json.WriteNumber("unreadable", Facts.Unreadable);
            if (Facts.Settings is { } settings)
            {
                json.WriteStartObject("settings");
                json.WriteNumber("max_versions", settings.MaxVersions ?? 0);
                json.WriteBoolean("cas_required", settings.CheckAndSetRequired ?? false);
                json.WriteString("delete_version_after", (settings.DeleteVersionAfter ?? default).ToString("c", CultureInfo.InvariantCulture));
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <exception cref="BridgeException">It is none of version 1.</exception>
    internal static SnapshotFooter Parse(byte[] plain, string path)
    {
        try
        {
            using var document = JsonDocument.Parse(plain, Strict);
            JsonElement root = document.RootElement;
            return new(
                new()
                {
                    Uri = root.GetProperty("uri").GetString() ?? "",
                    Time = SnapshotRecord.Time(root.GetProperty("time")),
                    Capabilities = (StoreCapabilities)root.GetProperty("capabilities").GetInt32() & SnapshotFacts.Kept,
                    HasHistory = root.GetProperty("history").GetBoolean(),
                    Secrets = root.GetProperty("secrets").GetInt64(),
                    Versions = root.GetProperty("versions").GetInt64(),
                    Unreadable = root.GetProperty("unreadable").GetInt64(),
                    Settings = root.TryGetProperty("settings", out JsonElement settings) ? SettingsOf(settings) : null,
                },
                root.GetProperty("frames").GetInt64(),
                root.GetProperty("index_frames").GetInt64(),
                root.GetProperty("index_offset").GetInt64(),
                root.GetProperty("offset").GetInt64());
        }
        catch (Exception exception) when (SnapshotRecord.IsForeign(exception))
        {
            throw SealedFileFault.Damaged(path, "its last part is not of this format, though it was sealed with the right key");
        }
    }

    private static MountSettings SettingsOf(JsonElement settings) => new()
    {
        MaxVersions = settings.GetProperty("max_versions").GetInt32(),
        CheckAndSetRequired = settings.GetProperty("cas_required").GetBoolean(),
        DeleteVersionAfter = TimeSpan.ParseExact(settings.GetProperty("delete_version_after").GetString() ?? "", "c", CultureInfo.InvariantCulture),
    };
}
