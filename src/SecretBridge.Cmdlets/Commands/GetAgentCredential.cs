using System.Management.Automation;
using SecretBridge.Backends;
using SecretBridge.Completion;
using SecretBridge.Credentials;
using SecretBridge.Pipeline;

namespace SecretBridge.Commands;

/// <summary>Lists the credentials of an identity provider's agents, without their secrets.</summary>
[Cmdlet(VerbsCommon.Get, "AgentCredential")]
[OutputType(typeof(AgentCredential))]
public sealed class GetAgentCredential : AsyncCmdlet
{
    /// <summary>The agents, with wildcards.</summary>
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] AgentId { get; set; } = ["*"];

    /// <summary>The credentials, with wildcards.</summary>
    [Parameter(Position = 1)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] CredentialId { get; set; } = ["*"];

    /// <summary>The mount, or a folder in it, that holds agentidp/agents; the connection's default mount unless it is given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(UriCompleter))]
    public string? MountUri { get; set; }

    /// <summary>Tells ids alone: no metadata is read.</summary>
    [Parameter]
    public SwitchParameter NameOnly { get; set; }

    /// <summary>The connection for a reference that names none.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(BackendCompleter))]
    [ValidateNotNull]
    public BackendArgument? Backend { get; set; }

    /// <summary>How many requests may be in flight.</summary>
    [Parameter]
    public int ThrottleLimit { get; set; } = 16;

    /// <inheritdoc/>
    protected override void EndProcessing() => Run(() =>
    {
        bool isNamed = !Array.Exists(AgentId, WildcardPattern.ContainsWildcardCharacters);
        WildcardPattern[] agents = Array.ConvertAll(AgentId, text => Wildcard.Of(text));
        WildcardPattern[] credentials = Array.ConvertAll(CredentialId, text => Wildcard.Of(text));
        var list = new CredentialList(new()
        {
            Stores = Backends.Stores(Backend),
            MountUri = CredentialCmdlet.Mount(MountUri, Backends, Backend),
            Agents = isNamed ? AgentId : [],
            Credentials = Array.Exists(CredentialId, WildcardPattern.ContainsWildcardCharacters) ? [] : CredentialId,
            IsAgent = name => Array.Exists(agents, pattern => pattern.IsMatch(name)),
            IsCredential = name => Array.Exists(credentials, pattern => pattern.IsMatch(name)),
            NameOnly = NameOnly,
            ThrottleLimit = ThrottleLimit,
        });
        Start(() => WriteRowsAsync(list.RunAsync(Cancellation), activity: "Listing credentials"));
        Finish();
    });
}
