using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using SecretBridge.Backends;
using SecretBridge.Reporting;
using SecretBridge.Routes;

namespace SecretBridge.Completion;

/// <summary>Completes the patterns of the routes in the file that -Path or SECRETBRIDGE_ROUTES names.</summary>
public sealed class RouteCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string begun = Quoting.Bare(wordToComplete);
        return Routes(fakeBoundParameters["Path"]?.ToString())
            .Where(route => route.Pattern.StartsWith(begun, StringComparison.Ordinal))
            .Select(route => new CompletionResult(
                Quoting.AsArgument(route.Pattern), route.Pattern, CompletionResultType.ParameterValue, $"{route.Mode}: {string.Join(", ", route.Target)}"));
    }

    private static IReadOnlyList<SecretRoute> Routes(string? path)
    {
        try
        {
            return RouteUse.Find(path is null ? null : FullPath(path)) is { } file ? RouteFile.Load(file).Routes : [];
        }
        catch (Exception exception) when (exception is BridgeException or RuntimeException)
        {
            // A completer has no way to complain.
            return [];
        }
    }

    // The session state cannot be asked while a pipeline runs, which it does while completing.
    private static string FullPath(string path)
    {
        using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        return shell.AddCommand("Convert-Path").AddParameter("LiteralPath", path).Invoke<string>().FirstOrDefault() ?? path;
    }
}
