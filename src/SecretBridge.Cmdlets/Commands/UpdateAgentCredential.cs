using System.Management.Automation;
using SecretBridge.Credentials;
using SecretBridge.Pipeline;
using SecretBridge.Secrets;

namespace SecretBridge.Commands;

/// <summary>Rotates credentials of an identity provider's agents: a new secret as a new version, the old one kept in the history.</summary>
[Cmdlet(VerbsData.Update, "AgentCredential", DefaultParameterSetName = IdSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(CredentialChange))]
public sealed class UpdateAgentCredential : CredentialCmdlet
{
    /// <summary>How many characters a new secret has.</summary>
    [Parameter]
    public int Length { get; set; } = 32;

    /// <summary>The characters of new secrets; letters and digits unless they are given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string CharacterSet { get; set; } = GeneratedValue.LettersAndDigits;

    /// <summary>Rotates also where the store keeps no history, so that the old secret is lost.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>A file that remembers which credentials are rotated.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? JournalPath { get; set; }

    /// <summary>Goes on where the journal ends.</summary>
    [Parameter]
    public SwitchParameter Resume { get; set; }

    /// <summary>How many credentials may be under way.</summary>
    [Parameter]
    public int ThrottleLimit { get; set; } = 16;

    /// <inheritdoc/>
    private protected override string? Change => "Rotate the secret of";

    /// <inheritdoc/>
    private protected override Func<IAsyncEnumerable<CredentialItem>, Task> Prepare()
    {
        var rotate = new CredentialRotate(new()
        {
            Stores = Backends.Stores(Backend),
            Length = Length,
            CharacterSet = CharacterSet,
            AllowLoss = Force,
            JournalPath = JournalPath is null ? null : GetUnresolvedProviderPathFromPSPath(JournalPath),
            Resume = Resume,
            ThrottleLimit = ThrottleLimit,
        });
        return items => WriteRowsAsync(rotate.RunAsync(items, Cancellation), activity: "Rotating credentials");
    }
}
