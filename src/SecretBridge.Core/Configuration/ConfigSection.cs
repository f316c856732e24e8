using SecretBridge.Reporting;

namespace SecretBridge.Configuration;

/// <summary>
/// The fields of one object, read by name and type. What nobody asked for is told afterwards, so that a misspelt field is not
/// silently without effect.
/// </summary>
internal sealed class ConfigSection(ConfigurationContext context, string file, string path, ConfigNode node)
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly List<ConfigSection> _sections = [];

    internal ConfigurationContext Context => context;

    /// <summary>The file that it stands in.</summary>
    internal string File => file;

    /// <summary>Where it stands.</summary>
    internal FilePosition Position => node.Position;

    /// <summary>All fields, in their order.</summary>
    internal IReadOnlyList<ConfigMember> Members => node.Members;

    /// <summary>The whole file as a section.</summary>
    internal static ConfigSection Root(ConfigurationContext context, string file, ConfigNode node) =>
        node.Kind == NodeKind.Object ? new(context, file, "", node) : throw node.Position.Refuse(file, "expected an object");

    internal string PathOf(string name) => path.Length == 0 ? FieldName.Shown(name) : $"{path}.{FieldName.Shown(name)}";

    internal bool Has(string name) => Value(name) is not null;

    /// <summary>A field's text; null where it is not there or empty.</summary>
    internal string? Text(string name) => TextNode(name)?.Text;

    /// <summary>As <see cref="Text"/>, with its place.</summary>
    internal ConfigNode? TextNode(string name) => Typed(name, NodeKind.Text, "text") is { Text.Length: > 0 } value ? value : null;

    /// <summary>A field's text, which must be there.</summary>
    internal string Needed(string name, string why) => Text(name) ?? throw Refuse($"expected '{PathOf(name)}', {why}");

    /// <summary>A field's text, which must be one of several words; in any case of letters.</summary>
    internal string? Choice(string name, params string[] words) => TextNode(name) is not { } value ? null
        : words.FirstOrDefault(word => string.Equals(word, value.Text, StringComparison.OrdinalIgnoreCase))
        ?? throw value.Position.Refuse(file, $"'{PathOf(name)}' must be {string.Join(" or ", words)}");

    internal bool? Flag(string name) => Typed(name, NodeKind.Flag, "true or false") is { } value ? value.Text == "true" : null;

    /// <summary>An object of its own; null where it is not there.</summary>
    internal ConfigSection? Section(string name)
    {
        if (Typed(name, NodeKind.Object, "an object") is not { } value)
        {
            return null;
        }

        var section = new ConfigSection(context, file, PathOf(name), value);
        _sections.Add(section);
        return section;
    }

    /// <summary>The failure of this section.</summary>
    internal BridgeException Refuse(string flaw) => node.Position.Refuse(file, flaw);

    /// <summary>The paths of fields that nobody asked for, here and in the sections below.</summary>
    internal IEnumerable<string> Unknown() =>
        node.Members.Where(member => !_known.Contains(member.Name)).Select(member => PathOf(member.Name)).Concat(_sections.SelectMany(section => section.Unknown()));

    private ConfigNode? Value(string name)
    {
        _known.Add(name);
        return node.Members.FirstOrDefault(member => member.Name == name)?.Value is { Kind: not NodeKind.Null } value ? value : null;
    }

    private ConfigNode? Typed(string name, NodeKind kind, string wanted) =>
        Value(name) is not { } value ? null : value.Kind == kind ? value : throw value.Position.Refuse(file, $"'{PathOf(name)}' must be {wanted}");
}
