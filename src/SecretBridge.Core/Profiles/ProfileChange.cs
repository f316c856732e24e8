using SecretBridge.Reporting;

namespace SecretBridge.Profiles;

/// <summary>What became of one profile that was to be written or removed.</summary>
public sealed record ProfileChange : IFaultRow
{
    /// <summary>The complete reference of the secret that holds the profile; what was asked for where it was not found.</summary>
    public required string Uri { get; init; }

    /// <summary>The secret's name.</summary>
    public required string Name { get; init; }

    /// <summary>What was done, or would be.</summary>
    public required ProfileAction Action { get; init; }

    /// <summary>True where nothing was changed because only a plan was asked for.</summary>
    public bool Planned { get; init; }

    /// <summary>The version written or deleted; null where the store keeps none, or where none was.</summary>
    public int? Version { get; init; }

    /// <summary>The keys that became others, came or went, such as <c>owner</c> or <c>secrets.DB_PASSWORD</c>; never a value.</summary>
    public IReadOnlyList<string> ChangedKey { get; init; } = [];

    /// <summary>The server's id of the write, to find it in the audit log.</summary>
    public string? RequestId { get; init; }

    /// <summary>Why it failed, or what to know about it.</summary>
    public string? Reason { get; init; }

    /// <summary>The reference.</summary>
    public override string ToString() => Uri;

    BridgeException? IFaultRow.Fault => Fault;

    internal BridgeException? Fault { get; init; }

    internal static ProfileChange Failed(string uri, string name, BridgeException fault) =>
        new() { Uri = uri, Name = name, Action = ProfileAction.Failed, Reason = fault.Message, Fault = fault };
}
