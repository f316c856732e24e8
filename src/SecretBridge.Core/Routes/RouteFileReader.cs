using System.Text.Json;
using SecretBridge.Reporting;

namespace SecretBridge.Routes;

/// <summary>Reads a route file: JSON with comments and commas at the end. What it does not know it refuses, so that a misspelt field is not silently without effect.</summary>
internal ref struct RouteFileReader
{
    private static readonly JsonReaderOptions Options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = 16 };

    private readonly ReadOnlySpan<byte> _text;
    private readonly string _file;
    private Utf8JsonReader _json;
    private string _expected = "a JSON object with 'routes'";

    private RouteFileReader(ReadOnlySpan<byte> text, string file)
    {
        _text = text;
        _file = file;
        _json = new(text, Options);
    }

    /// <exception cref="BridgeException">It is broken (<see cref="FaultKind.InvalidConfiguration"/>): the message tells line, column and
    /// what was expected, and repeats nothing of the file but names of fields.</exception>
    internal static (IReadOnlyList<SecretRoute> Routes, RouteFileText Text) Read(ReadOnlySpan<byte> text, string file)
    {
        var reader = new RouteFileReader(text, file);
        try
        {
            return reader.ReadFile();
        }
        catch (JsonException exception)
        {
            int start = 0;
            for (long line = exception.LineNumber ?? 0; line > 0; line--)
            {
                start += text[start..].IndexOf((byte)'\n') + 1;
            }

            var position = FilePosition.Of(text, start + (exception.BytePositionInLine ?? 0));
            bool isEnd = position == FilePosition.Of(text, text.Length);
            throw position.Refuse(file, isEnd ? $"the file ends where {reader._expected} was expected" : $"expected {reader._expected}");
        }
    }

    private (IReadOnlyList<SecretRoute> Routes, RouteFileText Text) ReadFile()
    {
        RouteFileText? found = null;
        var routes = new List<SecretRoute>();
        Next(JsonTokenType.StartObject, "a JSON object with 'routes'");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (NextName(seen) is { } name)
        {
            switch (name)
            {
                case "routes":
                    found = ReadRoutes(routes);
                    break;
                case "$schema":
                    Next(JsonTokenType.String, "text in double quotes");
                    break;
                default:
                    throw Unknown(name, "'routes'");
            }
        }

        _expected = "the end of the file";
        return _json.Read() ? throw Here().Refuse(_file, "expected the end of the file") : (routes, found ?? throw new FilePosition(1, 1).Refuse(_file, "expected 'routes', a list"));
    }

    private RouteFileText ReadRoutes(List<SecretRoute> routes)
    {
        Next(JsonTokenType.StartArray, "a list of routes in [ ]");
        int start = (int)_json.BytesConsumed;
        var items = new List<RouteFileText.Item>();
        _expected = "a route in { } or ]";
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            FilePosition position = Here();
            if (_json.TokenType != JsonTokenType.StartObject)
            {
                throw position.Refuse(_file, "expected a route in { }");
            }

            int from = (int)_json.TokenStartIndex;
            var fields = new RouteFields(_file, position);
            var values = new Dictionary<string, RouteFileText.Span>(StringComparer.Ordinal);
            var seen = new HashSet<string>(StringComparer.Ordinal);
            while (NextName(seen) is { } name)
            {
                ReadField(fields, values, name);
            }

            items.Add(new(new(from, (int)_json.BytesConsumed), values));
            routes.Add(fields.Route(routes));
            _expected = "a comma or ]";
        }

        return new(start, (int)_json.TokenStartIndex, items);
    }

    private void ReadField(RouteFields fields, Dictionary<string, RouteFileText.Span> values, string name)
    {
        if (!RouteFields.Names.Contains(name))
        {
            throw Unknown(name, string.Join(", ", RouteFields.Names.Select(known => $"'{known}'")));
        }

        _expected = "a colon and a value";
        _json.Read();
        int start = (int)_json.TokenStartIndex;
        FilePosition position = Here();
        var texts = new List<(string Text, FilePosition Position)>();
        if (_json.TokenType == JsonTokenType.StartArray)
        {
            _expected = "a target in double quotes or ]";
            while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
            {
                texts.Add((TextHere($"a list of references in '{name}'"), Here()));
                _expected = "a comma or ]";
            }

            fields.TakeList(name, texts, position);
        }
        else if (_json.TokenType != JsonTokenType.Null)
        {
            fields.Take(name, TextHere($"text in '{name}'"), position);
        }

        values[name] = new(start, (int)_json.BytesConsumed);
        _expected = "a comma or }";
    }

    private string TextHere(string wanted)
    {
        if (_json.TokenType != JsonTokenType.String)
        {
            throw Here().Refuse(_file, $"expected {wanted}");
        }

        try
        {
            return _json.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Here().Refuse(_file, "expected text of whole characters, and this escapes half of one");
        }
    }

    private void Next(JsonTokenType wanted, string words)
    {
        _expected = words;
        if (!_json.Read() || _json.TokenType != wanted)
        {
            throw Here().Refuse(_file, $"expected {words}");
        }
    }

    private string? NextName(HashSet<string> seen)
    {
        _expected = seen.Count == 0 ? "a field's name in double quotes with a colon, or }" : "a comma, a field's name with a colon, or }";
        if (!_json.Read() || _json.TokenType != JsonTokenType.PropertyName)
        {
            return null;
        }

        string name = TextOfName();
        return seen.Add(name) ? name : throw Here().Refuse(_file, $"expected each field once, and '{FieldName.Shown(name)}' is given twice");
    }

    private string TextOfName()
    {
        try
        {
            return _json.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Here().Refuse(_file, "expected text of whole characters, and this escapes half of one");
        }
    }

    private BridgeException Unknown(string name, string known) => Here().Refuse(_file, RouteFields.IsCredential(name)
        ? $"'{FieldName.Shown(name)}' looks like a login, and a route file holds none: log in with Connect-VaultBackend -Name, and name the backend in the target"
        : $"'{FieldName.Shown(name)}' is no field here; expected {known}");

    private FilePosition Here() => FilePosition.Of(_text, _json.TokenStartIndex);
}
