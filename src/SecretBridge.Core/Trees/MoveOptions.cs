using SecretBridge.Reporting;

namespace SecretBridge.Trees;

/// <summary>How to move subtrees: how to copy them, and how to remove them from the source after that.</summary>
public sealed record MoveOptions
{
    /// <summary>How to copy. What was written is always read back.</summary>
    public required CopyOptions Copy { get; init; }

    /// <summary>How much of each moved secret goes from the source.</summary>
    public RemovalExtent Extent { get; init; }

    /// <summary>How many secrets may go from the source. Where more were copied, none goes.</summary>
    public int MaxDelete { get; init; }

    /// <summary>Checks what can be checked before any request.</summary>
    /// <exception cref="BridgeException">An option cannot be right.</exception>
    public void Validate()
    {
        Copy.Validate();
        RemovalOptions.CheckMaxDelete(MaxDelete);
    }
}
