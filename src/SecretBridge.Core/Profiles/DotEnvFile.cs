using System.Text;
using System.Text.RegularExpressions;
using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Profiles;

/// <summary>
/// Reads the text of a dotenv file: <c>NAME=value</c> lines, <c>export</c> before them, comments, quotes. Text in single quotes is taken as
/// it is; in double quotes <c>\n \r \t \" \\ \$ \`</c> are escapes; both may span lines. Nothing is expanded: a <c>$</c> is a <c>$</c>.
/// A <c>#</c> after a blank begins a comment.
/// </summary>
public static partial class DotEnvFile
{
    /// <summary>The values by name, in their order.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="target">The file's name, for errors.</param>
    /// <exception cref="BridgeException">A line is not of this form, or a name comes twice. The message tells the line's number, never its text.</exception>
    public static IReadOnlyDictionary<string, SealedValue> Parse(string text, string target)
    {
        ArgumentNullException.ThrowIfNull(text);
        var values = new Dictionary<string, SealedValue>(StringComparer.Ordinal);
        var reader = new Reader(text.TrimStart('\uFEFF'), target);
        while (reader.Next(out string name, out string value))
        {
            if (!values.TryAdd(name, SealedValue.FromText(value)))
            {
                throw reader.Refuse($"the name '{name}' comes a second time");
            }
        }

        return values;
    }

    [GeneratedRegex(@"\G[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_.\-]*)[ \t]*=[ \t]*")]
    private static partial Regex Assignment();

    [GeneratedRegex(@"\G[ \t\r]*(?:#[^\n]*)?(?:\n|\z)")]
    private static partial Regex Rest();

    [GeneratedRegex(@"[ \t]#.*$")]
    private static partial Regex Comment();

    private sealed class Reader(string text, string target)
    {
        private int _at;
        private int _start;

        internal bool Next(out string name, out string value)
        {
            while (_at < text.Length && Rest().Match(text, _at) is { Success: true, Length: > 0 } blank)
            {
                _at += blank.Length;
            }

            (name, value, _start) = ("", "", _at);
            if (_at >= text.Length)
            {
                return false;
            }

            Match assignment = Assignment().Match(text, _at);
            if (!assignment.Success)
            {
                throw Refuse("it is not of the form NAME=value");
            }

            name = assignment.Groups[1].Value;
            _at += assignment.Length;
            value = _at < text.Length && text[_at] is '"' or '\'' ? Quoted(text[_at]) : Bare();
            return true;
        }

        internal BridgeException Refuse(string flaw) => new(FaultKind.InvalidProfile, target,
            $"The dotenv file '{target}' cannot be read: in line {text.AsSpan(0, Math.Min(_start, text.Length)).Count('\n') + 1} {flaw}.");

        private string Bare()
        {
            int end = text.IndexOf('\n', _at);
            string line = text[_at..(end < 0 ? text.Length : end)];
            bool isApart = text[_at - 1] is ' ' or '\t';
            _at = end < 0 ? text.Length : end + 1;
            return !line.StartsWith('#') ? Comment().Replace(line.TrimEnd('\r'), "").Trim()
                : isApart ? ""
                : throw Refuse("a value begins with '#', which some take for a comment and others for a part of it; put it in quotes, or a space before a comment");
        }

        private string Quoted(char quote)
        {
            var value = new StringBuilder();
            for (_at++; _at < text.Length && text[_at] != quote; _at++)
            {
                bool isEscape = quote == '"' && text[_at] == '\\' && _at + 1 < text.Length;
                value.Append(isEscape ? Unescaped(text[++_at]) : text[_at].ToString());
            }

            if (_at >= text.Length)
            {
                throw Refuse("a quote begins that never ends");
            }

            Match rest = Rest().Match(text, ++_at);
            _at += rest.Success ? rest.Length : throw Refuse("something follows the closing quote");
            return value.ToString();
        }

        private static string Unescaped(char escape) => escape switch
        {
            'n' => "\n",
            'r' => "\r",
            't' => "\t",
            '"' or '\\' or '$' or '`' => escape.ToString(),
            _ => "\\" + escape,
        };
    }
}
