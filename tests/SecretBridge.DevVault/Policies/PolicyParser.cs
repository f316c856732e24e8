using System.Globalization;
using System.Text;
using System.Text.Json;

namespace SecretBridge.DevVault;

/// <summary>Reads the part of HCL that policies are written in: path blocks, and assignments in them.</summary>
internal sealed class PolicyParser
{
    private readonly string _text;
    private readonly VaultFlavour _flavour;
    private int _at;

    private PolicyParser(string text, VaultFlavour flavour)
    {
        _text = text;
        _flavour = flavour;
    }

    public static IReadOnlyList<PathRule> Parse(string text, VaultFlavour flavour)
    {
        if (text.TrimStart().StartsWith('{'))
        {
            return ParseJson(text, flavour);
        }
        return new PolicyParser(text, flavour).ParseRules();
    }

    private static List<PathRule> ParseJson(string text, VaultFlavour flavour)
    {
        using JsonDocument document = ParseDocument(text);
        var rules = new List<PathRule>();
        if (!document.RootElement.TryGetProperty("path", out JsonElement paths))
        {
            return rules;
        }
        IEnumerable<JsonElement> groups = paths.ValueKind == JsonValueKind.Array ? paths.EnumerateArray() : [paths];
        foreach (JsonProperty block in groups.SelectMany(group => group.EnumerateObject()))
        {
            var fields = new RequestFields(block.Value, flavour);
            rules.Add(Rule(block.Name, fields.Strings("capabilities"), fields.Text("policy"), fields.Int("pagination_limit"), flavour));
        }
        return rules;
    }

    private static JsonDocument ParseDocument(string text)
    {
        try
        {
            return JsonDocument.Parse(text);
        }
        catch (JsonException)
        {
            throw Failed("not valid JSON");
        }
    }

    private List<PathRule> ParseRules()
    {
        var rules = new List<PathRule>();
        while (Peek() != '\0')
        {
            string word = Word();
            if (word == "name")
            {
                Expect('=');
                Value();
                continue;
            }
            if (word != "path")
            {
                throw Failed($"invalid key \"{word}\" on line {Line()}");
            }
            rules.Add(ParseBlock(QuotedOrWord()));
        }
        return rules;
    }

    private PathRule ParseBlock(string path)
    {
        if (Peek() == '=')
        {
            Expect('=');
        }
        Expect('{');
        IReadOnlyList<string>? capabilities = null;
        string? shorthand = null;
        int? limit = null;
        while (Peek() != '}')
        {
            string key = QuotedOrWord();
            if (Peek() == '=')
            {
                Expect('=');
            }
            List<string> value = Value();
            switch (key)
            {
                case "capabilities":
                    capabilities = value;
                    break;
                case "policy":
                    shorthand = value[0];
                    break;
                case "pagination_limit" when _flavour == VaultFlavour.OpenBao:
                    limit = int.Parse(value[0], CultureInfo.InvariantCulture);
                    break;
                case "allowed_parameters" or "denied_parameters" or "required_parameters" or "comment"
                    or "min_wrapping_ttl" or "max_wrapping_ttl" or "mfa_methods" or "expiration" or "list_scan_response_keys_filter_path":
                    break;
                default:
                    throw Failed($"path \"{path}\": invalid key \"{key}\" on line {Line()}");
            }
            if (Peek() == ',')
            {
                _at++;
            }
        }
        Expect('}');
        return Rule(path, capabilities, shorthand, limit, _flavour);
    }

    private static PathRule Rule(string path, IReadOnlyList<string>? names, string? shorthand, int? limit, VaultFlavour flavour)
    {
        if (path.Contains("+*", StringComparison.Ordinal))
        {
            throw Failed($"path \"{path}\": invalid use of wildcards ('+*' is forbidden)");
        }
        names ??= shorthand switch
        {
            "read" => ["read", "list"],
            "write" => ["create", "read", "update", "delete", "list"],
            "sudo" => ["create", "read", "update", "delete", "list", "sudo"],
            "deny" => ["deny"],
            null => [],
            _ => throw Failed($"path \"{path}\": invalid policy \"{shorthand}\""),
        };
        Capabilities granted = Capabilities.None;
        foreach (string name in names)
        {
            granted |= name switch
            {
                "create" => Capabilities.Create,
                "read" => Capabilities.Read,
                "update" => Capabilities.Update,
                "delete" => Capabilities.Delete,
                "list" => Capabilities.List,
                "sudo" => Capabilities.Sudo,
                "deny" => Capabilities.Deny,
                "patch" when flavour == VaultFlavour.OpenBao => Capabilities.Patch,
                "scan" when flavour == VaultFlavour.OpenBao => Capabilities.Scan,
                _ => throw Failed($"path \"{path}\": invalid capability \"{name}\""),
            };
        }
        granted = granted.HasFlag(Capabilities.Deny) ? Capabilities.Deny : granted;
        return new PathRule(path.TrimStart('/'), granted) { PaginationLimit = limit };
    }

    /// <summary>A string, number or word; a list of them; the keys of an object.</summary>
    private List<string> Value()
    {
        char open = Peek();
        if (open is not ('[' or '{'))
        {
            return [QuotedOrWord()];
        }

        var items = new List<string>();
        char close = open == '[' ? ']' : '}';
        _at++;
        while (Peek() != close)
        {
            if (Peek() is ',' or '=' or ':')
            {
                _at++;
            }
            else if (Peek() is '[' or '{')
            {
                Value();
            }
            else
            {
                items.Add(QuotedOrWord());
            }
        }
        _at++;
        return items;
    }

    private string QuotedOrWord()
    {
        if (Peek() != '"')
        {
            return Word();
        }
        var text = new StringBuilder();
        for (_at++; _at < _text.Length && _text[_at] != '"'; _at++)
        {
            if (_text.AsSpan(_at).StartsWith("${"))
            {
                throw Failed($"an interpolation on line {Line()}");
            }
            if (_text[_at] == '\\' && _at + 1 < _text.Length)
            {
                _at++;
                if (_text[_at] == 'u' && _at + 4 < _text.Length)
                {
                    text.Append((char)int.Parse(_text.AsSpan(_at + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                    _at += 4;
                    continue;
                }
            }
            text.Append(_text[_at]);
        }
        Expect('"');
        return text.ToString();
    }

    private string Word()
    {
        Peek();
        int start = _at;
        while (_at < _text.Length && (char.IsLetterOrDigit(_text[_at]) || _text[_at] is '_' or '-' or '.'))
        {
            _at++;
        }
        return _at > start ? _text[start.._at] : throw Failed($"unexpected text on line {Line()}");
    }

    private void Expect(char wanted)
    {
        if (Peek() != wanted)
        {
            throw Failed($"expected '{wanted}' on line {Line()}");
        }
        _at++;
    }

    /// <summary>The next character that is neither space nor comment; NUL at the end.</summary>
    private char Peek()
    {
        while (_at < _text.Length)
        {
            if (char.IsWhiteSpace(_text[_at]))
            {
                _at++;
            }
            else if (_text[_at] == '#' || _text.AsSpan(_at).StartsWith("//"))
            {
                int end = _text.IndexOf('\n', _at);
                _at = end < 0 ? _text.Length : end;
            }
            else if (_text.AsSpan(_at).StartsWith("/*"))
            {
                int end = _text.IndexOf("*/", _at + 2, StringComparison.Ordinal);
                _at = end < 0 ? _text.Length : end + 2;
            }
            else
            {
                return _text[_at];
            }
        }
        return '\0';
    }

    private int Line() => _text.AsSpan(0, Math.Min(_at, _text.Length)).Count('\n') + 1;

    private static RefusalException Failed(string why) => new(Reply.Errors(400, "failed to parse policy: " + why));
}
