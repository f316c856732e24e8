using System.Management.Automation;
using System.Security;
using SecretBridge.Credentials;
using SecretBridge.Pipeline;
using SecretBridge.Secrets;
using SecretBridge.Stores;

namespace SecretBridge.Commands;

/// <summary>Tells whether a submitted secret is that of a credential, compared in constant time.</summary>
[Cmdlet(VerbsDiagnostic.Test, "AgentCredential", DefaultParameterSetName = IdSet)]
[OutputType(typeof(bool))]
public sealed class TestAgentCredential : CredentialCmdlet
{
    /// <summary>The submitted secret.</summary>
    [Parameter(Mandatory = true, Position = 2)]
    public SecureString? ClientSecret { get; set; }

    /// <summary>How many credentials may be under way.</summary>
    [Parameter]
    public int ThrottleLimit { get; set; } = 16;

    /// <inheritdoc/>
    private protected override Func<IAsyncEnumerable<CredentialItem>, Task> Prepare()
    {
        var test = new CredentialTest(Backends.Stores(Backend), SealedValue.FromSecureString(ClientSecret!), ThrottleLimit);
        return items => WriteRowsAsync(test.RunAsync(items, Cancellation), Write);
    }

    // What is not there is an error and no answer: false would say that it is there and differs.
    private void Write(SecretMatch match)
    {
        if (match.IsMatch is { } isMatch)
        {
            WriteObject(isMatch);
        }
    }
}
