using System.Management.Automation;
using SecretBridge.Backends;
using SecretBridge.Completion;
using SecretBridge.Federation;
using SecretBridge.Pipeline;
using SecretBridge.Reporting;

namespace SecretBridge.Commands;

/// <summary>Lists the federation backends that were made or changed in this session: ScaiVault documents no call that reads them.</summary>
[Cmdlet(VerbsCommon.Get, "FederationBackend")]
[OutputType(typeof(FederationBackend))]
public sealed class GetFederationBackend : AsyncCmdlet
{
    /// <summary>The backends to list, by name with wildcards, or by id.</summary>
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [ValidateNotNull]
    public string[] Name { get; set; } = ["*"];

    /// <summary>The connection to ScaiVault; the current one where none is given.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ScaiVaultCompleter))]
    [ValidateNotNull]
    public ScaiVaultArgument? Backend { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing() => Run(() =>
    {
        IReadOnlyList<FederationBackend> known = FederationKnown.Of(Backends.GetScaiVault(Backend)).Known;
        foreach (string name in Name)
        {
            var pattern = Wildcard.Of(name, WildcardOptions.IgnoreCase);
            FederationBackend[] found = known.Where(backend => pattern.IsMatch(backend.Name) || backend.Id == name).ToArray();
            if (found.Length == 0 && !WildcardPattern.ContainsWildcardCharacters(name))
            {
                WriteError(Fault.Record(new BridgeException(FaultKind.NotSupported, name,
                    $"The federation backend '{name}' was neither made nor changed in this session, and ScaiVault documents no call that reads one. Nothing was sent.")));
            }

            WriteObject(found, enumerateCollection: true);
        }
    });
}
