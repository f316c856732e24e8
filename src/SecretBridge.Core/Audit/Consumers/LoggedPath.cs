namespace SecretBridge.Audit.Consumers;

/// <summary>What an entry of the log asks for.</summary>
/// <param name="operation">What it does, before its path is known: never <see cref="RequestKind.Metadata"/>.</param>
/// <param name="path">The API path, without a slash at its end.</param>
/// <param name="namespacePath">The namespace without slashes at its ends; empty for the root.</param>
/// <param name="mountPoint">The mount without a slash at its end; empty where the log does not tell it.</param>
internal readonly ref struct LoggedPath(
    RequestKind operation, ReadOnlySpan<byte> path, ReadOnlySpan<byte> namespacePath, ReadOnlySpan<byte> mountPoint)
{
    internal RequestKind Operation { get; } = operation;

    internal ReadOnlySpan<byte> Path { get; } = path.TrimEnd((byte)'/');

    internal ReadOnlySpan<byte> Namespace { get; } = namespacePath.Trim((byte)'/');

    internal ReadOnlySpan<byte> MountPoint { get; } = mountPoint.TrimEnd((byte)'/');

    /// <summary>The kind of an operation, as the log names it.</summary>
    internal static RequestKind KindOf(ReadOnlySpan<byte> operation) =>
        operation.SequenceEqual("read"u8) ? RequestKind.Read
        : operation.SequenceEqual("list"u8) || operation.SequenceEqual("scan"u8) ? RequestKind.List
        : operation.SequenceEqual("update"u8) || operation.SequenceEqual("create"u8) || operation.SequenceEqual("delete"u8) || operation.SequenceEqual("patch"u8)
            ? RequestKind.Write
        : RequestKind.None;
}
