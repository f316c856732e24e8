using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Profiles;

/// <summary>The failures that the operations on profiles share.</summary>
internal static class ProfileFaults
{
    /// <summary>Whether no other profile could fare better, so that the run ends.</summary>
    internal static bool EndsTheRun(BridgeException exception) => exception.Kind is FaultKind.NotConnected or FaultKind.SealedStoreLocked or FaultKind.AuditFailed;

    /// <summary>That a workflow may not use a profile.</summary>
    internal static BridgeException NotAllowed(string uri, string workflow) => new(FaultKind.WorkflowNotAllowed, uri,
        $"The profile '{uri}' does not allow the workflow '{workflow}'; its allowed_workflows name others.");

    /// <summary>Why no payload came of a read.</summary>
    internal static BridgeException Unreadable(string uri, SecretReading reading) => reading.State switch
    {
        SecretState.Deleted => new(FaultKind.SecretDeleted, uri, $"The profile '{uri}' is deleted."),
        SecretState.Destroyed => new(FaultKind.SecretDeleted, uri, $"The profile '{uri}' is destroyed; its values are gone for good."),
        _ => new(FaultKind.SecretNotFound, uri, $"There is no profile '{uri}', or the token may not know of it."),
    };
}
