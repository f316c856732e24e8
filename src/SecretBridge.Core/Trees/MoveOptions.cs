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

    /// <summary>
    /// What need not arrive. Any other loss, and nothing is removed. <see cref="CopyLoss.CreatedTime"/> needs no consent: no
    /// server takes it.
    /// </summary>
    public IReadOnlyList<CopyLoss> AllowLoss { get; init; } = [];

    /// <summary>
    /// Asked with the references of all that is to go, before the first is removed, and where that is known by then also before
    /// the first is copied: it refuses by an exception (<see cref="FaultKind.RemovalRefused"/>). Null asks nobody.
    /// </summary>
    public Func<IReadOnlyList<string>, CancellationToken, Task>? LastCheck { get; init; }

    /// <summary>Checks what can be checked before any request.</summary>
    /// <exception cref="BridgeException">An option cannot be right.</exception>
    public void Validate()
    {
        Copy.Validate();
        RemovalOptions.CheckMaxDelete(MaxDelete);
        if (Copy.Mirror || Copy.Planned is not null)
        {
            throw Wrong("Mirror", "A move removes at the source. Mirror with Copy-VaultSubtree, after it or before.");
        }

        if (Copy.Version.Number is not null)
        {
            throw Wrong("Version", "A move carries the latest version or all of them. To keep one older version only, copy it, and remove the secret with Remove-VaultSecret.");
        }

        if (Copy.Conflict == ConflictPolicy.Merge)
        {
            throw Wrong("Conflict", "What was merged is not equal to its source, so that nothing proves that the source may go. Merge with Copy-VaultSubtree first, and then move.");
        }

        if (Copy.DeletedVersion == DeletedVersionPolicy.Preserve && Copy.Conflict is (ConflictPolicy.Overwrite or ConflictPolicy.NewerWins))
        {
            throw Wrong("DeletedVersion", $"A second run would find deleted at the source what the first has moved, and with -Conflict {Copy.Conflict} would delete it at the destination too. Give -Conflict Fail or Skip with -DeletedVersion Preserve.");
        }
    }

    /// <summary>Whether a loss keeps secrets from being removed.</summary>
    internal bool Blocks(CopyLoss loss) => loss != CopyLoss.CreatedTime && !AllowLoss.Contains(loss);

    private static BridgeException Wrong(string option, string why) => new(FaultKind.InvalidArgument, option, why);
}
