using System.Text;
using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace SecretBridge.Stores.Snapshots;

/// <summary>One YAML mapping whose names are the paths. All texts are in quotes, so that no reader takes one for something else.</summary>
internal sealed class PlainYaml(SnapshotFile file) : PlainSink(file)
{
    private Emitter? _yaml;

    private protected override void Begin(TextWriter text)
    {
        _yaml = new(text);
        _yaml.Emit(new StreamStart());
        _yaml.Emit(new DocumentStart());
        Open();
    }

    private protected override void Write(TextWriter text, string key, SecretPayload payload)
    {
        Text(key);
        var reader = new Utf8JsonReader(payload.Json.Span, JsonIndex.Options);
        while (reader.Read())
        {
            Emit(ref reader);
        }
    }

    private protected override void End(TextWriter text)
    {
        _yaml!.Emit(new MappingEnd());
        _yaml.Emit(new DocumentEnd(isImplicit: true));
        _yaml.Emit(new StreamEnd());
    }

    private void Emit(ref Utf8JsonReader json)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.StartObject:
                Open();
                break;
            case JsonTokenType.StartArray:
                _yaml!.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, SequenceStyle.Block));
                break;
            case JsonTokenType.EndObject:
                _yaml!.Emit(new MappingEnd());
                break;
            case JsonTokenType.EndArray:
                _yaml!.Emit(new SequenceEnd());
                break;
            case JsonTokenType.PropertyName or JsonTokenType.String:
                Text(json.GetString()!);
                break;
            default:
                _yaml!.Emit(new Scalar(AnchorName.Empty, TagName.Empty, Encoding.UTF8.GetString(json.ValueSpan), ScalarStyle.Plain, true, false));
                break;
        }
    }

    private void Open() => _yaml!.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, isImplicit: true, MappingStyle.Block));

    private void Text(string text) => _yaml!.Emit(new Scalar(AnchorName.Empty, TagName.Empty, text, ScalarStyle.DoubleQuoted, false, true));
}
