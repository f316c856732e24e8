using System.Text;
using SecretBridge.Stores.Sealed;

namespace SecretBridge.Stores.Snapshots;

/// <summary>The names and bounds of version 1 of the format. docs/snapshot.md describes it for other readers.</summary>
internal static class SnapshotFormat
{
    internal const string Name = "secretbridge-snapshot/";
    internal const string FirstLine = Name + "1";

    /// <summary>The most that the first three lines may take together.</summary>
    internal const int MostHead = 4096;

    /// <summary>What a frame of several secrets is filled up to.</summary>
    internal const int UsualFrame = 64 * 1024;

    /// <summary>The most that a frame holds: longer secrets take several.</summary>
    internal const int MostFrame = 1024 * 1024;

    /// <summary>The most that one secret with its history takes.</summary>
    internal const int MostRecord = 256 * 1024 * 1024;

    /// <summary>Kind, number, length, sum.</summary>
    internal const int FrameHead = 1 + 8 + 4 + SealedFileFormat.SumLength;

    /// <summary>The place of the last frame, and the end mark.</summary>
    internal const int TrailerLength = 16;

    internal static ReadOnlySpan<byte> EndMark => "SBSNAP1\n"u8;

    /// <summary>What the wrapping of the data key is bound to.</summary>
    internal static byte[] KeyBinding(string id) => Encoding.ASCII.GetBytes($"{FirstLine}\nkey\n{id}");

    /// <summary>What a frame is bound to: this archive, what it is, and its place among the others.</summary>
    internal static byte[] FrameBinding(ReadOnlySpan<byte> headerHash, SnapshotFrameKind kind, long number) =>
    [
        .. Encoding.ASCII.GetBytes(FormattableString.Invariant($"{FirstLine}\nframe\n{(char)kind}\n{number}\n")),
        .. headerHash,
    ];
}
