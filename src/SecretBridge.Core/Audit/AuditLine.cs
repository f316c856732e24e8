using System.Buffers;
using System.Globalization;
using System.Text.Json;
using SecretBridge.Reporting;
using SecretBridge.Wire;

namespace SecretBridge.Audit;

/// <summary>One event as a line of JSON.</summary>
internal static class AuditLine
{
    /// <summary>The line of an event, with its line feed.</summary>
    internal static byte[] Format(AuditEvent auditEvent, string actor, DateTimeOffset time)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("time", time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
            json.WriteString("action", auditEvent.Action);
            json.WriteString("reference", auditEvent.Reference);
            json.WriteString("actor", auditEvent.Actor ?? actor);
            Optional(json, "workflow", auditEvent.Workflow);
            Optional(json, "backend", auditEvent.Backend);
            json.WriteStartObject("details");
            foreach ((string name, string value) in auditEvent.Details)
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The event of a line; null where the line is none.</summary>
    internal static BridgeAuditEvent? TryRead(ReadOnlyMemory<byte> line, string file, long number)
    {
        try
        {
            // Reading to the end finds what was cut off.
            var reader = new Utf8JsonReader(line.Span);
            while (reader.Read())
            {
            }

            JsonFields fields = JsonFields.Of(line);
            IReadOnlyDictionary<string, string> details = fields.Map("details");
            return fields.Time("time") is { } time && fields.Text("action") is { Length: > 0 } action && fields.Text("reference") is { } reference
                ? new()
                {
                    Uri = reference,
                    Time = time,
                    Action = action,
                    Actor = fields.Text("actor"),
                    Workflow = fields.Text("workflow"),
                    Backend = fields.Text("backend"),
                    RequestId = details.GetValueOrDefault(AuditEvent.RequestId),
                    CorrelationId = details.GetValueOrDefault(AuditEvent.CorrelationId),
                    Details = details,
                    File = file,
                    Line = number,
                }
                : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static void Optional(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }
}
