using SecretBridge.Reporting;

namespace SecretBridge.Audit;

/// <summary>Which events of which trails to read.</summary>
internal sealed record AuditQuery
{
    /// <summary>The trails, each with the rotated files beside it.</summary>
    public required IReadOnlyList<string> Paths { get; init; }

    /// <summary>The actions to keep, with <c>*</c> and <c>?</c>; empty keeps all.</summary>
    public IReadOnlyList<string> Actions { get; init; } = [];

    /// <summary>The references to keep: with <c>*</c> and <c>?</c>, or a secret or folder and all below it; empty keeps all.</summary>
    public IReadOnlyList<string> Uris { get; init; } = [];

    /// <summary>The workflows to keep, with <c>*</c> and <c>?</c>; empty keeps all.</summary>
    public IReadOnlyList<string> Workflows { get; init; } = [];

    /// <summary>The actors to keep, with <c>*</c> and <c>?</c>; empty keeps all.</summary>
    public IReadOnlyList<string> Actors { get; init; } = [];

    /// <summary>The earliest time to keep.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The first time not to keep.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Files of the server's audit log to look the events up in; empty for none.</summary>
    public IReadOnlyList<string> VaultLogs { get; init; } = [];

    /// <summary>How many events may be looked up at once: their ids are held in memory.</summary>
    public int MostLookedUp { get; init; } = 1_000_000;

    /// <summary>Checks what can be checked before any file is read.</summary>
    /// <exception cref="BridgeException">An option cannot be right.</exception>
    public void Validate()
    {
        if (Paths.Count == 0)
        {
            throw new BridgeException(FaultKind.InvalidArgument, "Path",
                "No audit trail is on in this session, so that none can be read. Give its file with -Path, or set SECRETBRIDGE_AUDIT.");
        }

        if (Since > Until)
        {
            throw new BridgeException(FaultKind.InvalidArgument, "Since", "Since must not be after Until.");
        }
    }
}
