using System.Text;
using System.Text.Json;

namespace SecretBridge.Stores.Snapshots;

/// <summary>One JSON object whose names are the paths. Each secret stands in it as the server sent it.</summary>
internal sealed class PlainJsonText(SnapshotFile file) : PlainSink(file)
{
    private bool _hasAny;

    private protected override void Begin(TextWriter text) => text.Write('{');

    private protected override void Write(TextWriter text, string key, SecretPayload payload)
    {
        text.Write(_hasAny ? ",\n  " : "\n  ");
        text.Write(JsonSerializer.Serialize(key, SecretPayload.Relaxed));
        text.Write(": ");
        text.Write(Encoding.UTF8.GetString(payload.Json.Span));
        _hasAny = true;
    }

    private protected override void End(TextWriter text) => text.Write(_hasAny ? "\n}\n" : "}\n");
}
