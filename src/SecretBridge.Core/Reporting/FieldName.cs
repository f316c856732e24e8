using System.Text.RegularExpressions;

namespace SecretBridge.Reporting;

/// <summary>Names of fields and variables, as messages may show them.</summary>
internal static partial class FieldName
{
    private const int Longest = 64;

    /// <summary>A name for a message. One that is long or strange may be a value in the wrong place, and is not shown.</summary>
    internal static string Shown(string name) =>
        name.Length is > 0 and <= Longest && name.All(c => c is > ' ' and < '\x7f') ? name : "(a name that is not shown)";

    /// <summary>Whether a text can be the name of an environment variable.</summary>
    internal static bool IsVariable(string text) => text.Length <= Longest && Variable().IsMatch(text);

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]*\z")]
    private static partial Regex Variable();
}
