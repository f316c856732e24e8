using System.Security.Cryptography;
using SecretBridge.Reporting;

namespace SecretBridge.Stores.Sealed;

/// <summary>Opens a file that was taken apart. Its entries' metadata is opened, no payload is.</summary>
internal static class SealedFileReader
{
    /// <exception cref="BridgeException">The key is another one, or somebody without the key changed the file.</exception>
    internal static SealedContent Open(SealedFileText text, SealedKek kek, string path)
    {
        SealedFileHeader header = text.Header;
        if (!CryptographicOperations.FixedTimeEquals(kek.Verifier, header.Verifier))
        {
            throw SealedFileFault.WrongKey(path, header.Kdf.Kind);
        }

        if (!CryptographicOperations.FixedTimeEquals(kek.Mac(text.Authenticated.Span), text.Mac))
        {
            throw SealedFileFault.Tampered(path, "its header does not bear the mark of its key");
        }

        byte[] dataKey = kek.Unwrap(header.Wrap, SealedFileFormat.KeyBinding(header.Id, header.Generation))
            ?? throw SealedFileFault.Tampered(path, "its data key was not wrapped with its key");
        try
        {
            var parts = new SealedParts(dataKey, text.HeaderText.Span, path);
            return new(header, text.Head.ToArray(), parts, Entries(text, parts, path));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(dataKey);
        }
    }

    private static Dictionary<string, SealedEntry> Entries(SealedFileText text, SealedParts parts, string path)
    {
        var entries = new Dictionary<string, SealedEntry>(text.Records.Count, StringComparer.Ordinal);
        for (int i = 0; i < text.Records.Count; i++)
        {
            var entry = SealedEntry.Parse(parts.OpenMetadata(i, text.Records[i].Metadata), SealedData.Of(parts, text.Records[i].Data), path);
            if (!entries.TryAdd(entry.Path.Value, entry))
            {
                throw SealedFileFault.Damaged(path, "a name stands in it twice, though it was sealed with the right key");
            }
        }

        return entries;
    }
}
