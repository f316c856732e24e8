using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using SecretBridge.Backends;
using SecretBridge.Stores;

namespace SecretBridge.Completion;

/// <summary>
/// Completes the names of profiles: in the folder that -Uri names, else in the default store as it is open, and references as
/// <see cref="UriCompleter"/> does. Nobody is asked for a passphrase by it.
/// </summary>
public sealed class ProfileCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string begun = Quoting.Bare(wordToComplete);
        IEnumerable<CompletionResult> References(string word) =>
            new UriCompleter().CompleteArgument(commandName, parameterName, word, commandAst, fakeBoundParameters);
        if (begun.Contains("://", StringComparison.Ordinal))
        {
            return References(wordToComplete);
        }

        // A file that the command line names is not open, and completing must not open it.
        string? folder = fakeBoundParameters.Contains("Path") ? null
            : fakeBoundParameters["Uri"] is string uri ? uri.TrimEnd('/') + "/"
            : DefaultFolder(RunspaceBackends.Current);
        CompletionResult[] names = folder is null ? [] : References(folder + begun)
            .Select(found => found.ListItemText[folder.Length..])
            .Select(name => new CompletionResult(Quoting.AsArgument(name), name, CompletionResultType.ParameterValue, folder + name))
            .ToArray();
        return names.Length > 0 ? names : References(wordToComplete);
    }

    // Where bare names stand, as references to them are resolved.
    private static string? DefaultFolder(BackendRegistry registry)
    {
        string? mount = registry.Current?.DefaultMount;
        return (registry.DefaultScheme ?? (mount is null ? "builtin" : "vault")) == "builtin" ? "builtin://"
            : mount is null ? null
            : $"vault://{mount.Trim('/')}/";
    }
}
