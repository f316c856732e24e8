using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Inventory;

/// <summary>What to count of subtrees, and what may be read for it.</summary>
public sealed record MeasureOptions
{
    /// <summary>From so many bytes a secret is large, where nobody says otherwise.</summary>
    public const long UsualLargeBytes = 64 << 10;

    /// <summary>Finds the stores that references mean.</summary>
    public required IStoreResolver Stores { get; init; }

    /// <summary>Globs of relative paths to count; empty counts all.</summary>
    public IReadOnlyList<string> Include { get; init; } = [];

    /// <summary>Globs of relative paths to leave out; they win over <see cref="Include"/>.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>How many folders deep below a root there are rows, each with all that lies below its folder; 0 is the root alone.</summary>
    public int Depth { get; init; }

    /// <summary>Gives a row for each folder that holds secrets, with these alone, so that nothing is counted in two rows.</summary>
    public bool ByFolder { get; init; }

    /// <summary>Counts names only: no metadata is read.</summary>
    public bool NamesOnly { get; init; }

    /// <summary>Reads the latest value of each live secret for its size.</summary>
    public bool IncludeSize { get; init; }

    /// <summary>From so many bytes a secret is large.</summary>
    public long LargeBytes { get; init; } = UsualLargeBytes;

    /// <summary>How many requests may be in flight; null finds out how many are good for the server.</summary>
    public int? ThrottleLimit { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Checks what can be checked before any request.</summary>
    /// <exception cref="BridgeException">An option cannot be right (<see cref="FaultKind.InvalidArgument"/>).</exception>
    public void Validate()
    {
        BoundedPipe.CheckDegree(ThrottleLimit);
        if (Depth < 0 || (Depth > 0 && ByFolder))
        {
            throw new BridgeException(FaultKind.InvalidArgument, nameof(Depth), "Depth must be 0 or more, and is not for rows of single folders.");
        }

        if (NamesOnly && IncludeSize)
        {
            throw new BridgeException(FaultKind.InvalidArgument, nameof(IncludeSize), "Either names alone are counted, or sizes are read too.");
        }

        if (LargeBytes < 1)
        {
            throw new BridgeException(FaultKind.InvalidArgument, nameof(LargeBytes), "LargeBytes must be 1 or more.");
        }
    }
}
