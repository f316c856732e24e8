using System.Buffers;
using System.Text.Json;
using SecretBridge.Reporting;
using SecretBridge.Stores.Sealed;

namespace SecretBridge.Stores.Snapshots;

/// <summary>The second line of an archive.</summary>
internal sealed record SnapshotHeader
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 3 };

    /// <summary>The archive's id: 32 hexadecimal digits.</summary>
    internal required string Id { get; init; }

    internal required SealedKdf Kdf { get; init; }

    /// <summary>What tells the right key.</summary>
    internal required byte[] Verifier { get; init; }

    /// <summary>The data key, sealed with the key-encryption key.</summary>
    internal required byte[] Wrap { get; init; }

    internal byte[] ToLine()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("id", Id);
            json.WritePropertyName("kdf");
            SealedHeaderJson.WriteKdf(json, Kdf);
            SealedHeaderJson.WriteBase64(json, "verifier", Verifier);
            SealedHeaderJson.WriteBase64(json, "wrap", Wrap);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <exception cref="BridgeException">It is no header of version 1.</exception>
    internal static SnapshotHeader Parse(ReadOnlyMemory<byte> line, string path)
    {
        try
        {
            using var document = JsonDocument.Parse(line, Strict);
            Dictionary<string, JsonElement> root = SealedHeaderJson.Members(document.RootElement, ["id", "kdf", "verifier", "wrap"]);
            var header = new SnapshotHeader
            {
                Id = root["id"].GetString()!,
                Kdf = SealedHeaderJson.ParseKdf(root["kdf"], path),
                Verifier = root["verifier"].GetBytesFromBase64(),
                Wrap = root["wrap"].GetBytesFromBase64(),
            };
            return header.Id is { Length: 32 } && header.Id.All(char.IsAsciiHexDigitLower)
                && header.Verifier.Length == SealedFileFormat.KeyLength
                && header.Wrap.Length == SealedFileFormat.KeyLength + SealedCipher.Overhead
                    ? header
                    : throw new FormatException();
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException or KeyNotFoundException)
        {
            throw SealedFileFault.Damaged(path, "its header is not one of version 1");
        }
    }
}
