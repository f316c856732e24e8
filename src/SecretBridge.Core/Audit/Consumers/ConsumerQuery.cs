using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Audit.Consumers;

/// <summary>Whose requests to look for in which logs.</summary>
internal sealed record ConsumerQuery
{
    /// <summary>The secrets or folders.</summary>
    public IReadOnlyList<string> Uris { get; init; } = [];

    /// <summary>Finds the mounts of references where there is a connection; null works without.</summary>
    public IStoreResolver? Stores { get; init; }

    /// <summary>The mount of the references. The server is not asked then.</summary>
    public string? Mount { get; init; }

    /// <summary>1 or 2; null where the server is to tell it, or both forms of paths are to be taken.</summary>
    public int? KvVersion { get; init; }

    /// <summary>The namespace, empty for the root; null for the connection's, and without one any.</summary>
    public string? Namespace { get; init; }

    /// <summary>Files of a server's audit log, packed or not, and folders that hold its rotated files.</summary>
    public IReadOnlyList<string> Logs { get; init; } = [];

    /// <summary>The earliest time to count.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The first time not to count.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>What is counted in one row; empty for an identity.</summary>
    public IReadOnlyList<ConsumerGrouping> GroupBy { get; init; } = [];

    /// <summary>SecretBridge's audit trails, by which its own requests are told apart.</summary>
    public IReadOnlyList<string> Trails { get; init; } = [];

    /// <summary>Whether SecretBridge's own requests are left out.</summary>
    public bool ExcludesOwn { get; init; }

    /// <summary>Whether to go on with what the server logs from now on.</summary>
    public bool Waits { get; init; }

    /// <summary>How often files are looked at again.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Targets that need not be looked for any more.</summary>
    internal IReadOnlyList<LogTarget> Targets { get; init; } = [];

    /// <summary>The run's own requests, where they are known otherwise than by trails.</summary>
    internal (byte[] HashedToken, DateTimeOffset From)? OwnRun { get; init; }

    /// <summary>Whether every line is read, so that none that is broken goes unseen.</summary>
    internal bool ReadsEveryLine { get; init; }

    /// <summary>Of how many requests it is remembered that they were counted, which another device may have logged too.</summary>
    internal int MostKnown { get; init; } = 1 << 19;

    /// <summary>Whether listings and reads of metadata are left out, which give out no value.</summary>
    internal bool OnlyValues { get; init; }

    /// <summary>Whether a mount with versions may have had none before, so that paths of then count too.</summary>
    internal bool TakesEarlierVersion { get; init; }

    /// <summary>Checks what can be checked before any file is read.</summary>
    /// <exception cref="BridgeException">An option cannot be right.</exception>
    public void Validate()
    {
        if (Uris.Count + Targets.Count == 0)
        {
            throw new BridgeException(FaultKind.InvalidArgument, nameof(Uris), "Say whose consumers are looked for: a reference such as vault://mount/path.");
        }

        if (KvVersion is not (null or 1 or 2))
        {
            throw new BridgeException(FaultKind.InvalidArgument, nameof(KvVersion), "KvVersion must be 1 or 2.");
        }

        if (Since > Until)
        {
            throw new BridgeException(FaultKind.InvalidArgument, nameof(Since), "Since must not be after Until.");
        }

        if (Waits && Logs.Count == 0)
        {
            throw new BridgeException(FaultKind.InvalidArgument, nameof(Logs), "Waiting needs a file or folder to look at: give it with -AuditLog.");
        }
    }
}
