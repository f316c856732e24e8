using System.Buffers;
using System.Text.Json;

namespace SecretBridge.Trees;

/// <summary>The lines of a journal, each a JSON object with a line feed after it. docs/journal.md describes them.</summary>
internal static class JournalLine
{
    internal const string Format = "secretbridge-copy-journal";
    internal const int Version = 1;

    /// <summary>The bytes with which every journal begins.</summary>
    internal static readonly byte[] Beginning = "{\"format\":\"secretbridge-copy-journal\""u8.ToArray();

    internal static byte[] Header(Guid run, DateTimeOffset time, string destination, string store, IReadOnlyDictionary<string, string> options) => Line(json =>
    {
        json.WriteString("format", Format);
        json.WriteNumber("version", Version);
        json.WriteString("run", run);
        json.WriteString("time", time);
        json.WriteString("destination", destination);
        json.WriteString("store", store);
        json.WriteStartObject("options");
        foreach ((string name, string value) in options)
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
    });

    internal static byte[] Resumed(DateTimeOffset time) => Line(json => json.WriteString("resumed", time));

    internal static byte[] Root(string uri) => Line(json => json.WriteString("root", uri));

    internal static byte[] Store(string root, string store) => Line(json =>
    {
        json.WriteString("from", root);
        json.WriteString("store", store);
    });

    internal static byte[] End(DateTimeOffset time, CopySummary summary) => Line(json =>
    {
        json.WriteString("end", time);
        json.WriteNumber("secrets", summary.Total);
        json.WriteNumber("failed", summary.Failed);
        json.WriteNumber("conflict", summary.Conflict);
    });

    internal static byte[] Secret(CopyResult row, JournalEntry entry) => Line(json =>
    {
        json.WriteString("source", row.Uri);
        json.WriteString("destination", row.Destination);
        json.WriteString("path", row.RelativePath);
        json.WriteString("action", entry.Action.ToString());
        Number(json, "sourceVersion", entry.SourceVersion);
        Number(json, "destinationVersion", entry.DestinationVersion);
        if (entry.VersionsCopied > 0)
        {
            json.WriteNumber("versionsCopied", entry.VersionsCopied);
        }

        Mark(json, "metadataChanged", entry.MetadataChanged);
        Mark(json, "verified", entry.Verified == true);
        Mark(json, "numberPrecision", entry.NumberPrecision);
        if (entry.Lossy.Count > 0)
        {
            json.WriteString("lossy", string.Join(' ', entry.Lossy));
        }

        Text(json, "requestId", row.RequestId);
        Text(json, "reason", entry.Reason);
        if (entry.Action == CopyAction.Deleted)
        {
            json.WriteString("sourceRoot", row.Root);
        }
    });

    /// <exception cref="FormatException">It is no line of a secret that this version writes.</exception>
    internal static (CopyResult Row, JournalEntry Entry) Secret(JsonElement line)
    {
        var row = new CopyResult
        {
            Uri = line.GetProperty("source").GetString()!,
            Destination = line.GetProperty("destination").GetString(),
            Root = OptionalText(line, "sourceRoot") ?? "",
            RelativePath = line.GetProperty("path").GetString()!,
            Action = Known<CopyAction>(line.GetProperty("action").GetString()!),
        };
        return (row, new(
            row.Action,
            OptionalNumber(line, "sourceVersion"),
            OptionalNumber(line, "destinationVersion"),
            OptionalNumber(line, "versionsCopied") ?? 0,
            line.TryGetProperty("metadataChanged", out _),
            line.TryGetProperty("verified", out _) ? true : null,
            line.TryGetProperty("numberPrecision", out _),
            OptionalText(line, "lossy")?.Split(' ').Select(Known<CopyLoss>).ToArray() ?? [],
            OptionalText(line, "reason")));
    }

    internal static string? OptionalText(JsonElement line, string name) => line.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    private static int? OptionalNumber(JsonElement line, string name) => line.TryGetProperty(name, out JsonElement value) ? value.GetInt32() : null;

    private static T Known<T>(string name)
        where T : struct, Enum => Enum.TryParse(name, out T value) && Enum.IsDefined(value) ? value : throw new FormatException($"'{name}' is not known.");

    private static void Number(Utf8JsonWriter json, string name, int? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }

    private static void Mark(Utf8JsonWriter json, string name, bool value)
    {
        if (value)
        {
            json.WriteBoolean(name, true);
        }
    }

    private static void Text(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    private static byte[] Line(Action<Utf8JsonWriter> write)
    {
        var bytes = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        bytes.Write("\n"u8);
        return bytes.WrittenSpan.ToArray();
    }
}
