using System.Management.Automation;
using SecretBridge.Backends;
using SecretBridge.Completion;
using SecretBridge.Credentials;
using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Values;

namespace SecretBridge.Pipeline;

/// <summary>A cmdlet that works on credentials of an identity provider's agents: by their ids, by reference or from the pipeline.</summary>
public abstract class CredentialCmdlet : StreamCmdlet<CredentialItem>
{
    private protected const string IdSet = "Id";
    private protected const string UriSet = "Uri";

    private protected CredentialCmdlet()
    {
    }

    /// <summary>The agent whose credentials are meant.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = IdSet)]
    public string AgentId { get; set; } = "";

    /// <summary>The credentials of that agent.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = IdSet)]
    public string[] CredentialId { get; set; } = [];

    /// <summary>The credentials, by reference. Rows of Get-AgentCredential bind by it.</summary>
    [Parameter(Mandatory = true, ParameterSetName = UriSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ReferenceText]
    [ArgumentCompleter(typeof(UriCompleter))]
    public string[] Uri { get; set; } = [];

    /// <summary>The mount, or a folder in it, that holds agentidp/agents; the connection's default mount unless it is given.</summary>
    [Parameter(ParameterSetName = IdSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(UriCompleter))]
    public string? MountUri { get; set; }

    /// <summary>The connection for references that name none.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(BackendCompleter))]
    [ValidateNotNull]
    public BackendArgument? Backend { get; set; }

    /// <summary>What happens to a credential, as a prompt asks it; null where nothing does.</summary>
    private protected virtual string? Change => null;

    /// <summary>The secret to write; null where none was given.</summary>
    private protected virtual SealedValue? Secret => null;

    /// <summary>The mount that ids are looked for in.</summary>
    /// <exception cref="BridgeException">None is known (<see cref="FaultKind.InvalidArgument"/>).</exception>
    internal static string Mount(string? mountUri, BackendUse backends, BackendArgument? backend) => mountUri
        ?? (backends.Get(backend).DefaultMount is { Length: > 0 } mount
            ? $"vault://{mount.Trim('/')}"
            : throw new BridgeException(FaultKind.InvalidArgument, nameof(MountUri), "Give -MountUri vault://mount, or connect with -DefaultMount."));

    /// <inheritdoc/>
    private protected override IEnumerable<CredentialItem> Take()
    {
        string mount = ParameterSetName == IdSet ? Mount(MountUri, Backends, Backend) : "";
        IEnumerable<string> references = ParameterSetName == IdSet ? CredentialId : Uri;
        return Each(references.ToArray(), given => new CredentialItem(ParameterSetName == IdSet ? CredentialPath.UriOf(mount, AgentId, given) : given))
            .Select(item => Asked(item.Uri)).OfType<CredentialItem>();
    }

    /// <inheritdoc/>
    private protected override string? Hint(BridgeException fault) => LiteralUri.Hint(fault);

    private CredentialItem? Asked(string uri)
    {
        if (Change is not { } change)
        {
            return new(uri);
        }

        Answer answer = Ask($"{change} the credential {uri}", $"{change} the credential {uri}?");
        return answer == Answer.No ? null : new(uri, answer == Answer.PlanOnly, Secret);
    }
}
