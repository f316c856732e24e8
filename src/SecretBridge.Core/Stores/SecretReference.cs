using System.Globalization;
using System.Text;
using SecretBridge.Reporting;

namespace SecretBridge.Stores;

/// <summary>
/// A reference to a secret, folder or value: <c>vault://[backend@]mount/path[?version=N][#key]</c>,
/// <c>builtin://name[#key]</c> (<c>builtin://</c> alone is the sealed file's root), <c>snapshot://path</c> in the snapshot that a
/// cmdlet has open, <c>scaivault://[backend@]path[#key]</c>, or a bare name for the default store. It parses and prints itself, because
/// <see cref="Uri"/> folds case and dots.
/// </summary>
public sealed record SecretReference
{
    private SecretReference(string? scheme, string? backend, SecretPath path, int? version, string? key)
    {
        Scheme = scheme;
        Backend = backend;
        Path = path;
        Version = version;
        Key = key;
    }

    /// <summary>The kind of store, in lower case; null for a bare name, which the default store answers.</summary>
    public string? Scheme { get; }

    /// <summary>The name of a connection; null for the current one.</summary>
    public string? Backend { get; }

    /// <summary>For Vault the mount and the path inside it; where the mount ends is the server's to say.</summary>
    public SecretPath Path { get; }

    /// <summary>The version asked for; null for the latest.</summary>
    public int? Version { get; }

    /// <summary>The key inside the secret; null for the whole secret.</summary>
    public string? Key { get; }

    /// <summary>Parses a reference. In it <c>%XX</c> is decoded once for each name.</summary>
    /// <exception cref="BridgeException">The text is no reference (<see cref="FaultKind.InvalidReference"/>) or holds an
    /// impossible path (<see cref="FaultKind.InvalidPath"/>).</exception>
    public static SecretReference Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string rest = text;
        string? scheme = null;
        if (rest.IndexOf("://", StringComparison.Ordinal) is >= 0 and var colon)
        {
            scheme = rest[..colon].ToLowerInvariant();
            rest = rest[(colon + 3)..];
            if (scheme is not ("vault" or "builtin" or "scaivault" or "snapshot"))
            {
                throw Refuse(text, $"'{scheme}://' is not a scheme; use vault://, builtin://, scaivault:// or snapshot://");
            }
        }

        string? key = null;
        if (rest.IndexOf('#', StringComparison.Ordinal) is >= 0 and var hash)
        {
            key = Decode(text, rest[(hash + 1)..]);
            rest = rest[..hash];
            if (key.Length == 0)
            {
                throw Refuse(text, "the key after '#' is empty");
            }
        }

        int? version = null;
        if (rest.IndexOf('?', StringComparison.Ordinal) is >= 0 and var question)
        {
            version = ParseVersion(text, rest[(question + 1)..]);
            rest = rest[..question];
        }

        string? backend = null;
        int slash = rest.IndexOf('/', StringComparison.Ordinal);
        int at = rest.IndexOf('@', StringComparison.Ordinal);
        if (scheme is "vault" or "scaivault" && at >= 0 && (slash < 0 || at < slash))
        {
            backend = rest[..at];
            rest = rest[(at + 1)..];
            if (!IsBackendName(backend))
            {
                throw Refuse(text, "the backend before '@' is not a name of letters, digits, '.', '_' and '-'");
            }
        }

        if (rest.EndsWith('/'))
        {
            rest = rest[..^1];
        }

        if (rest.Length == 0)
        {
            // What has no mounts has a root that is named by the scheme alone, or with its backend.
            return scheme is "builtin" or "snapshot" or "scaivault" && version is null && key is null
                ? new(scheme, backend, SecretPath.Root, null, null)
                : throw Refuse(text, scheme == "vault" ? "it names no mount" : "it names nothing");
        }

        return new(scheme, backend, SecretPath.FromSegments(rest.Split('/').Select(name => Decode(text, name))), version, key);
    }

    /// <summary>Makes a reference of its parts.</summary>
    public static SecretReference Create(string scheme, string? backend, SecretPath path, int? version = null, string? key = null) =>
        new(scheme, backend, path, version, key);

    /// <summary>Whether text can name a backend.</summary>
    public static bool IsBackendName(string text) =>
        !string.IsNullOrEmpty(text) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    /// <summary>The reference as text; it parses back to an equal reference.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        if (Scheme is not null)
        {
            text.Append(Scheme).Append("://");
        }

        if (Backend is not null)
        {
            text.Append(Backend).Append('@');
        }

        text.AppendJoin('/', Path.Segments.Select(Escape));
        if (Version is { } version)
        {
            text.Append(CultureInfo.InvariantCulture, $"?version={version}");
        }

        return Key is null ? text.ToString() : text.Append('#').Append(Escape(Key)).ToString();
    }

    private static int ParseVersion(string text, string query) =>
        query.StartsWith("version=", StringComparison.Ordinal)
        && int.TryParse(query["version=".Length..], NumberStyles.None, CultureInfo.InvariantCulture, out int version)
        && version > 0
            ? version
            : throw Refuse(text, "after '?' only 'version=N' with N from 1 may stand; a '?' inside a name is written %3F");

    internal static string Escape(string name) =>
        name.AsSpan().IndexOfAny("%#?@/") < 0
            ? name
            : name.Replace("%", "%25", StringComparison.Ordinal).Replace("#", "%23", StringComparison.Ordinal)
                .Replace("?", "%3F", StringComparison.Ordinal).Replace("@", "%40", StringComparison.Ordinal)
                .Replace("/", "%2F", StringComparison.Ordinal);

    private static string Decode(string text, string name)
    {
        if (!name.Contains('%', StringComparison.Ordinal))
        {
            return name;
        }

        byte[] source = Encoding.UTF8.GetBytes(name);
        var decoded = new List<byte>(source.Length);
        for (int i = 0; i < source.Length; i++)
        {
            if (source[i] != '%')
            {
                decoded.Add(source[i]);
            }
            else if (i + 2 < source.Length && Hex(source[i + 1]) is >= 0 and var high && Hex(source[i + 2]) is >= 0 and var low)
            {
                decoded.Add((byte)((high << 4) | low));
                i += 2;
            }
            else
            {
                throw Refuse(text, "a '%' in it is not followed by two hexadecimal digits; a '%' inside a name is written %25");
            }
        }

        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(decoded.ToArray());
        }
        catch (DecoderFallbackException)
        {
            throw Refuse(text, "an escape in it is not UTF-8");
        }
    }

    private static int Hex(byte digit) => char.IsAsciiHexDigit((char)digit) ? Convert.ToInt32(((char)digit).ToString(), 16) : -1;

    private static BridgeException Refuse(string text, string flaw) =>
        new(FaultKind.InvalidReference, text, $"'{text}' is not a reference: {flaw}.");
}
