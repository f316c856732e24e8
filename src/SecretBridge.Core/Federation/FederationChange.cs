using SecretBridge.Reporting;

namespace SecretBridge.Federation;

/// <summary>A change of a federation backend; what is null stays as it is.</summary>
public sealed record FederationChange
{
    /// <summary>The server's id of the backend.</summary>
    public required string Id { get; init; }

    /// <summary>How ScaiVault shall use it, such as <c>sync</c>.</summary>
    public string? Mode { get; init; }

    /// <summary>How often to synchronise, such as <c>300</c> or <c>5m</c>: digits are sent as a number, anything else as text.</summary>
    public string? SyncInterval { get; init; }

    /// <summary>Which side wins where both have changed.</summary>
    public string? ConflictResolution { get; init; }

    /// <summary>Whether to stop before the request and only say what it would do.</summary>
    public bool PlanOnly { get; init; }

    /// <summary>Who is told once it is changed.</summary>
    public IAuditSink Audit { get; init; } = NoAudit.Instance;

    /// <summary>Checks what can be checked before any request.</summary>
    /// <exception cref="BridgeException">An option cannot be right.</exception>
    public void Validate()
    {
        if (Id.Length == 0 || Id.Contains('/', StringComparison.Ordinal))
        {
            throw new BridgeException(FaultKind.InvalidArgument, "Id", "Name the backend by the id that ScaiVault gave it.");
        }

        if (Mode is null && SyncInterval is null && ConflictResolution is null)
        {
            throw new BridgeException(FaultKind.InvalidArgument, "Mode", "Nothing is to be changed: give -Mode, -SyncInterval or -ConflictResolution.");
        }
    }
}
