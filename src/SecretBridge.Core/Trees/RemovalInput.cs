using SecretBridge.Reporting;

namespace SecretBridge.Trees;

/// <summary>One thing given to a removal: a row of a comparison, a tree to remove by force, or something that is neither.</summary>
/// <param name="Row">The row of a comparison.</param>
/// <param name="Item">The folder or secret to remove without a comparison.</param>
public sealed record RemovalInput(TreeDifference? Row, TreeItem? Item = null)
{
    /// <summary>Why it is neither. Nothing at all is removed then.</summary>
    internal BridgeException? Fault { get; init; }

    /// <summary>A secret that a plan foresees to be copied: nothing can be compared before that.</summary>
    internal SourceStep? Foreseen { get; init; }

    /// <summary>What was given that permits nothing, such as an error of the command before.</summary>
    public static RemovalInput Unusable(string what) =>
        new(null, null) { Fault = new(FaultKind.RemovalRefused, what, $"{what} was piped, which is no row of Compare-SecretTree.") };
}
