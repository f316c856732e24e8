using System.Text.Json;

namespace SecretBridge.Stores.Sealed;

/// <summary>What the headers of all files that are sealed with a passphrase or key file have in common.</summary>
internal static class SealedHeaderJson
{
    // Not escaped: the + of base64 would become \u002B, which is right but ugly.
    internal static void WriteBase64(Utf8JsonWriter json, string name, byte[] bytes)
    {
        json.WritePropertyName(name);
        json.WriteRawValue($"\"{Convert.ToBase64String(bytes)}\"", skipInputValidation: true);
    }

    internal static void WriteKdf(Utf8JsonWriter json, SealedKdf kdf)
    {
        json.WriteStartObject();
        json.WriteString("name", kdf.Kind == SealedKeyKind.Passphrase ? SealedKdf.Pbkdf2 : SealedKdf.KeyFile);
        if (kdf.Kind == SealedKeyKind.Passphrase)
        {
            json.WriteNumber("iterations", kdf.Iterations);
        }

        WriteBase64(json, "salt", Convert.FromBase64String(kdf.Salt));
        json.WriteEndObject();
    }

    /// <exception cref="FormatException">It is none that is known.</exception>
    /// <exception cref="Reporting.BridgeException">It asks for what is not accepted.</exception>
    internal static SealedKdf ParseKdf(JsonElement element, string path)
    {
        string? name = element.GetProperty("name").GetString();
        bool isPassphrase = name == SealedKdf.Pbkdf2;
        if (!isPassphrase && name != SealedKdf.KeyFile)
        {
            throw new FormatException();
        }

        Dictionary<string, JsonElement> members = Members(element, isPassphrase ? ["name", "iterations", "salt"] : ["name", "salt"]);
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

    /// <summary>The members of an object that may have none but these.</summary>
    /// <exception cref="FormatException">It has another one, or one twice.</exception>
    internal static Dictionary<string, JsonElement> Members(JsonElement element, string[] names)
    {
        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (JsonProperty property in element.EnumerateObject())
        {
            if (!names.Contains(property.Name) || !members.TryAdd(property.Name, property.Value))
            {
                throw new FormatException();
            }
        }

        return members;
    }
}
