using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace SecretBridge.Completion;

/// <summary>Completes the words that stand for versions.</summary>
public sealed class VersionCompleter : IArgumentCompleter
{
    private static readonly string[] Words = ["Latest", "All"];

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Words
            .Where(word => word.StartsWith(Quoting.Bare(wordToComplete), StringComparison.OrdinalIgnoreCase))
            .Select(word => new CompletionResult(word));
}
