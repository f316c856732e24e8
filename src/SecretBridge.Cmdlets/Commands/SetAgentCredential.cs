using System.Management.Automation;
using System.Security;
using SecretBridge.Credentials;
using SecretBridge.Pipeline;
using SecretBridge.Reporting;
using SecretBridge.Secrets;
using SecretBridge.Stores;

namespace SecretBridge.Commands;

/// <summary>Writes the secret of a credential of an identity provider's agent, given or generated.</summary>
[Cmdlet(VerbsCommon.Set, "AgentCredential", DefaultParameterSetName = IdSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(CredentialChange))]
public sealed class SetAgentCredential : CredentialCmdlet
{
    /// <summary>The secret. Without it, -Generate makes one.</summary>
    [Parameter(Position = 2)]
    public SecureString? ClientSecret { get; set; }

    /// <summary>Writes a generated secret, which the row delivers sealed.</summary>
    [Parameter]
    public SwitchParameter Generate { get; set; }

    /// <summary>How many characters a generated secret has.</summary>
    [Parameter]
    public int Length { get; set; } = 32;

    /// <summary>The characters of a generated secret; letters and digits unless they are given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string CharacterSet { get; set; } = GeneratedValue.LettersAndDigits;

    /// <summary>The version that must be current; 0 for a credential never written. Without it, the version just read.</summary>
    [Parameter]
    public int? CheckAndSet { get; set; }

    /// <inheritdoc/>
    private protected override string? Change => Generate ? "Write a generated secret of" : "Write the secret of";

    /// <inheritdoc/>
    private protected override SealedValue? Secret => ClientSecret is null ? null : SealedValue.FromSecureString(ClientSecret);

    /// <inheritdoc/>
    private protected override Func<IAsyncEnumerable<CredentialItem>, Task> Prepare()
    {
        if (Generate == ClientSecret is not null)
        {
            throw new BridgeException(FaultKind.InvalidArgument, nameof(ClientSecret), "Give the secret with -ClientSecret, or have one made with -Generate.");
        }

        var write = new CredentialWrite(new() { Stores = Backends.Stores(Backend), Length = Length, CharacterSet = CharacterSet, CheckAndSet = CheckAndSet });
        return items => WriteRowsAsync(write.RunAsync(items, Cancellation));
    }
}
