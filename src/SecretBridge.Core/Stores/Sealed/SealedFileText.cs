using System.Security.Cryptography;
using SecretBridge.Reporting;

namespace SecretBridge.Stores.Sealed;

/// <summary>
/// A sealed file taken apart, without its key: whole, undamaged and of a version that is known. Nothing here costs a
/// derivation, so that damage is told before a passphrase is tried.
/// </summary>
internal sealed class SealedFileText
{
    private SealedFileText(SealedFileHeader header, ReadOnlyMemory<byte> headerText, ReadOnlyMemory<byte> authenticated, byte[] mac, ReadOnlyMemory<byte> head, List<Record> records)
    {
        Header = header;
        HeaderText = headerText;
        Authenticated = authenticated;
        Mac = mac;
        Head = head;
        Records = records;
    }

    internal SealedFileHeader Header { get; }

    /// <summary>The first two lines: what the entries are bound to.</summary>
    internal ReadOnlyMemory<byte> HeaderText { get; }

    /// <summary>What the MAC is of: the first two lines and the hash of the body.</summary>
    internal ReadOnlyMemory<byte> Authenticated { get; }

    internal byte[] Mac { get; }

    internal ReadOnlyMemory<byte> Head { get; }

    internal IReadOnlyList<Record> Records { get; }

    /// <exception cref="BridgeException">It is damaged, cut off, put together of other files, or too new.</exception>
    internal static SealedFileText Parse(ReadOnlyMemory<byte> file, string path)
    {
        var lines = new Lines(file, path);
        SealedFileFormat.CheckFirst(lines.Next(SealedFileFormat.MostHead, "its first line").Span, SealedFileFormat.Name, path);
        ReadOnlyMemory<byte> headerLine = lines.Next(SealedFileFormat.MostHead, "its header");
        ReadOnlyMemory<byte> headerText = file[..lines.Position];
        ReadOnlyMemory<byte> proof = lines.Next(SealedFileFormat.MostHead, "its header");
        ReadOnlyMemory<byte> head = file[..lines.Position];
        int sumAt = proof.Span.LastIndexOf((byte)' ');
        int macAt = proof.Span.IndexOf((byte)' ');
        int sumStart = headerText.Length + sumAt;
        if (macAt < 0 || macAt == sumAt || !SealedFileFormat.HasSum(file.Span[..sumStart], proof.Span[(sumAt + 1)..]))
        {
            throw SealedFileFault.Damaged(path, "the sum of its header does not fit");
        }

        var header = SealedFileHeader.Parse(headerLine, path);
        if (SealedFileFormat.TryDecode(proof.Span[..macAt]) is not { Length: SHA256.HashSizeInBytes } bodyHash
            || SealedFileFormat.TryDecode(proof.Span[(macAt + 1)..sumAt]) is not { Length: SHA256.HashSizeInBytes } mac)
        {
            throw SealedFileFault.Damaged(path, "its third line is not one of version 1");
        }

        List<Record> records = ReadRecords(lines, header.Entries, path);
        return CryptographicOperations.FixedTimeEquals(SHA256.HashData(file.Span[head.Length..]), bodyHash)
            ? new(header, headerText, file[..(headerText.Length + macAt)], mac, head, records)
            : throw SealedFileFault.Tampered(path, "its entries are not those that it was saved with, or stand in another order");
    }

    private static List<Record> ReadRecords(Lines lines, int count, string path)
    {
        var records = new List<Record>();
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> line = lines.Next(int.MaxValue, $"{count - i} of its {count} entries are missing").Span;
            int dataAt = line.IndexOf((byte)' ');
            int sumAt = line.LastIndexOf((byte)' ');
            if (dataAt < 0)
            {
                throw line.SequenceEqual("end"u8)
                    ? SealedFileFault.Truncated(path, $"{count - i} of its {count} entries are missing")
                    : SealedFileFault.Damaged(path, $"entry {i + 1} is not one");
            }

            if (dataAt == sumAt || !SealedFileFormat.HasSum(line[..sumAt], line[(sumAt + 1)..]))
            {
                throw SealedFileFault.Damaged(path, $"the sum of entry {i + 1} does not fit");
            }

            byte[]? metadata = SealedFileFormat.TryDecode(line[..dataAt]);
            byte[]? data = SealedFileFormat.TryDecode(line[(dataAt + 1)..sumAt]);
            records.Add(metadata is null || data is null ? throw SealedFileFault.Damaged(path, $"entry {i + 1} is not base64") : new(metadata, data));
        }

        if (!lines.Next(int.MaxValue, "its end is missing").Span.SequenceEqual("end"u8) || !lines.AtEnd)
        {
            throw SealedFileFault.Damaged(path, "it holds more than the entries that it counts");
        }

        return records;
    }

    /// <summary>A sealed entry.</summary>
    internal readonly record struct Record(byte[] Metadata, byte[] Data);

    private sealed class Lines(ReadOnlyMemory<byte> file, string path)
    {
        internal int Position { get; private set; }

        internal bool AtEnd => Position == file.Length;

        internal ReadOnlyMemory<byte> Next(int most, string missing)
        {
            ReadOnlyMemory<byte> rest = file[Position..];
            int length = rest.Span.IndexOf((byte)'\n');
            if (length > most || (length < 0 && rest.Length > most))
            {
                throw SealedFileFault.Damaged(path, "a line of its header is too long");
            }

            if (length < 0)
            {
                throw SealedFileFault.Truncated(path, missing.EndsWith("missing", StringComparison.Ordinal) ? missing : missing + " is not whole");
            }

            Position += length + 1;
            return rest[..length];
        }
    }
}
