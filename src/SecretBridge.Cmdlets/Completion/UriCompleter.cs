using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using SecretBridge.Backends;
using SecretBridge.Pipeline;
using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Completion;

/// <summary>Completes references: mounts, and what lies in a folder. Says nothing where it cannot find out in a moment.</summary>
public sealed class UriCompleter : IArgumentCompleter
{
    private const string Scheme = "vault://";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string begun = Quoting.Bare(wordToComplete);
        if (!begun.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return Scheme.StartsWith(begun, StringComparison.OrdinalIgnoreCase) ? [Result(Scheme)] : [];
        }

        string rest = begun[Scheme.Length..];
        int slash = rest.LastIndexOf('/');
        string folder = rest[..((slash < 0 ? rest.IndexOf('@', StringComparison.Ordinal) : slash) + 1)];
        return Ask(RunspaceBackends.Current, folder)
            .Where(name => name.StartsWith(rest[folder.Length..], StringComparison.Ordinal))
            .Select(name => Result(Scheme + folder + name))
            .ToArray();
    }

    private static string[] Ask(BackendRegistry registry, string folder)
    {
        string[] names = [];
        try
        {
            new PipelinePump().RunUntil(Task.Run(async () => names = await AskAsync(registry, folder)));
        }
        catch (Exception exception) when (exception is BridgeException or OperationCanceledException)
        {
            // A completer has no way to complain: not connected, not allowed and too slow all offer nothing.
            names = [];
        }

        return names;
    }

    private static async Task<string[]> AskAsync(BackendRegistry registry, string folder)
    {
        using var patience = new CancellationTokenSource(Patience);
        if (!folder.EndsWith('/'))
        {
            VaultBackend backend = registry.Get(folder.Length == 0 ? null : folder[..^1]);
            IReadOnlyList<VaultMount> mounts = await backend.ListMountsAsync(patience.Token);
            return mounts.Where(mount => mount.KvVersion is not null).SelectMany(mount => Escaped(mount.Mount, "/")).ToArray();
        }

        StoreLocation location = await registry.ResolveAsync(SecretReference.Parse(Scheme + folder), patience.Token);
        FolderListing listing = await location.Store.ListAsync(location.Path, patience.Token);
        return listing.Names.SelectMany(name => Escaped(name.Name, name.IsFolder ? "/" : "")).ToArray();
    }

    // A name that no reference can hold is left out; the others are offered all the same.
    private static string[] Escaped(string name, string end)
    {
        try
        {
            return [SecretReference.Create("vault", null, SecretPath.Parse(name)).ToString()[Scheme.Length..] + end];
        }
        catch (BridgeException)
        {
            return [];
        }
    }

    private static CompletionResult Result(string reference) =>
        new(Quoting.AsArgument(reference), reference, CompletionResultType.ParameterValue, reference);
}
