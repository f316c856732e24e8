using System.Globalization;
using System.Text;

namespace SecretBridge.Policies;

/// <summary>Reads that part of HCL which policies are written in: path blocks with assignments of texts, lists and objects.</summary>
internal sealed class HclReader(string text)
{
    // Policies nest twice. Whoever writes thousands of brackets must not end the process.
    private const int Deepest = 64;

    private int _at;
    private int _depth;

    /// <exception cref="FormatException">It is something else; the message names the line.</exception>
    internal IReadOnlyList<PolicyLine> ReadPolicy()
    {
        var lines = new List<PolicyLine>();
        while (Peek() != '\0' || _at < text.Length)
        {
            int start = _at;
            switch (Name())
            {
                case "path":
                    lines.Add(Block());
                    break;
                case "name":
                    Take('=');
                    Value();
                    break;
                default:
                    _at = start;
                    throw Wrong("only 'path \"…\" { … }' is expected");
            }
        }

        return lines;
    }

    private PolicyLine Block()
    {
        int start = _at;
        string path = Name();
        Skip('=');
        try
        {
            return PolicyLine.Of(path, Members());
        }
        catch (FormatException exception) when (!exception.Message.StartsWith("line ", StringComparison.Ordinal))
        {
            _at = start;
            throw Wrong(exception.Message);
        }
    }

    private List<KeyValuePair<string, IReadOnlyList<string>>> Members()
    {
        var members = new List<KeyValuePair<string, IReadOnlyList<string>>>();
        Take('{');
        while (Peek() != '}')
        {
            string name = Name();
            Skip('=');
            members.Add(new(name, Value()));
            Skip(',');
        }

        Take('}');
        return members;
    }

    // What stands in an object only constrains parameters, of which the server does not tell: it is read over.
    private List<string> Value()
    {
        if (_depth == Deepest)
        {
            throw Wrong("it nests too deep");
        }

        _depth++;
        List<string> value = ValueHere();
        _depth--;
        return value;
    }

    private List<string> ValueHere()
    {
        switch (Peek())
        {
            case '{':
                Members();
                return [];
            case '[':
                var items = new List<string>();
                Take('[');
                while (Peek() != ']')
                {
                    items.AddRange(Value());
                    Skip(',');
                }

                Take(']');
                return items;
            default:
                return [Name()];
        }
    }

    private string Name() => Peek() == '"' ? Quoted() : Word();

    private string Word()
    {
        int start = _at;
        while (_at < text.Length && (char.IsLetterOrDigit(text[_at]) || text[_at] is '_' or '-' or '.'))
        {
            _at++;
        }

        return _at > start ? text[start.._at] : throw Wrong(_at < text.Length ? $"'{Wire.PathSegment.Printable(text[_at].ToString())}' is not expected" : "it ends too early");
    }

    private string Quoted()
    {
        var quoted = new StringBuilder();
        for (_at++; _at < text.Length && text[_at] is not ('"' or '\n'); _at++)
        {
            if (text[_at] == '\\')
            {
                quoted.Append(Escape());
            }
            else
            {
                quoted.Append(text[_at]);
            }
        }

        if (_at >= text.Length || text[_at] != '"')
        {
            throw Wrong("'\"' is expected");
        }

        _at++;
        return quoted.ToString();
    }

    private string Escape()
    {
        char letter = ++_at < text.Length ? text[_at] : throw Wrong("it ends too early");
        int digits = letter switch { 'u' => 4, 'U' => 8, 'x' => 2, _ => 0 };
        if (digits == 0)
        {
            return letter switch
            {
                'n' => "\n",
                't' => "\t",
                'r' => "\r",
                '"' or '\\' => letter.ToString(),
                _ => throw Wrong($"'\\{letter}' is no escape"),
            };
        }

        if (_at + digits >= text.Length || !int.TryParse(text.AsSpan(_at + 1, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int code) || !Rune.IsValid(code))
        {
            throw Wrong($"'\\{letter}' is not followed by a character's number");
        }

        _at += digits;
        return new Rune(code).ToString();
    }

    private void Take(char wanted)
    {
        if (Peek() != wanted)
        {
            throw Wrong($"'{wanted}' is expected");
        }

        _at++;
    }

    private void Skip(char maybe)
    {
        if (Peek() == maybe)
        {
            _at++;
        }
    }

    // The next character that is neither space nor comment; NUL at the end.
    private char Peek()
    {
        while (_at < text.Length)
        {
            ReadOnlySpan<char> rest = text.AsSpan(_at);
            if (char.IsWhiteSpace(rest[0]))
            {
                _at++;
            }
            else if (rest[0] == '#' || rest.StartsWith("//"))
            {
                _at = rest.IndexOf('\n') is >= 0 and var end ? _at + end : text.Length;
            }
            else if (rest.StartsWith("/*"))
            {
                _at = rest[2..].IndexOf("*/") is >= 0 and var end ? _at + end + 4 : throw Wrong("a comment does not end");
            }
            else
            {
                return rest[0];
            }
        }

        return '\0';
    }

    private FormatException Wrong(string what) =>
        new(FormattableString.Invariant($"line {text.AsSpan(0, Math.Min(_at, text.Length)).Count('\n') + 1}: {what}"));
}
