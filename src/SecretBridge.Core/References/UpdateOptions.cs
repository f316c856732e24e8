using SecretBridge.Reporting;

namespace SecretBridge.References;

/// <summary>How to rewrite references in files.</summary>
public sealed record UpdateOptions
{
    /// <summary>What has moved where. Of two that fit a reference, the longer counts.</summary>
    public required IReadOnlyList<MovedReference> Moves { get; init; }

    /// <summary>Whether each file is kept as it was before, as <c>name.bak</c> beside it; an older such copy is never overwritten.</summary>
    public bool Backup { get; init; } = true;

    /// <summary>The largest file that is read, in bytes.</summary>
    public long LargestFile { get; init; } = 16 << 20;

    /// <summary>Checks what can be checked before any file is read.</summary>
    /// <exception cref="BridgeException">There is nothing to rewrite, or a reference cannot be one of a file.</exception>
    public void Validate() => _ = new ReferenceMap(Moves);
}
