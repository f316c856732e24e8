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
            json.WriteStartObject("kdf");
            json.WriteString("name", Kdf.Kind == SealedKeyKind.Passphrase ? SealedKdf.Pbkdf2 : SealedKdf.KeyFile);
            if (Kdf.Kind == SealedKeyKind.Passphrase)
            {
                json.WriteNumber("iterations", Kdf.Iterations);
            }

            // Not escaped: the + of base64 would become \u002B, which is right but ugly.
            json.WritePropertyName("salt");
            WriteBase64(json, Convert.FromBase64String(Kdf.Salt));
            json.WriteEndObject();
            json.WritePropertyName("verifier");
            WriteBase64(json, Verifier);
            json.WritePropertyName("wrap");
            WriteBase64(json, Wrap);
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
            var root = new Members(document.RootElement, ["id", "generation", "kdf", "verifier", "wrap", "entries"]);
            var header = new SealedFileHeader
            {
                Id = root["id"].GetString()!,
                Generation = root["generation"].GetInt64(),
                Kdf = ParseKdf(root["kdf"], path),
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

    private static void WriteBase64(Utf8JsonWriter json, byte[] bytes) => json.WriteRawValue($"\"{Convert.ToBase64String(bytes)}\"", skipInputValidation: true);

    private static SealedKdf ParseKdf(JsonElement element, string path)
    {
        string? name = element.GetProperty("name").GetString();
        bool isPassphrase = name == SealedKdf.Pbkdf2;
        if (!isPassphrase && name != SealedKdf.KeyFile)
        {
            throw new FormatException();
        }

        var members = new Members(element, isPassphrase ? ["name", "iterations", "salt"] : ["name", "salt"]);
        byte[] salt = members["salt"].GetBytesFromBase64();
        int iterations = isPassphrase ? members["iterations"].GetInt32() : 0;
        if (isPassphrase && iterations is < SealedKdf.LeastIterations or > SealedKdf.MostIterations)
        {
            throw SealedFileFault.Tampered(path,
                $"it asks for {iterations} rounds of PBKDF2, and only {SealedKdf.LeastIterations} to {SealedKdf.MostIterations} are accepted: fewer are unsafe, more would keep this machine busy");
        }

        return salt.Length is >= SealedKdf.LeastSalt and <= SealedKdf.MostSalt
            ? new(isPassphrase ? SealedKeyKind.Passphrase : SealedKeyKind.KeyFile, iterations, Convert.ToBase64String(salt))
            : throw SealedFileFault.Tampered(path, $"its salt has {salt.Length} bytes, and only {SealedKdf.LeastSalt} to {SealedKdf.MostSalt} are accepted");
    }

    /// <summary>The members of an object that must have exactly these.</summary>
    private sealed class Members
    {
        private readonly Dictionary<string, JsonElement> _members = new(StringComparer.Ordinal);

        internal Members(JsonElement element, string[] names)
        {
            foreach (JsonProperty property in element.EnumerateObject())
            {
                if (!names.Contains(property.Name) || !_members.TryAdd(property.Name, property.Value))
                {
                    throw new FormatException();
                }
            }
        }

        internal JsonElement this[string name] => _members[name];
    }
}
