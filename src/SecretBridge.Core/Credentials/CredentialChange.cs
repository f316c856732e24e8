using SecretBridge.Reporting;
using SecretBridge.Secrets;
using SecretBridge.Stores;

namespace SecretBridge.Credentials;

/// <summary>What became of one credential that was to be written, rotated or removed.</summary>
public sealed record CredentialChange : IFaultRow
{
    /// <summary>The complete reference of the credential, with its backend.</summary>
    public required string Uri { get; init; }

    /// <summary>The agent; empty where the reference is not that of a credential.</summary>
    public required string AgentId { get; init; }

    /// <summary>The credential; empty where the reference is not that of a credential.</summary>
    public required string CredentialId { get; init; }

    /// <summary>What was done, or would be.</summary>
    public required SecretAction Action { get; init; }

    /// <summary>True where nothing was changed because only a plan was asked for.</summary>
    public bool Planned { get; init; }

    /// <summary>The version that holds the secret now; null where nothing was written, or the store keeps none.</summary>
    public int? Version { get; init; }

    /// <summary>The version that keeps the secret that was rotated out; null where nothing was rotated, or the store keeps none.</summary>
    public int? PreviousVersion { get; init; }

    /// <summary>The generated secret; null where none was generated, or nothing was written.</summary>
    public SealedValue? NewSecret { get; init; }

    /// <summary>The server's id of the write, to find it in the audit log.</summary>
    public string? RequestId { get; init; }

    /// <summary>Why it failed, or what to know about it.</summary>
    public string? Reason { get; init; }

    /// <summary>The reference.</summary>
    public override string ToString() => Uri;

    BridgeException? IFaultRow.Fault => Fault;

    internal BridgeException? Fault { get; init; }

    /// <summary>The row of a change, its failure named as the runbook does.</summary>
    internal static CredentialChange Of(SecretChange change, CredentialPath path)
    {
        BridgeException? fault = change.Fault is { } cause ? CredentialFaults.Write(cause) : null;
        return new()
        {
            Uri = change.Uri,
            AgentId = path.AgentId,
            CredentialId = path.CredentialId,
            Action = change.Action,
            Planned = change.Planned,
            Version = change is { Version: [var version], Action: SecretAction.Created or SecretAction.Updated or SecretAction.Unchanged } ? version : null,
            PreviousVersion = change.PreviousVersion,
            NewSecret = change.NewValue,
            RequestId = change.RequestId,
            Reason = fault?.Message ?? change.Reason,
            Fault = fault,
        };
    }

    /// <summary>The row of a credential that could not even be begun with.</summary>
    internal static CredentialChange Failed(string uri, CredentialPath? path, BridgeException fault) => new()
    {
        Uri = uri,
        AgentId = path?.AgentId ?? "",
        CredentialId = path?.CredentialId ?? "",
        Action = SecretAction.Failed,
        Reason = fault.Message,
        Fault = fault,
    };
}
