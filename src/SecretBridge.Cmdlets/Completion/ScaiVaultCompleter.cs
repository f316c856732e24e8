using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using SecretBridge.Backends;

namespace SecretBridge.Completion;

/// <summary>Completes the names of this runspace's connections to ScaiVault.</summary>
public sealed class ScaiVaultCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string begun = Quoting.Bare(wordToComplete);
        return RunspaceBackends.Current.ScaiVault.All
            .Where(backend => backend.Name.StartsWith(begun, StringComparison.OrdinalIgnoreCase))
            .Select(backend => new CompletionResult(backend.Name, backend.Name, CompletionResultType.ParameterValue, backend.Address));
    }
}
