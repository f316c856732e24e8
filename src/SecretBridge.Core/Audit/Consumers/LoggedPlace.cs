namespace SecretBridge.Audit.Consumers;

/// <summary>Which secret or folder a request was for.</summary>
/// <param name="mount">Its mount.</param>
/// <param name="below">The path below it, without the words of version 2; empty for the mount itself.</param>
internal readonly ref struct LoggedPlace(ReadOnlySpan<byte> mount, ReadOnlySpan<byte> below)
{
    internal ReadOnlySpan<byte> Mount { get; } = mount;

    internal ReadOnlySpan<byte> Below { get; } = below;
}
