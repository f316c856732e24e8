using SecretBridge.Reporting;

namespace SecretBridge.References;

/// <summary>One reference in a configuration file that was rewritten, or would be. Of the file's text it shows references alone.</summary>
public sealed record ReferenceChange : IFaultRow
{
    /// <summary>The file's full path.</summary>
    public required string File { get; init; }

    /// <summary>The line, from 1; null where the whole file could not be rewritten.</summary>
    public int? Line { get; init; }

    /// <summary>The column of its first character, from 1.</summary>
    public int? Column { get; init; }

    /// <summary>The reference that stood there.</summary>
    public string? OldReference { get; init; }

    /// <summary>The reference in its place.</summary>
    public string? NewReference { get; init; }

    /// <summary>True where nothing was written because only a plan was asked for.</summary>
    public bool Planned { get; init; }

    /// <summary>The copy of the file as it was before; null where none was made.</summary>
    public string? Backup { get; init; }

    /// <summary>Why the file was not rewritten, or what to know about it.</summary>
    public string? Reason { get; init; }

    /// <summary>File and line.</summary>
    public override string ToString() => Line is { } line ? $"{File}:{line}" : File;

    BridgeException? IFaultRow.Fault => Fault;

    internal BridgeException? Fault { get; init; }
}
