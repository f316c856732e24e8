using System.Buffers;
using System.Text;
using System.Text.Json;
using SecretBridge.Reporting;

namespace SecretBridge.Trees;

/// <summary>
/// Reads the rules of a map from a file, in their order: a JSON object of source and destination, with comments, or lines
/// of comma-separated values under the heading <c>source,destination</c>.
/// </summary>
public static class MapFile
{
    private static readonly JsonReaderOptions Json = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Reads rules.</summary>
    /// <param name="utf8">The bytes of the file.</param>
    /// <param name="name">The file's name, for errors; one that ends in <c>.csv</c> is read as such.</param>
    /// <exception cref="BridgeException">The file is something else (<see cref="FaultKind.InvalidConfiguration"/>); the message tells the line.</exception>
    public static IReadOnlyList<MapRule> Read(ReadOnlySpan<byte> utf8, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        ReadOnlySpan<byte> text = utf8.StartsWith(Encoding.UTF8.Preamble) ? utf8[3..] : utf8;
        if (FirstInvalid(text) is >= 0 and var at)
        {
            throw Broken(name, text[..at].Count((byte)'\n') + 1, "it is not UTF-8, and its names would be read as others. Save it as UTF-8");
        }

        return name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) ? ReadCsv(Encoding.UTF8.GetString(text), name) : ReadJson(text, name);
    }

    private static int FirstInvalid(ReadOnlySpan<byte> utf8)
    {
        for (int at = 0; at < utf8.Length;)
        {
            if (Rune.DecodeFromUtf8(utf8[at..], out _, out int length) != OperationStatus.Done)
            {
                return at;
            }

            at += length;
        }

        return -1;
    }

    private static List<MapRule> ReadJson(ReadOnlySpan<byte> utf8, string name)
    {
        var rules = new List<MapRule>();
        var reader = new Utf8JsonReader(utf8, Json);
        try
        {
            Expect(ref reader, utf8, JsonTokenType.StartObject, name);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string source = reader.GetString()!;
                Expect(ref reader, utf8, JsonTokenType.String, name);
                rules.Add(new(source, reader.GetString()!));
            }

            while (reader.Read())
            {
            }

            return rules;
        }
        catch (JsonException exception)
        {
            throw Broken(name, (int)(exception.LineNumber ?? 0) + 1, "it is not JSON");
        }
    }

    private static void Expect(ref Utf8JsonReader reader, ReadOnlySpan<byte> utf8, JsonTokenType wanted, string name)
    {
        if (!reader.Read() || reader.TokenType != wanted)
        {
            throw Broken(name, utf8[..(int)reader.TokenStartIndex].Count((byte)'\n') + 1,
                wanted == JsonTokenType.StartObject ? "it is not one JSON object of rules" : "a rule must lead to text");
        }
    }

    private static List<MapRule> ReadCsv(string text, string name)
    {
        var rules = new List<MapRule>();
        int line = 0;
        bool headed = false;
        foreach (CsvRecord record in CsvRecord.Read(text))
        {
            line = record.Line;
            if (record.Flaw is { } flaw)
            {
                throw Broken(name, line, flaw);
            }

            if (record.Fields is [""])
            {
                continue;
            }

            if (!headed)
            {
                headed = record.Fields is [var first, var second]
                    && first.Trim().Equals("source", StringComparison.OrdinalIgnoreCase) && second.Trim().Equals("destination", StringComparison.OrdinalIgnoreCase)
                        ? true
                        : throw Broken(name, line, "its first line must be 'source,destination'");
                continue;
            }

            rules.Add(record.Fields is [var source, var destination]
                ? new(source, destination)
                : throw Broken(name, line, $"a line has two fields, and this one {record.Fields.Count}"));
        }

        return headed ? rules : throw Broken(name, line + 1, "its first line must be 'source,destination'");
    }

    private static BridgeException Broken(string name, int line, string flaw) =>
        new(FaultKind.InvalidConfiguration, name, $"The map file '{name}' cannot be read, line {line}: {flaw}.");
}
