using System.Diagnostics;
using System.Security;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using SecretBridge.Reporting;
using SecretBridge.Wire;

namespace SecretBridge.Stores;

/// <summary>
/// A value that is secret. Nothing shows it by accident: no public property holds it, and text, JSON, CLIXML, CSV and the
/// debugger say <c>(sealed)</c>. <see cref="Reveal"/> and <see cref="ToSecureString"/> are the doors.
/// </summary>
[DebuggerDisplay("(sealed)")]
[JsonConverter(typeof(SealedValueJsonConverter))]
public sealed class SealedValue
{
    /// <summary>What stands for a value wherever one would be shown.</summary>
    public const string Mask = "(sealed)";

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly ReadOnlyMemory<byte> _json;

    internal SealedValue(ReadOnlyMemory<byte> json) => _json = json;

    internal ReadOnlySpan<byte> Json => _json.Span;

    /// <summary>Seals text.</summary>
    /// <exception cref="BridgeException">The text holds half of a surrogate pair, which JSON would silently change.</exception>
    public static SealedValue FromText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (SecretPayload.HasLoneSurrogate(text))
        {
            throw new BridgeException(FaultKind.InvalidPayload, Mask,
                "A value holds half of a surrogate pair, which servers would silently replace.");
        }

        return new(JsonSerializer.SerializeToUtf8Bytes(text, SecretPayload.Relaxed));
    }

    /// <summary>Seals the text of a secure string.</summary>
    public static SealedValue FromSecureString(SecureString text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return FromText(SecretText.Of(text).Reveal());
    }

    /// <summary>Seals a plain value: text, number, boolean, null, dictionary or list; a sealed value stays as it is.</summary>
    /// <exception cref="BridgeException">The value is of a type that JSON cannot hold.</exception>
    public static SealedValue FromObject(object? value) => value switch
    {
        SealedValue sealedValue => sealedValue,
        SecureString secure => FromSecureString(secure),
        string text => FromText(text),
        _ => new(PlainJson.Write(value)),
    };

    /// <summary>The value as text: a string's characters, the JSON text of anything else, null for null.</summary>
    public string? Reveal()
    {
        var reader = new Utf8JsonReader(Json, JsonIndex.Options);
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString(),
            JsonTokenType.Null => null,
            _ => System.Text.Encoding.UTF8.GetString(Json),
        };
    }

    /// <summary>
    /// The value as plain objects: string, bool, long, decimal or double, null, an ordered dictionary or an array. A
    /// number that none of these holds exactly stays text, so that no digit is lost.
    /// </summary>
    public object? RevealObject() => PlainJson.Read(Json);

    /// <summary>The text of <see cref="Reveal"/> as a secure string. Off Windows such a string is not encrypted in memory.</summary>
    public SecureString ToSecureString()
    {
        var secure = new SecureString();
        foreach (char c in Reveal() ?? "")
        {
            secure.AppendChar(c);
        }

        secure.MakeReadOnly();
        return secure;
    }

    /// <summary>Whether two values are the same text, compared in a time that does not depend on where they differ.</summary>
    public bool FixedTimeEquals(SealedValue other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return CryptographicOperations.FixedTimeEquals(Digest(this), Digest(other));
    }

    /// <summary>Always <c>(sealed)</c>.</summary>
    public override string ToString() => Mask;

    // No text is the same as none at all.
    private static byte[] Digest(SealedValue value) =>
        SHA256.HashData(value.Reveal() is { } text ? [1, .. System.Text.Encoding.UTF8.GetBytes(text)] : [0]);

    private sealed class SealedValueJsonConverter : JsonConverter<SealedValue>
    {
        public override SealedValue Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("A sealed value is not read from JSON.");

        public override void Write(Utf8JsonWriter writer, SealedValue value, JsonSerializerOptions options) =>
            writer.WriteStringValue(Mask);
    }
}
