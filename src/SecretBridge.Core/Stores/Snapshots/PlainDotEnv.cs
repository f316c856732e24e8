using System.Text;
using System.Text.RegularExpressions;
using SecretBridge.Reporting;

namespace SecretBridge.Stores.Snapshots;

/// <summary>
/// Lines <c>PATH_KEY='value'</c>, in capitals, with <c>_</c> for all that is no letter or digit, as a POSIX shell reads them. What is
/// no text is written as JSON. Two keys that would get one name end the export: the second would hide the first.
/// </summary>
internal sealed partial class PlainDotEnv(SnapshotFile file) : PlainSink(file)
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

            text.WriteLine($"{name}={Quoted(value.Reveal() ?? "", key)}");
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

    // In single quotes nothing means anything else, to shells and to most that read such files. What holds one stands in double
    // quotes, where a shell would else expand $ and run what stands in backticks.
    private string Quoted(string value, string key) =>
        value.Contains('\0', StringComparison.Ordinal)
            ? throw new BridgeException(FaultKind.DestinationCannotHold, key,
                $"A value of '{key}' holds the character U+0000, which no variable can hold. '{Path}' was not written. Export without it, or another format.")
        : !value.Contains('\'', StringComparison.Ordinal) ? $"'{value}'"
        : $"\"{Special().Replace(value, @"\$0")}\"";

    [GeneratedRegex(@"[\\""$`]")]
    private static partial Regex Special();
}
