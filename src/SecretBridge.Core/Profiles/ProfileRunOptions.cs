using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Profiles;

/// <summary>How to run a command with profiles.</summary>
public sealed record ProfileRunOptions
{
    /// <summary>Finds the stores that references mean.</summary>
    public required IStoreResolver Stores { get; init; }

    /// <summary>The command: the full path of an executable.</summary>
    public required string Command { get; init; }

    /// <summary>Its arguments, each handed over as it is. Any user of the machine can see them: they must hold nothing secret.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Where it runs; null for where this process does.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>The variables that it gets besides those of the profile, which win over them.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Lines for its standard input; without them it is at its end from the start.</summary>
    public IReadOnlyList<string> Input { get; init; } = [];

    /// <summary>The workflow that uses the profiles; null for none. One that a profile does not allow is refused.</summary>
    public string? Workflow { get; init; }

    /// <summary>Opens values that are references; null refuses profiles that have such.</summary>
    public Func<string, CancellationToken, ValueTask<SealedValue>>? Resolve { get; init; }

    /// <summary>Whether the command's output may hold the profile's secrets. Otherwise each is replaced by <c>(sealed)</c>.</summary>
    public bool AllowSecretOutput { get; init; }

    /// <summary>Takes each line of standard output; the command waits for it.</summary>
    public required Func<string, Task> Output { get; init; }

    /// <summary>Takes each line of standard error; the command waits for it.</summary>
    public required Func<string, Task> Error { get; init; }

    /// <summary>Hears which profile is used, before anything runs.</summary>
    public IAuditSink Audit { get; init; } = NoAudit.Instance;

    /// <summary>The clock for durations.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Whether only to say what would be run.</summary>
    public bool PlanOnly { get; init; }
}
