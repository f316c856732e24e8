using System.Buffers;
using System.Text.Json;
using SecretBridge.Reporting;

namespace SecretBridge.Stores.Sealed;

/// <summary>The second line of a sealed file.</summary>
internal sealed record SealedFileHeader
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 3 };

    /// <summary>The file's id: 32 hexadecimal digits.</summary>
    internal required string Id { get; init; }

    /// <summary>How often the file was saved, from 1.</summary>
    internal required long Generation { get; init; }

    internal required SealedKdf Kdf { get; init; }

    /// <summary>What tells the right key.</summary>
    internal required byte[] Verifier { get; init; }

    /// <summary>The data key, sealed with the key-encryption key.</summary>
    internal required byte[] Wrap { get; init; }

    /// <summary>How many records follow.</summary>
    internal required int Entries { get; init; }

    internal byte[] ToLine()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("id", Id);
            json.WriteNumber("generation", Generation);
            json.WritePropertyName("kdf");
            SealedHeaderJson.WriteKdf(json, Kdf);
            SealedHeaderJson.WriteBase64(json, "verifier", Verifier);
            SealedHeaderJson.WriteBase64(json, "wrap", Wrap);
            json.WriteNumber("entries", Entries);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <exception cref="BridgeException">It is no header of version 1.</exception>
    internal static SealedFileHeader Parse(ReadOnlyMemory<byte> line, string path)
    {
        try
        {
            using var document = JsonDocument.Parse(line, Strict);
            var root = SealedHeaderJson.Members(document.RootElement, ["id", "generation", "kdf", "verifier", "wrap", "entries"]);
            var header = new SealedFileHeader
            {
                Id = root["id"].GetString()!,
                Generation = root["generation"].GetInt64(),
                Kdf = SealedHeaderJson.ParseKdf(root["kdf"], path),
                Verifier = root["verifier"].GetBytesFromBase64(),
                Wrap = root["wrap"].GetBytesFromBase64(),
                Entries = root["entries"].GetInt32(),
            };
            return header.Id is { Length: 32 } && header.Id.All(char.IsAsciiHexDigitLower)
                && header is { Generation: > 0, Entries: >= 0, Verifier.Length: SealedFileFormat.KeyLength }
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
