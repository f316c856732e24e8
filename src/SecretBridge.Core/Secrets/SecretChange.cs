using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Secrets;

/// <summary>What became of one secret that was to be written, removed or restored.</summary>
public sealed record SecretChange : IFaultRow
{
    /// <summary>The complete reference of the secret, with its backend and without version.</summary>
    public required string Uri { get; init; }

    /// <summary>The folder that holds it, as a complete reference.</summary>
    public required string Root { get; init; }

    /// <summary>The name below <see cref="Root"/>, unescaped.</summary>
    public required string RelativePath { get; init; }

    /// <summary>What was done, or would be.</summary>
    public required SecretAction Action { get; init; }

    /// <summary>True where nothing was changed because only a plan was asked for.</summary>
    public bool Planned { get; init; }

    /// <summary>The versions concerned: the one written, or those removed or restored. Empty where the store keeps none or all are meant.</summary>
    public IReadOnlyList<int> Version { get; init; } = [];

    /// <summary>The key that was given a new value; null where the whole secret was written or removed.</summary>
    public string? Key { get; init; }

    /// <summary>The generated value that was written; null where none was generated, or nothing was written.</summary>
    public SealedValue? NewValue { get; init; }

    /// <summary>The version that keeps the value that was rotated out; null where nothing was rotated or the store keeps none.</summary>
    public int? PreviousVersion { get; init; }

    /// <summary>The server's id of the write, to find it in the audit log.</summary>
    public string? RequestId { get; init; }

    /// <summary>Why it failed, or what to know about it.</summary>
    public string? Reason { get; init; }

    /// <summary>The reference.</summary>
    public override string ToString() => Uri;

    BridgeException? IFaultRow.Fault => Fault;

    internal BridgeException? Fault { get; init; }
}
