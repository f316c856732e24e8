using System.Management.Automation;
using SecretBridge.Backends;
using SecretBridge.Completion;
using SecretBridge.Inventory;
using SecretBridge.Pipeline;
using SecretBridge.Stores;

namespace SecretBridge.Commands;

/// <summary>Lists the secrets engines that the token may see, and counts what KV mounts hold.</summary>
[Cmdlet(VerbsCommon.Get, "VaultMount", DefaultParameterSetName = "Wildcard")]
[OutputType(typeof(VaultMount))]
public sealed class GetVaultMount : AsyncCmdlet
{
    /// <summary>The mounts to list, with wildcards.</summary>
    [Parameter(Position = 0, ParameterSetName = "Wildcard")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(MountCompleter))]
    [ValidateNotNull]
    public string[] Mount { get; set; } = ["*"];

    /// <summary>The mounts to list, taken as they are written.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Literal")]
    [ArgumentCompleter(typeof(MountCompleter))]
    public string[] LiteralMount { get; set; } = [];

    /// <summary>Reads the configuration of each KV version 2 mount as well: one more request a mount.</summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    /// <summary>Counts the secrets and folders of each KV mount and the bytes of their names: one request a folder.</summary>
    [Parameter]
    public SwitchParameter Count { get; set; }

    /// <summary>The connection; the current one where none is named.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(BackendCompleter))]
    [ValidateNotNull]
    public BackendArgument? Backend { get; set; }

    /// <summary>How many requests may be in flight, all mounts together.</summary>
    [Parameter]
    public int? ThrottleLimit { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing() => Run(() =>
    {
        string[] wanted = Array.ConvertAll(LiteralMount.Length > 0 ? LiteralMount : Mount, text => text.Trim('/'));
        WildcardPattern[] patterns = LiteralMount.Length > 0 ? [] : Array.ConvertAll(wanted, text => Wildcard.Of(text));
        var inventory = new MountInventory(
            new()
            {
                Backend = Backends.Get(Backend),
                IsWanted = mount => Array.Exists(patterns, pattern => pattern.IsMatch(mount)),
                Names = LiteralMount.Length > 0 ? wanted : wanted.Where(text => !WildcardPattern.ContainsWildcardCharacters(text)).ToArray(),
                Detailed = Detailed,
                Count = Count,
                ThrottleLimit = ThrottleLimit,
            },
            Reporter);

        // A name that leads to no mount is an error, and no mount.
        Start(() => WriteRowsAsync(inventory.RunAsync(Cancellation), mount => WriteUnless(mount.Type.Length == 0, mount)));
        Finish();
    });
}
