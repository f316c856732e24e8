using System.Text;
using SecretBridge.Reporting;

namespace SecretBridge.Stores.Snapshots;

/// <summary>Writes the latest values of a tree in plain text, to a file that its owner alone can read.</summary>
internal abstract class PlainSink : ISnapshotSink
{
    private readonly SnapshotFile _file;
    private StreamWriter? _text;

    private protected PlainSink(SnapshotFile file) => _file = file;

    private protected string Path => _file.Path;

    /// <exception cref="BridgeException">The file cannot be made.</exception>
    internal static PlainSink Create(string path, bool overwrite, PlainFormat format)
    {
        var file = SnapshotFile.Create(path, overwrite);
        return format switch
        {
            PlainFormat.Yaml => new PlainYaml(file),
            PlainFormat.DotEnv => new PlainDotEnv(file),
            _ => new PlainJsonText(file),
        };
    }

    public bool Write(SnapshotSecret secret)
    {
        if (secret.Latest is not { State: SecretState.Live, Payload: { } payload })
        {
            return false;
        }

        Put(text => Write(text, secret.Key, payload));
        return true;
    }

    public long Complete(SnapshotFacts facts)
    {
        Put(text =>
        {
            End(text);
            text.Flush();
        });
        return _file.Publish();
    }

    public void Dispose() => _file.Dispose();

    private protected abstract void Begin(TextWriter text);

    private protected abstract void Write(TextWriter text, string key, SecretPayload payload);

    private protected abstract void End(TextWriter text);

    private void Put(Action<TextWriter> put) => _file.Write(stream =>
    {
        if (_text is null)
        {
            _text = new(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
            Begin(_text);
        }

        put(_text);
    });
}
