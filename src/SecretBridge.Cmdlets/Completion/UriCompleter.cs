using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using SecretBridge.Backends;
using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Completion;

/// <summary>Completes references: mounts, and what lies in a folder. Says nothing where it cannot find out in a moment.</summary>
public sealed class UriCompleter : IArgumentCompleter
{
    private const string Vault = "vault://";
    private const string Builtin = "builtin://";

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string begun = Quoting.Bare(wordToComplete);
        string[] schemes = [Vault, Builtin];
        if (Array.Find(schemes, known => begun.StartsWith(known, StringComparison.OrdinalIgnoreCase)) is not { } scheme)
        {
            return schemes.Where(known => known.StartsWith(begun, StringComparison.OrdinalIgnoreCase)).Select(Result).ToArray();
        }

        string rest = begun[scheme.Length..];
        int slash = rest.LastIndexOf('/');
        int at = scheme == Vault ? rest.IndexOf('@', StringComparison.Ordinal) : -1;
        string folder = rest[..((slash < 0 ? at : slash) + 1)];
        BackendRegistry registry = RunspaceBackends.Current;
        return Moment.Ask(patience => AskAsync(registry, scheme, folder, patience))
            .Where(name => name.StartsWith(rest[folder.Length..], StringComparison.Ordinal))
            .Select(name => Result(scheme + folder + name))
            .ToArray();
    }

    private static async Task<string[]> AskAsync(BackendRegistry registry, string scheme, string folder, CancellationToken cancellationToken)
    {
        if (scheme == Vault && !folder.EndsWith('/'))
        {
            VaultBackend backend = registry.Get(folder.Length == 0 ? null : folder[..^1]);
            IReadOnlyList<VaultMount> mounts = await backend.ListMountsAsync(cancellationToken);
            return mounts.Where(mount => mount.KvVersion is not null).SelectMany(mount => Escaped(mount.Mount, "/")).ToArray();
        }

        StoreLocation location = await registry.ResolveAsync(SecretReference.Parse(scheme + folder), cancellationToken);
        FolderListing listing = await location.Store.ListAsync(location.Path, cancellationToken);
        return listing.Names.SelectMany(name => Escaped(name.Name, name.IsFolder ? "/" : "")).ToArray();
    }

    // A name that no reference can hold is left out; the others are offered all the same.
    private static string[] Escaped(string name, string end)
    {
        try
        {
            return [SecretReference.Create("vault", null, SecretPath.Parse(name)).ToString()[Vault.Length..] + end];
        }
        catch (BridgeException)
        {
            return [];
        }
    }

    private static CompletionResult Result(string reference) =>
        new(Quoting.AsArgument(reference), reference, CompletionResultType.ParameterValue, reference);
}
