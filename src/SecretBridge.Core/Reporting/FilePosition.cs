using System.Text;

namespace SecretBridge.Reporting;

/// <summary>A place in a text file.</summary>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The character in it, from 1.</param>
internal readonly record struct FilePosition(int Line, int Column)
{
    /// <summary>The place of a byte.</summary>
    internal static FilePosition Of(ReadOnlySpan<byte> text, long at)
    {
        ReadOnlySpan<byte> before = text[..(int)Math.Min(at, text.Length)];
        int start = before.LastIndexOf((byte)'\n') + 1;
        return new(before.Count((byte)'\n') + 1, Encoding.UTF8.GetCharCount(before[start..]) + 1);
    }

    /// <summary>The failure of a file at this place.</summary>
    /// <param name="file">The file's name.</param>
    /// <param name="flaw">What is wrong and what was expected; nothing that stands in the file but names of fields.</param>
    internal BridgeException Refuse(string file, string flaw) =>
        new(FaultKind.InvalidConfiguration, file, FormattableString.Invariant($"{file}, line {Line}, column {Column}: {flaw}."));
}
