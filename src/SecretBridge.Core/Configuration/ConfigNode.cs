using System.Diagnostics;
using SecretBridge.Reporting;

namespace SecretBridge.Configuration;

/// <summary>One value of a configuration file and where it stands. It may be a secret: its text does not show it.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Position">Where it begins.</param>
[DebuggerDisplay("{Kind}")]
internal sealed record ConfigNode(NodeKind Kind, FilePosition Position)
{
    /// <summary>The characters of a text, or the spelling of a number or flag.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string Text { get; init; } = "";

    /// <summary>The fields of an object, in their order.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public IReadOnlyList<ConfigMember> Members { get; init; } = [];

    /// <summary>The kind and nothing else.</summary>
    public override string ToString() => Kind.ToString();
}
