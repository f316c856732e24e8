using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using SecretBridge.Backends;
using SecretBridge.Stores;

namespace SecretBridge.Completion;

/// <summary>Completes the mounts of the connection that -Backend means. Says nothing where it cannot find out in a moment.</summary>
public sealed class MountCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string begun = Quoting.Bare(wordToComplete);
        BackendRegistry registry = RunspaceBackends.Current;
        object? given = fakeBoundParameters["Backend"] is PSObject wrapped ? wrapped.BaseObject : fakeBoundParameters["Backend"];
        bool isLiteral = parameterName.StartsWith("Literal", StringComparison.OrdinalIgnoreCase);
        return Moment.Ask(patience => AskAsync(given as VaultBackend ?? registry.Get(given as string), patience))
            .Where(mount => mount.StartsWith(begun, StringComparison.Ordinal))
            .Select(mount => new CompletionResult(Quoting.AsArgument(isLiteral ? mount : WildcardPattern.Escape(mount)), mount, CompletionResultType.ParameterValue, mount))
            .ToArray();
    }

    private static async Task<string[]> AskAsync(VaultBackend backend, CancellationToken cancellationToken)
    {
        IReadOnlyList<VaultMount> mounts = await backend.ListMountsAsync(cancellationToken);
        return mounts.Select(mount => mount.Mount).ToArray();
    }
}
