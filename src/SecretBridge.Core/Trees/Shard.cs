using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SecretBridge.Reporting;

namespace SecretBridge.Trees;

/// <summary>
/// One of several parts of a tree that together are all of it and share nothing, so that several runners do one job. Which
/// part a path is in follows from its text alone: the first eight bytes of the SHA-256 of its UTF-8, as a big-endian number,
/// modulo <see cref="Count"/>.
/// </summary>
public sealed record Shard
{
    /// <summary>The most parts of one tree.</summary>
    public const int MaximumCount = 1000;

    private Shard(int number, int count) => (Number, Count) = (number, count);

    /// <summary>Which part it is, from 1.</summary>
    public int Number { get; }

    /// <summary>How many parts there are.</summary>
    public int Count { get; }

    /// <summary>One part of several.</summary>
    /// <exception cref="BridgeException">There is no such part (<see cref="FaultKind.InvalidArgument"/>).</exception>
    public static Shard Of(int number, int count) => count is >= 1 and <= MaximumCount && number >= 1 && number <= count
        ? new(number, count)
        : throw Refused(FormattableString.Invariant($"{number}/{count}"));

    /// <summary>Reads a part such as <c>3/8</c>.</summary>
    /// <exception cref="BridgeException">The text is no such part (<see cref="FaultKind.InvalidArgument"/>).</exception>
    public static Shard Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Split('/');
        return parts.Length == 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int count)
            ? Of(number, count)
            : throw Refused(text);
    }

    /// <summary>Whether a path is in this part.</summary>
    /// <param name="relativePath">The path below the source root, unescaped; that of a folder ends in a slash.</param>
    public bool Contains(string relativePath)
    {
        ArgumentNullException.ThrowIfNull(relativePath);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(relativePath), hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash) % (ulong)Count == (ulong)(Number - 1);
    }

    /// <summary>The part as it is written, such as <c>3/8</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Number}/{Count}");

    /// <summary>Whether parts of which there are summaries are all the parts of one whole, each once; false where there are no parts.</summary>
    /// <exception cref="BridgeException">One is missing or is there twice, so that nothing can be said of the whole (<see cref="FaultKind.InvalidArgument"/>).</exception>
    internal static bool CheckWhole(IReadOnlyCollection<string?> shards)
    {
        if (shards.Count == 0)
        {
            throw new BridgeException(FaultKind.InvalidArgument, nameof(Shard), "There are no summaries to add up.");
        }

        if (shards.All(shard => shard is null))
        {
            return false;
        }

        Shard?[] parts = [.. shards.Select(shard => shard is null ? null : Parse(shard))];
        int count = parts.Max(part => part?.Count ?? 0);
        int[] numbers = [.. parts.Where(part => part?.Count == count).Select(part => part!.Number).Order()];
        return parts.Length == numbers.Length && numbers.SequenceEqual(Enumerable.Range(1, count))
            ? true
            : throw new BridgeException(FaultKind.InvalidArgument, nameof(Shard),
                $"The summaries are of {string.Join(", ", shards.Select(shard => shard ?? "a whole"))}, and say nothing of the whole: it takes each of the {count} shards once.");
    }

    private static BridgeException Refused(string text) =>
        new(FaultKind.InvalidArgument, "Shard", $"Shard '{text}' is not a part such as 3/8: a number from 1, a slash, and how many there are, {MaximumCount} at most.");
}
