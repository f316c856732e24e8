using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using SecretBridge.Reporting;

namespace SecretBridge.Stores;

/// <summary>
/// The payload of a secret as the raw UTF-8 JSON object that the server sent. It travels unparsed from read to write, which
/// keeps number spelling, key order and nesting, and makes no strings of secrets. Text and debugger show <c>(sealed)</c>.
/// </summary>
[DebuggerDisplay("(sealed)")]
public sealed partial class SecretPayload
{
    internal static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly ReadOnlyMemory<byte> _json;

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private Dictionary<string, Range>? _members;

    private SecretPayload(ReadOnlyMemory<byte> json) => _json = json;

    internal ReadOnlyMemory<byte> Json => _json;

    /// <summary>The names of the keys, in their order.</summary>
    public IReadOnlyCollection<string> Keys => Members.Keys;

    /// <summary>Whether the payload has no key.</summary>
    public bool IsEmpty => Members.Count == 0;

    /// <summary>The size of the JSON, in bytes.</summary>
    public int Length => _json.Length;

    // A version 2 mount keeps a payload of null apart from an empty one.
    private bool IsNull => _json.Span is not [(byte)'{', ..];

    private Dictionary<string, Range> Members => _members ??= JsonIndex.Members(_json.Span);

    /// <summary>Takes a JSON object that comes from outside, after checking that it survives a server unchanged.</summary>
    /// <param name="utf8Json">The JSON; it is copied.</param>
    /// <param name="target">What to name in an error.</param>
    /// <exception cref="BridgeException">It is no JSON object, repeats a key or holds half of a surrogate pair
    /// (<see cref="FaultKind.InvalidPayload"/>). The message says where, never what.</exception>
    public static SecretPayload Parse(ReadOnlySpan<byte> utf8Json, string target)
    {
        byte[] copy = utf8Json.StartsWith(Encoding.UTF8.Preamble) ? utf8Json[3..].ToArray() : utf8Json.ToArray();
        string? flaw;
        try
        {
            flaw = JsonFlaw.Find(copy);
        }
        catch (JsonException exception)
        {
            flaw = $"it is not JSON (line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1})";
        }

        return flaw is null
            ? new(copy)
            : throw new BridgeException(FaultKind.InvalidPayload, target, $"The payload of '{target}' cannot be used: {flaw}.");
    }

    /// <summary>Makes a payload of sealed values, in their order.</summary>
    public static SecretPayload FromValues(IEnumerable<KeyValuePair<string, SealedValue>> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = Relaxed.Encoder }))
        {
            writer.WriteStartObject();
            foreach ((string name, SealedValue value) in values)
            {
                writer.WritePropertyName(name);
                writer.WriteRawValue(value.Json, skipInputValidation: true);
            }

            writer.WriteEndObject();
        }

        return Parse(buffer.WrittenSpan, SealedValue.Mask);
    }

    /// <summary>Takes an object that a JSON reader has just passed over in a reply, without looking at it again.</summary>
    internal static SecretPayload FromReply(ReadOnlyMemory<byte> json) => new(json);

    /// <summary>The value of a key; null where there is none.</summary>
    public SealedValue? GetValue(string key) => Members.TryGetValue(key, out Range range) ? new(_json[range]) : null;

    /// <summary>All values by key, case-sensitive, in their order.</summary>
    public IReadOnlyDictionary<string, SealedValue> ToDictionary() =>
        Members.ToDictionary(member => member.Key, member => new SealedValue(_json[member.Value]), StringComparer.Ordinal);

    /// <summary>This payload with the keys of another laid over it; a key whose new value is null stays, as null.</summary>
    public SecretPayload Merge(SecretPayload changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        var merged = new Dictionary<string, SealedValue>(ToDictionary(), StringComparer.Ordinal);
        foreach ((string name, SealedValue value) in changes.ToDictionary())
        {
            merged[name] = value;
        }

        return FromValues(merged);
    }

    /// <summary>Compares by meaning.</summary>
    /// <param name="other">The other payload.</param>
    /// <param name="throughDouble">Whether a side was read from a store that passes numbers through a double.</param>
    public PayloadComparison Compare(SecretPayload other, bool throughDouble) => Compare(other, throughDouble, null);

    /// <summary>Compares by meaning, without the keys that a predicate leaves out on both sides.</summary>
    internal PayloadComparison Compare(SecretPayload other, bool throughDouble, Predicate<string>? leaveOut)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (_json.Span.SequenceEqual(other._json.Span))
        {
            return PayloadComparison.Same;
        }

        bool viaDouble = false;
        var changed = new List<string>();
        var removed = new List<string>();
        foreach ((string name, Range range) in Members.Where(member => leaveOut?.Invoke(member.Key) != true))
        {
            if (!other.Members.TryGetValue(name, out Range otherRange))
            {
                removed.Add(name);
            }
            else if (!JsonEquality.ValueEquals(_json.Span[range], other._json.Span[otherRange], throughDouble, ref viaDouble))
            {
                changed.Add(name);
            }
        }

        var added = other.Members.Keys.Where(name => !Members.ContainsKey(name) && leaveOut?.Invoke(name) != true).ToList();
        added.Sort(Utf8Order.Instance);
        changed.Sort(Utf8Order.Instance);
        removed.Sort(Utf8Order.Instance);
        return new(added, removed, changed, viaDouble) { NullDiffers = IsNull != other.IsNull };
    }

    /// <summary>Whether a number in it would come back with other digits from a store that passes numbers through a double.</summary>
    public bool HasNumberPastDouble()
    {
        var reader = new Utf8JsonReader(_json.Span, JsonIndex.Options);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.Number && JsonNumber.LosesDigits(reader.ValueSpan))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a number in it is 2^53 or past it: read through a double, its digits may already be others.</summary>
    public bool HasIntegerPast53Bits()
    {
        var reader = new Utf8JsonReader(_json.Span, JsonIndex.Options);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.Number && !JsonNumber.IsShortInteger(reader.ValueSpan) && Math.Abs(reader.GetDouble()) >= 9007199254740992)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>How many JSON strings it holds, keys and values together: OpenBao limits them for each request.</summary>
    public int CountStrings()
    {
        int count = 0;
        var reader = new Utf8JsonReader(_json.Span, JsonIndex.Options);
        while (reader.Read())
        {
            count += reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName ? 1 : 0;
        }

        return count;
    }

    /// <summary>Always <c>(sealed)</c>.</summary>
    public override string ToString() => SealedValue.Mask;

    internal static bool HasLoneSurrogate(string text)
    {
        ReadOnlySpan<char> rest = text;
        while (!rest.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out int length) != OperationStatus.Done)
            {
                return true;
            }

            rest = rest[length..];
        }

        return false;
    }
}
