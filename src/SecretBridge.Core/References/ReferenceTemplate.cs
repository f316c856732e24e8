using System.Text;
using System.Text.RegularExpressions;
using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.References;

/// <summary>
/// A reference with placeholders, such as <c>{mount}/data/{orgId}/{kind}</c>. Without a scheme it is one of Vault. A value fills
/// one name of the path, so that none can lead elsewhere; only <c>{mount}</c> may be several.
/// </summary>
public sealed partial class ReferenceTemplate
{
    private const string MountName = "mount";

    private readonly string _text;
    private readonly string _full;

    private ReferenceTemplate(string text)
    {
        _text = text;
        _full = text.Contains("://", StringComparison.Ordinal) ? text : "vault://" + text;
    }

    /// <summary>Takes a template.</summary>
    /// <exception cref="BridgeException">A brace has no partner, or a placeholder no name (<see cref="FaultKind.InvalidArgument"/>).</exception>
    public static ReferenceTemplate Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Placeholder().Replace(text, "").AsSpan().IndexOfAny('{', '}') < 0 && text.Length > 0
            ? new(text)
            : throw new BridgeException(FaultKind.InvalidArgument, text,
                $"'{text}' is not a template: a placeholder is {{name}}, of letters, digits, '_' and '-'; a brace inside a name is written %7B or %7D.");
    }

    /// <summary>Fills the placeholders.</summary>
    /// <param name="value">Gives the value of a placeholder by its name; null where there is none.</param>
    /// <exception cref="BridgeException">A value is missing or empty, or holds a slash (<see cref="FaultKind.InvalidArgument"/>).</exception>
    public ResolveItem Fill(Func<string, string?> value)
    {
        ArgumentNullException.ThrowIfNull(value);
        int pathStart = _full.IndexOf("://", StringComparison.Ordinal) + 3;
        int pathEnd = _full.AsSpan(pathStart).IndexOfAny('?', '#') is >= 0 and var end ? pathStart + end : _full.Length;
        var filled = new StringBuilder(_full[..pathStart]);
        var dataNames = new List<int>();
        int count = 0;
        foreach (string name in _full[pathStart..pathEnd].Split('/'))
        {
            filled.Append(count > 0 ? "/" : "");
            string text = Fill(name, value);
            if (name == "data")
            {
                dataNames.Add(count);
            }

            count += text.Split('/').Length;
            filled.Append(text);
        }

        return new(filled.Append(Fill(_full[pathEnd..], value)).ToString()) { DataNames = dataNames };
    }

    private string Fill(string part, Func<string, string?> values) => Placeholder().Replace(part, match =>
    {
        string name = match.Groups[1].Value;
        if (values(name) is not { Length: > 0 } value)
        {
            throw new BridgeException(FaultKind.InvalidArgument, _text, $"The template '{_text}' wants a value for {{{name}}}, and there is none.");
        }

        if (!value.Contains('/', StringComparison.Ordinal))
        {
            return SecretReference.Escape(value);
        }

        return name.Equals(MountName, StringComparison.OrdinalIgnoreCase)
            ? string.Join('/', value.Trim('/').Split('/').Select(SecretReference.Escape))
            : throw new BridgeException(FaultKind.InvalidArgument, _text,
                $"The value for {{{name}}} of the template '{_text}' holds a '/', which would lead to another place; only {{mount}} may.");
    });

    [GeneratedRegex(@"\{([A-Za-z0-9_-]+)\}")]
    private static partial Regex Placeholder();
}
