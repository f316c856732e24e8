using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>How one secret compares on both sides. Keys are told by name; no value is.</summary>
public sealed record TreeDifference : IFaultRow
{
    /// <summary>The <see cref="SideIndicator"/> of the one row that stands for what cannot be known of a side that cannot be listed.</summary>
    public const string OneSided = "OneSided";

    /// <summary>The secret's complete reference: on the reference side, or on the difference side where only that has it.</summary>
    public required string Uri { get; init; }

    /// <summary><c>&lt;=</c> only the reference side has it, <c>=&gt;</c> only the difference side, <c>&lt;&gt;</c> both and
    /// they differ or cannot be told equal, <c>==</c> equal; <c>OneSided</c> no secret, but a side that could not be listed.</summary>
    public required string SideIndicator { get; init; }

    /// <summary>The root of the side that <see cref="Uri"/> is on.</summary>
    public required string Root { get; init; }

    /// <summary>The path below that root, unescaped; that of a folder ends in a slash.</summary>
    public required string RelativePath { get; init; }

    /// <summary>Keys that only the difference side has.</summary>
    public IReadOnlyList<string> AddedKey { get; init; } = [];

    /// <summary>Keys that only the reference side has.</summary>
    public IReadOnlyList<string> RemovedKey { get; init; } = [];

    /// <summary>Keys whose values differ.</summary>
    public IReadOnlyList<string> ChangedKey { get; init; } = [];

    /// <summary>The names of metadata that differ, where metadata was compared: settings, and custom pairs as <c>custom_metadata.key</c>.</summary>
    public IReadOnlyList<string> ChangedMetadata { get; init; } = [];

    /// <summary>The reference side's versions that the other side lacks or has otherwise, where histories were compared.</summary>
    public IReadOnlyList<int> ChangedVersion { get; init; } = [];

    /// <summary>The complete reference on the difference side; null where that has nothing there.</summary>
    public string? DifferenceUri { get; init; }

    /// <summary>What stands on the reference side.</summary>
    public SecretState ReferenceState { get; init; }

    /// <summary>What stands on the difference side.</summary>
    public SecretState DifferenceState { get; init; }

    /// <summary>The version read on the reference side.</summary>
    public int? ReferenceVersion { get; init; }

    /// <summary>The version read on the difference side.</summary>
    public int? DifferenceVersion { get; init; }

    /// <summary>What to know about it: why it could not be read, or a rule that made it equal.</summary>
    public string? Note { get; init; }

    /// <summary>The side and the reference.</summary>
    public override string ToString() => $"{SideIndicator} {Uri}";

    BridgeException? IFaultRow.Fault => Fault;

    internal BridgeException? Fault { get; init; }

    /// <summary>What the row permits to remove; null where it permits nothing.</summary>
    internal RemovalPermit? Permit { get; init; }
}
