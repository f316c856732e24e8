using System.Globalization;
using System.Text.Json;

namespace SecretBridge.Wire;

/// <summary>The requests that ScaiVault's migration guide documents. There are no others: what is not here is never sent.</summary>
internal static class ScaiVaultRequests
{
    private const string Backends = "federation/backends";

    public static VaultRequest Read(string path) => new() { Method = HttpMethod.Get, Path = "secrets/" + path, IsSecret = true };

    /// <summary>Writes a secret.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="payload">The payload, an object of JSON.</param>
    /// <param name="tags">Tags; null to say nothing of metadata.</param>
    /// <param name="description">A description; null for none.</param>
    /// <param name="maxVersions">How many versions to keep; null to say nothing of it.</param>
    public static VaultRequest Write(string path, ReadOnlySpan<byte> payload, IReadOnlyList<string>? tags, string? description, int? maxVersions)
    {
        byte[] data = payload.ToArray();
        return new()
        {
            Method = HttpMethod.Put,
            Path = "secrets/" + path,
            IsSecret = true,
            Retry = RetryRule.Write,
            Body = JsonBody.Of(writer =>
            {
                writer.WritePropertyName("data"u8);
                writer.WriteRawValue(data, skipInputValidation: true);
                writer.WriteString("secret_type"u8, "json"u8);
                WriteMetadata(writer, tags, description);
                if (maxVersions is { } most)
                {
                    writer.WriteStartObject("options"u8);
                    writer.WriteNumber("max_versions"u8, most);
                    writer.WriteEndObject();
                }
            }),
        };
    }

    /// <summary>Makes a federation backend.</summary>
    public static VaultRequest CreateBackend(string name, string type, Action<Utf8JsonWriter> config, IEnumerable<KeyValuePair<string, string>> pathMapping, string mode) => new()
    {
        Method = HttpMethod.Post,
        Path = Backends,
        Retry = RetryRule.Write,
        Body = JsonBody.Of(writer =>
        {
            writer.WriteString("name"u8, name);
            writer.WriteString("type"u8, type);
            writer.WriteStartObject("config"u8);
            config(writer);
            writer.WriteEndObject();
            writer.WriteStartObject("path_mapping"u8);
            foreach ((string source, string destination) in pathMapping)
            {
                writer.WriteString(source, destination);
            }

            writer.WriteEndObject();
            writer.WriteString("mode"u8, mode);
        }),
    };

    /// <summary>Changes a federation backend; what is null is not sent. An interval of digits goes as a number.</summary>
    public static VaultRequest ChangeBackend(string id, string? mode, string? syncInterval, string? conflictResolution) => new()
    {
        Method = HttpMethod.Patch,
        Path = Backends + "/" + id,
        Body = JsonBody.Of(writer =>
        {
            WriteText(writer, "mode", mode);
            if (long.TryParse(syncInterval, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds))
            {
                writer.WriteNumber("sync_interval"u8, seconds);
            }
            else
            {
                WriteText(writer, "sync_interval", syncInterval);
            }

            WriteText(writer, "conflict_resolution", conflictResolution);
        }),
    };

    /// <summary>Asks for what an identity has done.</summary>
    public static VaultRequest AuditLogs(string identityId, DateTimeOffset? from) => new()
    {
        Method = HttpMethod.Get,
        Path = "audit/logs",
        Query = "identity_id=" + Uri.EscapeDataString(identityId)
            + (from is { } time ? "&from=" + Uri.EscapeDataString(time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)) : ""),
    };

    private static void WriteText(Utf8JsonWriter writer, string name, string? text)
    {
        if (text is not null)
        {
            writer.WriteString(name, text);
        }
    }

    private static void WriteMetadata(Utf8JsonWriter writer, IReadOnlyList<string>? tags, string? description)
    {
        if (tags is null && description is null)
        {
            return;
        }

        writer.WriteStartObject("metadata"u8);
        writer.WriteStartArray("tags"u8);
        foreach (string tag in tags ?? [])
        {
            writer.WriteStringValue(tag);
        }

        writer.WriteEndArray();
        if (description is not null)
        {
            writer.WriteString("description"u8, description);
        }

        writer.WriteEndObject();
    }
}
