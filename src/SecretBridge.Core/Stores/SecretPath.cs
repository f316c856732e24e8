using SecretBridge.Reporting;
using SecretBridge.Wire;

namespace SecretBridge.Stores;

/// <summary>
/// The path of a secret or folder inside a store: names joined by <c>/</c>, case-sensitive, never trimmed and never
/// Unicode-normalised. The default value is the root.
/// </summary>
public readonly record struct SecretPath : IComparable<SecretPath>
{
    private readonly string? _value;

    private SecretPath(string value) => _value = value;

    /// <summary>The root folder of a store.</summary>
    public static SecretPath Root => default;

    /// <summary>The names joined by <c>/</c>, not escaped; empty for the root.</summary>
    public string Value => _value ?? "";

    /// <summary>Whether this is the root.</summary>
    public bool IsRoot => Value.Length == 0;

    /// <summary>The last name; empty for the root.</summary>
    public string Name => Value[(Value.LastIndexOf('/') + 1)..];

    /// <summary>The folder that holds this path; the root's parent is the root.</summary>
    public SecretPath Parent => Value.LastIndexOf('/') is >= 0 and var slash ? new(Value[..slash]) : Root;

    /// <summary>The names from the root down.</summary>
    public IReadOnlyList<string> Segments => IsRoot ? [] : Value.Split('/');

    /// <summary>Makes a path of unescaped text such as <c>apps/billing/db</c>. One trailing <c>/</c> is the folder's mark and is dropped.</summary>
    /// <param name="text">The names joined by <c>/</c>; empty for the root.</param>
    /// <exception cref="BridgeException">A name is empty, <c>.</c>, <c>..</c> or not printable (<see cref="FaultKind.InvalidPath"/>).</exception>
    public static SecretPath Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string trimmed = text.EndsWith('/') ? text[..^1] : text;
        if (trimmed.Length == 0)
        {
            return text.Length == 0 ? Root : throw Refuse(text, "a name in it is empty");
        }

        foreach (string segment in trimmed.Split('/'))
        {
            if (PathSegment.Flaw(segment) is { } flaw)
            {
                throw Refuse(text, flaw);
            }
        }

        return new(trimmed);
    }

    /// <summary>Makes a path of names that each stand for one level.</summary>
    /// <exception cref="BridgeException">A name holds a <c>/</c>, or is one that <see cref="Parse"/> refuses.</exception>
    public static SecretPath FromSegments(IEnumerable<string> segments)
    {
        ArgumentNullException.ThrowIfNull(segments);
        string[] names = segments.ToArray();
        string text = string.Join('/', names);
        if (Array.Exists(names, name => name.Length == 0))
        {
            // Not left to Parse, which takes one at the end for the mark of a folder.
            throw Refuse(text, "a name in it is empty");
        }

        return Array.Exists(names, name => name.Contains('/', StringComparison.Ordinal))
            ? throw Refuse(text, "a name in it holds a '/', which servers take for a separator")
            : Parse(text);
    }

    /// <summary>The path of a name or path below this one.</summary>
    public SecretPath Append(SecretPath below) =>
        below.IsRoot ? this : IsRoot ? below : new(Value + "/" + below.Value);

    /// <summary>The path of a name or path below this one, given as unescaped text.</summary>
    public SecretPath Append(string below) => Append(Parse(below));

    /// <summary>Whether this path is <paramref name="folder"/> or lies below it.</summary>
    public bool IsAtOrBelow(SecretPath folder) =>
        folder.IsRoot || Value == folder.Value || Value.StartsWith(folder.Value + "/", StringComparison.Ordinal);

    /// <summary>What remains of this path below <paramref name="folder"/>.</summary>
    /// <exception cref="ArgumentException">This path does not lie at or below the folder.</exception>
    public SecretPath RelativeTo(SecretPath folder)
    {
        if (!IsAtOrBelow(folder))
        {
            throw new ArgumentException($"'{Value}' does not lie below '{folder.Value}'.", nameof(folder));
        }

        return folder.IsRoot ? this : Value.Length == folder.Value.Length ? Root : new(Value[(folder.Value.Length + 1)..]);
    }

    /// <summary>Orders by UTF-8 bytes, as servers do.</summary>
    public int CompareTo(SecretPath other) => Utf8Order.Instance.Compare(Value, other.Value);

    /// <summary>Less than, by UTF-8 bytes.</summary>
    public static bool operator <(SecretPath left, SecretPath right) => left.CompareTo(right) < 0;

    /// <summary>Greater than, by UTF-8 bytes.</summary>
    public static bool operator >(SecretPath left, SecretPath right) => left.CompareTo(right) > 0;

    /// <summary>At most, by UTF-8 bytes.</summary>
    public static bool operator <=(SecretPath left, SecretPath right) => left.CompareTo(right) <= 0;

    /// <summary>At least, by UTF-8 bytes.</summary>
    public static bool operator >=(SecretPath left, SecretPath right) => left.CompareTo(right) >= 0;

    /// <summary>The unescaped text.</summary>
    public override string ToString() => Value;

    private static BridgeException Refuse(string text, string flaw) =>
        new(FaultKind.InvalidPath, text, $"The path '{PathSegment.Printable(text)}' cannot be used: {flaw}.");
}
