using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>How to remove secrets that were proven to be elsewhere.</summary>
public sealed record RemovalOptions
{
    /// <summary>Finds the stores of what is removed.</summary>
    public required IStoreResolver Stores { get; init; }

    /// <summary>Finds the stores that it was compared with. A secret without versions is compared again before it goes.</summary>
    public required IStoreResolver OtherStores { get; init; }

    /// <summary>The comparison that the removal makes itself: all must be equal, or nothing is removed. Null where rows are given.</summary>
    public CompareOptions? Comparison { get; init; }

    /// <summary>Whether folders and secrets are removed that nothing was compared with.</summary>
    public bool Force { get; init; }

    /// <summary>Globs of relative paths to remove, with <see cref="Force"/>; empty removes all.</summary>
    public IReadOnlyList<string> Include { get; init; } = [];

    /// <summary>Globs of relative paths to leave, with <see cref="Force"/>.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>How much of each secret goes.</summary>
    public RemovalExtent Extent { get; init; }

    /// <summary>How many secrets may go. Where there are more, none goes.</summary>
    public int MaxDelete { get; init; }

    /// <summary>
    /// Asked once, with the references of all that is to go, before the first is removed: it refuses by an exception
    /// (<see cref="FaultKind.RemovalRefused"/>). Null asks nobody.
    /// </summary>
    public Func<IReadOnlyList<string>, CancellationToken, Task>? LastCheck { get; init; }

    /// <summary>Whether to stop before every removal and only say what it would do.</summary>
    public bool PlanOnly { get; init; }

    /// <summary>The most requests a second to all servers together; null for no limit but those of the connections.</summary>
    public double? RateLimit { get; init; }

    /// <summary>How many secrets may be under way; null finds out how many are good for the server.</summary>
    public int? ThrottleLimit { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>What goes on with a removal that was stopped.</summary>
    internal string Again { get; init; } = "run the same command again: what is gone by then is skipped. Rows must be compared anew.";

    /// <summary>Checks what can be checked before any request.</summary>
    /// <exception cref="BridgeException">An option cannot be right.</exception>
    public void Validate()
    {
        BoundedPipe.CheckDegree(ThrottleLimit);
        CheckMaxDelete(MaxDelete);
        PipeLoad.CheckRate(RateLimit);
        Comparison?.Validate();
        if (Comparison is { IsWhole: false })
        {
            throw new BridgeException(FaultKind.InvalidArgument, nameof(Comparison), "What was compared in part permits no removal.");
        }
    }

    /// <exception cref="BridgeException">The number cannot be right (<see cref="FaultKind.InvalidArgument"/>).</exception>
    internal static void CheckMaxDelete(int maxDelete)
    {
        if (maxDelete < 0)
        {
            throw new BridgeException(FaultKind.InvalidArgument, nameof(MaxDelete), "MaxDelete must be 0 or more.");
        }
    }
}
