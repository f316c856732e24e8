using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SecretBridge.Routes;

/// <summary>Edits the text of a route file by bytes, so that comments and layout stay.</summary>
internal readonly ref struct RouteEdit(ReadOnlySpan<byte> body, RouteFileText text)
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ReadOnlySpan<byte> _body = body;

    private string NewLine => _body.IndexOf("\r\n"u8) >= 0 ? "\r\n" : "\n";

    /// <summary>Puts a route before the one at a place, or behind the last. Comments above a route stay with it.</summary>
    internal byte[] Add(SecretRoute route, int index)
    {
        bool isLast = index == text.Routes.Count;
        int before = index == 0 ? text.ListStart : text.Routes[index - 1].Whole.End;
        int next = isLast ? text.ListEnd : text.Routes[index].Whole.Start;
        int? comma = index == 0 ? null : CommaIn(before, next);
        int from = comma + 1 ?? before;
        int line = _body[from..next].IndexOf((byte)'\n');
        string indent = text.Routes.Count == 0 ? "    " : Indent(text.Routes[Math.Min(index, text.Routes.Count - 1)].Whole.Start);
        string after = isLast ? "" : ",";
        string missing = index > 0 && comma is null ? "," : "";
        if (line < 0)
        {
            return Replaced(next, next, $"{missing}{(isLast && index > 0 ? " " : "")}{Object(route, null)}{after}{(isLast ? "" : " ")}");
        }

        // Behind the rest of the line, which may be a comment on the route before.
        int at = from + line + 1;
        byte[] added = Replaced(at, at, indent + Object(route, indent) + after + NewLine);
        return missing.Length == 0 ? added : [.. added.AsSpan(0, before), (byte)',', .. added.AsSpan(before)];
    }

    /// <summary>Changes fields of a route; those that it does not have come behind its pattern.</summary>
    internal byte[] Set(int index, RouteChange change)
    {
        RouteFileText.Item item = text.Routes[index];
        var edits = new List<(RouteFileText.Span Where, string Text)>();
        RouteFileText.Span pattern = item.Values["pattern"];
        string indent = Indent(pattern.Start);
        bool isLines = _body[item.Whole.Start..pattern.Start].Contains((byte)'\n');
        foreach ((string name, string value) in Fields(change))
        {
            edits.Add(item.Values.TryGetValue(name, out RouteFileText.Span there)
                ? (there, value)
                : value == "null" ? (new(pattern.End, pattern.End), "")
                : (new(pattern.End, pattern.End), $",{(isLines ? NewLine + indent : " ")}\"{name}\": {value}"));
        }

        var result = new List<byte>(_body.ToArray());
        foreach (((int start, int end), string value) in edits.OrderByDescending(edit => edit.Where.Start))
        {
            result.RemoveRange(start, end - start);
            result.InsertRange(start, Encoding.UTF8.GetBytes(value));
        }

        return result.ToArray();
    }

    /// <summary>Takes a route out, with its line where nothing else stands there. Comments stay.</summary>
    internal byte[] Remove(int index)
    {
        (int start, int end) = text.Routes[index].Whole;
        bool isLast = index == text.Routes.Count - 1;
        int? comma = CommaIn(end, isLast ? text.ListEnd : text.Routes[index + 1].Whole.Start);
        byte[] without = _body.ToArray();
        if (comma is { } at)
        {
            // Comments may stand between the route and its comma.
            without = [.. without.AsSpan(0, at), .. without.AsSpan(at + 1)];
        }

        int lineStart = without.AsSpan(0, start).LastIndexOf((byte)'\n') + 1;
        int lineEnd = without.AsSpan(end).IndexOf((byte)'\n');
        bool isAlone = lineEnd >= 0 && IsBlank(without.AsSpan(lineStart, start - lineStart)) && IsBlank(without.AsSpan(end, lineEnd));
        (start, end) = isAlone ? (lineStart, end + lineEnd + 1) : (start, end);
        return [.. without.AsSpan(0, start), .. without.AsSpan(end)];
    }

    private static IEnumerable<(string Name, string Value)> Fields(RouteChange change)
    {
        // Fields that are not there yet are put at one place, the last first.
        if (change.Description is { } description)
        {
            yield return ("description", Text(description));
        }

        if (change.NoFallback || change.AllowFallbackUntil is not null)
        {
            yield return ("allow_fallback_until", change.NoFallback ? "null" : Text(RouteReader.Text(change.AllowFallbackUntil!.Value)));
        }

        if (change.Mode is { } mode)
        {
            yield return ("mode", Text(Word(mode)));
        }

        if (change.NewTarget is { } newTarget)
        {
            yield return ("new_target", Targets(newTarget));
        }

        if (change.Target is { } target)
        {
            yield return ("target", Targets(target));
        }
    }

    private string Object(SecretRoute route, string? indent)
    {
        var fields = new List<string> { $"\"pattern\": {Text(route.Pattern)}", $"\"target\": {Targets(route.Target)}" };
        if (route.NewTarget.Count > 0)
        {
            fields.Add($"\"new_target\": {Targets(route.NewTarget)}");
        }

        fields.Add($"\"mode\": {Text(Word(route.Mode))}");
        if (route.AllowFallbackUntil is { } until)
        {
            fields.Add($"\"allow_fallback_until\": {Text(RouteReader.Text(until))}");
        }

        if (route.Description is { } description)
        {
            fields.Add($"\"description\": {Text(description)}");
        }

        string between = indent is null ? " " : NewLine + indent + "  ";
        return $"{{{between}{string.Join("," + between, fields)}{(indent is null ? " " : NewLine + indent)}}}";
    }

    private static string Targets(IReadOnlyList<string> targets) => targets is [var one] ? Text(one) : $"[{string.Join(", ", targets.Select(Text))}]";

    private static string Text(string value) => JsonSerializer.Serialize(value, Relaxed);

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Globalization", "CA1308", Justification = "Fields of the file are in lower case.")]
    private static string Word(RouteMode mode) => mode.ToString().ToLowerInvariant();

    // The white space that the line of a place begins with.
    private string Indent(int place)
    {
        ReadOnlySpan<byte> line = _body[(_body[..place].LastIndexOf((byte)'\n') + 1)..place];
        int length = line.IndexOfAnyExcept((byte)' ', (byte)'\t');
        return Encoding.UTF8.GetString(length < 0 ? line : line[..length]);
    }

    // The comma between two places, which comments may stand around.
    private int? CommaIn(int start, int end)
    {
        for (int at = start; at < end; at++)
        {
            if (_body[at] == ',')
            {
                return at;
            }

            if (_body[at] == '/')
            {
                ReadOnlySpan<byte> closing = _body[at + 1] == '/' ? "\n"u8 : "*/"u8;
                at += 2 + _body[(at + 2)..].IndexOf(closing) + closing.Length - 1;
            }
        }

        return null;
    }

    private static bool IsBlank(ReadOnlySpan<byte> bytes) => bytes.IndexOfAnyExcept(" \t\r"u8) < 0;

    private byte[] Replaced(int start, int end, string value) => [.. _body[..start], .. Encoding.UTF8.GetBytes(value), .. _body[end..]];
}
