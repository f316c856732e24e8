using System.Security.Cryptography;
using System.Text;

namespace SecretBridge.Stores.Sealed;

/// <summary>Writes a generation of a file, under a data key that no other has.</summary>
internal static class SealedFileWriter
{
    /// <summary>Makes the bytes of a file, and what they hold, so that nobody needs to read them back.</summary>
    internal static (ReadOnlyMemory<byte> File, SealedContent Content) Write(string id, long generation, SealedKek kek, IEnumerable<SealedEntry> entries, string path)
    {
        SealedEntry[] sorted = entries.OrderBy(entry => entry.Path).ToArray();
        byte[] dataKey = RandomNumberGenerator.GetBytes(SealedFileFormat.KeyLength);
        try
        {
            var header = new SealedFileHeader
            {
                Id = id,
                Generation = generation,
                Kdf = kek.Kdf,
                Verifier = kek.Verifier.ToArray(),
                Wrap = kek.Wrap(dataKey, SealedFileFormat.KeyBinding(id, generation)),
                Entries = sorted.Length,
            };
            byte[] headerText = [.. Encoding.ASCII.GetBytes(SealedFileFormat.FirstLine), (byte)'\n', .. header.ToLine(), (byte)'\n'];
            var parts = new SealedParts(dataKey, headerText, path);
            var saved = new Dictionary<string, SealedEntry>(sorted.Length, StringComparer.Ordinal);
            byte[] body = Body(sorted, parts, saved);
            byte[] head = Head(headerText, body, kek);
            return ((byte[])[.. head, .. body], new(header, head, parts, saved));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(dataKey);
        }
    }

    private static byte[] Head(byte[] headerText, byte[] body, SealedKek kek)
    {
        byte[] text = [.. headerText, .. Encoding.ASCII.GetBytes(Convert.ToBase64String(SHA256.HashData(body)))];
        byte[] proven = [.. text, (byte)' ', .. Encoding.ASCII.GetBytes(Convert.ToBase64String(kek.Mac(text)))];
        return [.. proven, (byte)' ', .. Encoding.ASCII.GetBytes(SealedFileFormat.Sum(proven)), (byte)'\n'];
    }

    private static byte[] Body(SealedEntry[] sorted, SealedParts parts, Dictionary<string, SealedEntry> saved)
    {
        var body = new MemoryStream();
        for (int i = 0; i < sorted.Length; i++)
        {
            SealedEntry entry = sorted[i];
            (SealedData data, byte[] box) = entry.Data.Reseal(entry.Path.Value, parts);
            byte[] line = Encoding.ASCII.GetBytes(
                Convert.ToBase64String(parts.SealMetadata(i, entry.MetadataJson())) + " " + Convert.ToBase64String(box));
            body.Write(line);
            body.Write(Encoding.ASCII.GetBytes(" " + SealedFileFormat.Sum(line) + "\n"));
            saved.Add(entry.Path.Value, entry with { Data = data });
        }

        body.Write(Encoding.ASCII.GetBytes(SealedFileFormat.LastLine + "\n"));
        return body.ToArray();
    }
}
