using System.Text;
using System.Text.RegularExpressions;
using SecretBridge.Reporting;

namespace SecretBridge.Configuration;

/// <summary>
/// Reads an environment file into one object: <c>NAME=value</c> lines, with <c>export</c> before or quotes around, and
/// comments. Nothing in a value is expanded. The last of two lines with one name counts, as it does for a shell.
/// </summary>
internal static partial class DotenvNodes
{
    /// <exception cref="BridgeException">A line is none of that (<see cref="FaultKind.InvalidConfiguration"/>).</exception>
    internal static ConfigNode Read(string text, string file)
    {
        var members = new List<ConfigMember>();
        string[] lines = text.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].TrimEnd('\r');
            int start = line.Length - line.TrimStart().Length;
            if (start == line.Length || line[start] == '#')
            {
                continue;
            }

            if (line.AsSpan(start).StartsWith("export "))
            {
                start += "export ".Length;
            }

            int equals = line.IndexOf('=', start);
            string name = equals < 0 ? "" : line[start..equals].Trim();
            if (!FieldName.IsVariable(name))
            {
                throw new FilePosition(i + 1, start + 1).Refuse(file,
                    "expected NAME=value, a # comment, or a JSON object that begins with {. Only JSON, YAML (.yaml, .yml) and environment files are read");
            }

            var position = new FilePosition(i + 1, equals + 2);
            members.RemoveAll(member => member.Name == name);
            members.Add(new(name, new(i + 1, start + 1), new(NodeKind.Text, position) { Text = Value(line[(equals + 1)..].TrimEnd(), position, file) }));
        }

        return new(NodeKind.Object, new(1, 1)) { Members = members };
    }

    private static string Value(string text, FilePosition position, string file)
    {
        string given = text.TrimStart();
        if (given is not ['"' or '\'', ..])
        {
            // A # that follows a blank begins a comment, also where no value stands before it.
            return Comment().Replace(text, "").Trim();
        }

        text = given;
        char quote = text[0];
        var value = new StringBuilder();
        for (int i = 1; i < text.Length; i++)
        {
            if (text[i] == quote)
            {
                return text[(i + 1)..].TrimStart() is "" or ['#', ..]
                    ? value.ToString()
                    : throw position.Refuse(file, "expected nothing but a comment after the closing quote");
            }

            bool isEscape = quote == '"' && text[i] == '\\' && i + 1 < text.Length && text[i + 1] is '"' or '\\' or '$';
            value.Append(isEscape ? text[++i] : text[i]);
        }

        throw position.Refuse(file, $"expected a closing {quote}");
    }

    [GeneratedRegex(@"[ \t]#.*\z")]
    private static partial Regex Comment();
}
