using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Audit.Consumers;

/// <summary>How to make sure that nobody needs secrets any more before they are removed.</summary>
internal sealed record RetirementOptions
{
    /// <summary>Finds the stores of the secrets.</summary>
    public required IStoreResolver Stores { get; init; }

    /// <summary>Since when nobody may have read or written them.</summary>
    public required DateTimeOffset NotReadSince { get; init; }

    /// <summary>Files and folders of the server's audit log; of all nodes that may have served requests.</summary>
    public required IReadOnlyList<string> Logs { get; init; }

    /// <summary>SecretBridge's audit trails, by which its own requests are told apart.</summary>
    public IReadOnlyList<string> Trails { get; init; } = [];

    /// <summary>How long the log may take to show a request that was just made.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How much earlier than the run began its own requests may have been logged.</summary>
    public TimeSpan Tolerance { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Checks what can be checked before anything is read.</summary>
    /// <exception cref="BridgeException">An option cannot be right.</exception>
    public void Validate()
    {
        if (Logs.Count == 0)
        {
            throw new BridgeException(FaultKind.InvalidArgument, "AuditLog", "-NotReadSince needs the server's audit log: give its file or folder with -AuditLog.");
        }

        if (NotReadSince >= Time.GetUtcNow())
        {
            throw new BridgeException(FaultKind.InvalidArgument, nameof(NotReadSince), "NotReadSince must be in the past.");
        }
    }
}
