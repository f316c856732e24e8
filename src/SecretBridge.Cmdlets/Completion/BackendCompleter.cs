using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace SecretBridge.Completion;

/// <summary>Completes the names of connections.</summary>
public sealed class BackendCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) => [];
}
