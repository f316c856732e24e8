using System.Management.Automation;
using SecretBridge.Backends;
using SecretBridge.Completion;
using SecretBridge.Pipeline;
using SecretBridge.Secrets;
using SecretBridge.Values;

namespace SecretBridge.Commands;

/// <summary>Brings soft-deleted versions of secrets back.</summary>
[Cmdlet(VerbsData.Restore, "VaultSecret", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(SecretChange))]
public sealed class RestoreVaultSecret : StreamCmdlet<SecretItem>
{
    /// <summary>The secrets to restore.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ReferenceText]
    [ArgumentCompleter(typeof(UriCompleter))]
    public string[] Uri { get; set; } = [];

    /// <summary>The versions to restore; the latest where none is named.</summary>
    [Parameter]
    [ValidateNotNull]
    public int[] Version { get; set; } = [];

    /// <summary>The connection for references that name none.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(BackendCompleter))]
    [ValidateNotNull]
    public BackendArgument? Backend { get; set; }

    /// <summary>How many secrets may be under way.</summary>
    [Parameter]
    public int ThrottleLimit { get; set; } = 16;

    /// <inheritdoc/>
    private protected override Func<IAsyncEnumerable<SecretItem>, Task> Prepare()
    {
        var restore = new SecretRestore(new() { Stores = Backends.Stores(Backend), Versions = Version, ThrottleLimit = ThrottleLimit });
        return items => WriteRowsAsync(restore.RunAsync(items, Cancellation));
    }

    /// <inheritdoc/>
    private protected override IEnumerable<SecretItem> Take()
    {
        foreach (string uri in Uri)
        {
            Answer answer = Ask($"Restore the secret {uri}", $"Restore the secret {uri}?");
            if (answer != Answer.No)
            {
                yield return new(uri, answer == Answer.PlanOnly);
            }
        }
    }
}
