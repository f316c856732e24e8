using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace SecretBridge.Completion;

/// <summary>Completes references: the names of connections, mounts and what lies in a folder.</summary>
public sealed class UriCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) => [];
}
