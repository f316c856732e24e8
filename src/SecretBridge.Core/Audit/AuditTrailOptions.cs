using SecretBridge.Reporting;

namespace SecretBridge.Audit;

/// <summary>Where an audit trail is kept.</summary>
internal sealed record AuditTrailOptions
{
    /// <summary>The file's full name. Beside it lie a lock and the rotated files <c>.1</c>, <c>.2</c> and so on, the oldest last.</summary>
    public required string Path { get; init; }

    /// <summary>Who acts where an event does not say: the user of this machine.</summary>
    public required string Actor { get; init; }

    /// <summary>How large the file may grow before it is rotated, in bytes.</summary>
    public long MaxSize { get; init; } = 64L << 20;

    /// <summary>How many rotated files are kept; older ones are deleted.</summary>
    public int Keep { get; init; } = 9;

    /// <summary>How long to wait for another process that writes.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Checks what can be checked before any write.</summary>
    /// <exception cref="BridgeException">An option cannot be right.</exception>
    public void Validate()
    {
        string? flaw = Path.Length == 0 ? "it needs a file" : MaxSize < 1 ? "MaxSize must be above 0" : Keep < 1 ? "Keep must be 1 or more" : null;
        if (flaw is not null)
        {
            throw new BridgeException(FaultKind.InvalidArgument, "AuditPath", $"The audit trail cannot be kept: {flaw}.");
        }
    }
}
