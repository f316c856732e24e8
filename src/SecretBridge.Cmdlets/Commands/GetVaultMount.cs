using System.Management.Automation;
using SecretBridge.Backends;
using SecretBridge.Completion;
using SecretBridge.Pipeline;
using SecretBridge.Stores;

namespace SecretBridge.Commands;

/// <summary>Lists the secrets engines that the token may see.</summary>
[Cmdlet(VerbsCommon.Get, "VaultMount", DefaultParameterSetName = "Wildcard")]
[OutputType(typeof(VaultMount))]
public sealed class GetVaultMount : AsyncCmdlet
{
    /// <summary>The mounts to list, with wildcards.</summary>
    [Parameter(Position = 0, ParameterSetName = "Wildcard")]
    [SupportsWildcards]
    [ValidateNotNull]
    public string[] Mount { get; set; } = ["*"];

    /// <summary>The mounts to list, taken as they are written.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Literal")]
    public string[] LiteralMount { get; set; } = [];

    /// <summary>Reads the configuration of each KV version 2 mount as well: one more request a mount.</summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    /// <summary>The connection; the current one where none is named.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(BackendCompleter))]
    [ValidateNotNull]
    public BackendArgument? Backend { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing() => Run(() =>
    {
        VaultBackend backend = Backends.Get(Backend);
        string[] wanted = LiteralMount.Length > 0 ? Array.ConvertAll(LiteralMount, WildcardPattern.Escape) : Mount;
        WildcardPattern[] patterns = Array.ConvertAll(wanted, text => Wildcard.Of(text.Trim('/')));
        Start(async () =>
        {
            foreach (VaultMount mount in await backend.ListMountsAsync(Cancellation))
            {
                if (Array.Exists(patterns, pattern => pattern.IsMatch(mount.Mount)))
                {
                    await WriteAsync(Detailed ? await backend.WithConfigAsync(mount, Cancellation) : mount);
                }
            }
        });
        Finish();
    });
}
