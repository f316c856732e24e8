using System.Management.Automation.Language;
using System.Text.RegularExpressions;

namespace SecretBridge.Completion;

/// <summary>Whoever may write secrets chooses their names. A name that is completed must stay one argument, and never become code.</summary>
internal static partial class Quoting
{
    /// <summary>The text as an argument of a command line.</summary>
    internal static string AsArgument(string text) =>
        Plain().IsMatch(text) ? text : $"'{CodeGeneration.EscapeSingleQuotedStringContent(text)}'";

    /// <summary>What the word that is being completed means, without the quotes around it.</summary>
    internal static string Bare(string? word) =>
        word is ['\'', ..] ? word.Trim('\'').Replace("''", "'", StringComparison.Ordinal) : (word ?? "").Trim('"');

    [GeneratedRegex(@"^[A-Za-z0-9_:/@.%*?=-]+\z")]
    private static partial Regex Plain();
}
