using System.Management.Automation;
using SecretBridge.Backends;
using SecretBridge.Completion;
using SecretBridge.Pipeline;
using SecretBridge.Secrets;
using SecretBridge.Values;

namespace SecretBridge.Commands;

/// <summary>Removes secrets: the latest version so that it can be restored, or versions or everything for good.</summary>
[Cmdlet(VerbsCommon.Remove, "VaultSecret", DefaultParameterSetName = "Delete", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(SecretChange))]
public sealed class RemoveVaultSecret : StreamCmdlet<SecretItem>
{
    /// <summary>The secrets to remove.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ReferenceText]
    [ArgumentCompleter(typeof(UriCompleter))]
    public string[] Uri { get; set; } = [];

    /// <summary>The versions to remove; the latest where none is named.</summary>
    [Parameter(ParameterSetName = "Delete")]
    [Parameter(ParameterSetName = "Destroy")]
    [ValidateNotNull]
    public int[] Version { get; set; } = [];

    /// <summary>Destroys the versions for good; metadata stays.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Destroy")]
    public SwitchParameter Destroy { get; set; }

    /// <summary>Removes all versions and the metadata for good.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "AllVersions")]
    public SwitchParameter AllVersions { get; set; }

    /// <summary>Deletes what is latest without its number, where the token may not delete it by its number.</summary>
    [Parameter(ParameterSetName = "Delete")]
    public SwitchParameter Force { get; set; }

    /// <summary>The connection for references that name none.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(BackendCompleter))]
    [ValidateNotNull]
    public BackendArgument? Backend { get; set; }

    /// <summary>How many secrets may be under way.</summary>
    [Parameter]
    public int ThrottleLimit { get; set; } = 16;

    private RemovalKind Kind => AllVersions ? RemovalKind.AllVersions : Destroy ? RemovalKind.Destroy : RemovalKind.Delete;

    private string What => (Kind, Version.Length) switch
    {
        (RemovalKind.AllVersions, _) => "Remove for good all versions and the metadata of",
        (RemovalKind.Destroy, 0) => "Destroy for good the latest version of",
        (RemovalKind.Destroy, _) => $"Destroy for good version {string.Join(", ", Version)} of",
        (_, 0) => "Delete the latest version of",
        _ => $"Delete version {string.Join(", ", Version)} of",
    };

    /// <inheritdoc/>
    private protected override Func<IAsyncEnumerable<SecretItem>, Task> Prepare()
    {
        var remove = new SecretRemove(new() { Stores = Backends.Stores(Backend), Kind = Kind, Versions = Version, Force = Force, ThrottleLimit = ThrottleLimit });
        return items => WriteRowsAsync(remove.RunAsync(items, Cancellation));
    }

    /// <inheritdoc/>
    private protected override IEnumerable<SecretItem> Take()
    {
        foreach (string uri in Uri)
        {
            Answer answer = Ask($"{What} {uri}", $"{What} {uri}?");
            if (answer != Answer.No)
            {
                yield return new(uri, answer == Answer.PlanOnly);
            }
        }
    }
}
