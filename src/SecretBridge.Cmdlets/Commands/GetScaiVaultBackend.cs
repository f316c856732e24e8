using System.Management.Automation;
using SecretBridge.Completion;
using SecretBridge.Pipeline;
using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Commands;

/// <summary>Lists this runspace's connections to ScaiVault.</summary>
[Cmdlet(VerbsCommon.Get, "ScaiVaultBackend")]
[OutputType(typeof(ScaiVaultBackend))]
public sealed class GetScaiVaultBackend : AsyncCmdlet
{
    /// <summary>The connections to list, with wildcards.</summary>
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ScaiVaultCompleter))]
    [ValidateNotNull]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Lists only the connection that references without a backend mean.</summary>
    [Parameter]
    public SwitchParameter Current { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing() => Run(() =>
    {
        ScaiVaultConnections connections = Backends.Registry.ScaiVault;
        foreach (string name in Name)
        {
            var pattern = Wildcard.Of(name, WildcardOptions.IgnoreCase);
            ScaiVaultBackend[] found = connections.All.Where(backend => pattern.IsMatch(backend.Name)).ToArray();
            if (found.Length == 0 && !WildcardPattern.ContainsWildcardCharacters(name))
            {
                WriteError(Fault.Record(new BridgeException(FaultKind.NotConnected, name, $"No ScaiVault backend '{name}' is connected in this runspace.")));
            }

            foreach (ScaiVaultBackend backend in found.Where(backend => !Current || ReferenceEquals(backend, connections.Current)))
            {
                WriteObject(backend);
            }
        }
    });
}
