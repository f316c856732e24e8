using System.Management.Automation;
using SecretBridge.Credentials;
using SecretBridge.Pipeline;

namespace SecretBridge.Commands;

/// <summary>Removes credentials of an identity provider's agents for good: all versions and the metadata.</summary>
[Cmdlet(VerbsCommon.Remove, "AgentCredential", DefaultParameterSetName = IdSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(CredentialChange))]
public sealed class RemoveAgentCredential : CredentialCmdlet
{
    /// <summary>How many credentials may be under way.</summary>
    [Parameter]
    public int ThrottleLimit { get; set; } = 16;

    /// <inheritdoc/>
    private protected override string? Change => "Remove for good all versions of";

    /// <inheritdoc/>
    private protected override Func<IAsyncEnumerable<CredentialItem>, Task> Prepare()
    {
        var remove = new CredentialRemove(Backends.Stores(Backend), ThrottleLimit);
        return items => WriteRowsAsync(remove.RunAsync(items, Cancellation));
    }
}
