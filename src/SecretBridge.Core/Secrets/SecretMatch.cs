using SecretBridge.Reporting;

namespace SecretBridge.Secrets;

/// <summary>Whether a submitted value is the stored one.</summary>
public sealed record SecretMatch : IFaultRow
{
    /// <summary>The complete reference, with the version and key that were asked for.</summary>
    public required string Uri { get; init; }

    /// <summary>Whether they are the same; null where there was nothing to compare with.</summary>
    public bool? IsMatch { get; init; }

    /// <summary>The reference.</summary>
    public override string ToString() => Uri;

    BridgeException? IFaultRow.Fault => Fault;

    internal BridgeException? Fault { get; init; }
}
