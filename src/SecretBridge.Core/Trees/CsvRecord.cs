using System.Text;

namespace SecretBridge.Trees;

/// <summary>One record of comma-separated values as RFC 4180 has them.</summary>
/// <param name="Fields">Its fields, without quotes.</param>
/// <param name="Line">The line it begins on, from 1.</param>
/// <param name="Flaw">Why it could not be read; null where it could.</param>
internal readonly record struct CsvRecord(IReadOnlyList<string> Fields, int Line, string? Flaw)
{
    /// <summary>Reads records up to the first that cannot be read.</summary>
    internal static IEnumerable<CsvRecord> Read(string text)
    {
        int at = 0, line = 1;
        while (at < text.Length)
        {
            CsvRecord record = ReadOne(text, ref at, line);
            yield return record;
            if (record.Flaw is not null)
            {
                yield break;
            }

            line = 1 + text.AsSpan(0, at).Count('\n');
        }
    }

    private static CsvRecord ReadOne(string text, ref int at, int line)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        while (true)
        {
            if (at < text.Length && text[at] == '"' && field.Length == 0)
            {
                if (!TryQuoted(text, ref at, field))
                {
                    return new([], line, "a quote in it does not end, or is followed by text");
                }
            }

            if (at == text.Length || text[at] is ',' or '\n')
            {
                bool isLast = at == text.Length || text[at] == '\n';
                fields.Add(isLast && field.Length > 0 && field[^1] == '\r' ? field.ToString(0, field.Length - 1) : field.ToString());
                field.Clear();
                at++;
                if (isLast)
                {
                    at = Math.Min(at, text.Length);
                    return new(fields, line, null);
                }
            }
            else
            {
                field.Append(text[at++]);
            }
        }
    }

    private static bool TryQuoted(string text, ref int at, StringBuilder field)
    {
        for (at++; at < text.Length; at++)
        {
            if (text[at] != '"')
            {
                field.Append(text[at]);
            }
            else if (at + 1 < text.Length && text[at + 1] == '"')
            {
                field.Append(text[at++]);
            }
            else
            {
                at++;
                return at == text.Length || text[at] is ',' or '\n' or '\r';
            }
        }

        return false;
    }
}
