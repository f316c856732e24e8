using SecretBridge.Reporting;

namespace SecretBridge.Profiles;

/// <summary>What became of one run of a command with a profile.</summary>
public sealed record ProfileRunResult : IFaultRow
{
    /// <summary>The complete reference of the secret that holds the profile; what was asked for where it was not found.</summary>
    public required string Uri { get; init; }

    /// <summary>The secret's name.</summary>
    public required string Name { get; init; }

    /// <summary>The command, without its arguments.</summary>
    public required string Command { get; init; }

    /// <summary>The command's exit code; null where nothing was run.</summary>
    public int? ExitCode { get; init; }

    /// <summary>How long it ran.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>The names of the variables that it got from the profile.</summary>
    public IReadOnlyList<string> Variable { get; init; } = [];

    /// <summary>True where nothing was run because only a plan was asked for.</summary>
    public bool Planned { get; init; }

    /// <summary>Why nothing was run; null where something was.</summary>
    public string? Reason { get; init; }

    /// <summary>The reference.</summary>
    public override string ToString() => Uri;

    BridgeException? IFaultRow.Fault => Fault;

    internal BridgeException? Fault { get; init; }
}
