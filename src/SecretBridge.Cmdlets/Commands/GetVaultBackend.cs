using System.Management.Automation;
using SecretBridge.Completion;
using SecretBridge.Pipeline;
using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Commands;

/// <summary>Lists this runspace's connections.</summary>
[Cmdlet(VerbsCommon.Get, "VaultBackend")]
[OutputType(typeof(VaultBackend))]
public sealed class GetVaultBackend : AsyncCmdlet
{
    /// <summary>The connections to list, with wildcards.</summary>
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(BackendCompleter))]
    [ValidateNotNull]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Lists only the connection that references without a backend mean.</summary>
    [Parameter]
    public SwitchParameter Current { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing() => Run(() =>
    {
        foreach (string name in Name)
        {
            var pattern = Wildcard.Of(name, WildcardOptions.IgnoreCase);
            VaultBackend[] found = Backends.Registry.Backends.Where(backend => pattern.IsMatch(backend.Name)).ToArray();
            if (found.Length == 0 && !WildcardPattern.ContainsWildcardCharacters(name))
            {
                WriteError(Fault.Record(new BridgeException(FaultKind.NotConnected, name, $"No backend '{name}' is connected in this runspace.")));
            }

            foreach (VaultBackend backend in found.Where(backend => !Current || ReferenceEquals(backend, Backends.Registry.Current)))
            {
                WriteObject(backend);
            }
        }
    });
}
