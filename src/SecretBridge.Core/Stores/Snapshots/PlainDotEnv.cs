using System.Text;
using SecretBridge.Reporting;

namespace SecretBridge.Stores.Snapshots;

/// <summary>
/// Lines <c>PATH_KEY="value"</c>, in capitals, with <c>_</c> for all that is no letter or digit. What is no text is written as JSON.
/// Two keys that would get one name end the export: the second would hide the first.
/// </summary>
internal sealed class PlainDotEnv(SnapshotFile file) : PlainSink(file)
{
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);

    private protected override void Begin(TextWriter text)
    {
    }

    private protected override void Write(TextWriter text, string key, SecretPayload payload)
    {
        text.WriteLine($"# {key}");
        foreach ((string member, SealedValue value) in payload.ToDictionary())
        {
            string name = Name($"{key}/{member}");
            if (!_names.TryAdd(name, key))
            {
                throw new BridgeException(FaultKind.MapCollision, key,
                    $"Keys of '{_names[name]}' and '{key}' would both be '{name}' in '{Path}', which was not written. Export a smaller tree, or another format.");
            }

            text.WriteLine($"{name}=\"{Escaped(value.Reveal() ?? "")}\"");
        }
    }

    private protected override void End(TextWriter text)
    {
    }

    private static string Name(string path)
    {
        var name = new StringBuilder(path.Length);
        foreach (char c in path)
        {
            name.Append(char.IsAsciiLetterOrDigit(c) ? char.ToUpperInvariant(c) : '_');
        }

        return char.IsAsciiDigit(name[0]) ? "_" + name : name.ToString();
    }

    // As this module reads them: nothing is expanded, and a line stays a line.
    private static string Escaped(string value) => value
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("$", "\\$", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal)
        .Replace("\r", "\\r", StringComparison.Ordinal)
        .Replace("\t", "\\t", StringComparison.Ordinal);
}
