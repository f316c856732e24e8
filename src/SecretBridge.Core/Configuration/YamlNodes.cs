using System.Text.RegularExpressions;
using SecretBridge.Reporting;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace SecretBridge.Configuration;

/// <summary>
/// Reads one YAML document into nodes. Only what JSON could say is taken: anchors, aliases, tags and merge keys are refused,
/// because a reader that follows them can be made to build anything.
/// </summary>
internal static partial class YamlNodes
{
    private const int Deepest = 64;

    /// <exception cref="BridgeException">It is not YAML, or uses more of it (<see cref="FaultKind.InvalidConfiguration"/>).</exception>
    internal static ConfigNode Read(string text, string file)
    {
        var parser = new Parser(new StringReader(text));
        try
        {
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _))
            {
                throw new FilePosition(1, 1).Refuse(file, "expected an object, and the file is empty");
            }

            parser.Consume<DocumentStart>();
            ConfigNode node = Value(parser, file, 0);
            parser.Consume<DocumentEnd>();
            return parser.Accept<StreamEnd>(out _) ? node : throw At(parser.Current!.End).Refuse(file, "expected one document only");
        }
        catch (YamlException exception)
        {
            // The parser's own words may repeat what stands in the file.
            throw At(exception.Start).Refuse(file, "expected YAML: fields as 'name: value', indented by spaces, special characters in quotes");
        }
    }

    private static ConfigNode Value(Parser parser, string file, int depth)
    {
        ParsingEvent current = parser.Consume<ParsingEvent>();
        FilePosition position = At(current.Start);
        if (current is AnchorAlias || (current is NodeEvent node && (!node.Anchor.IsEmpty || !node.Tag.IsEmpty)) || depth > Deepest)
        {
            throw position.Refuse(file, "expected plain values: anchors, aliases, tags and deep nesting are not read");
        }

        switch (current)
        {
            case MappingStart:
                return new(NodeKind.Object, position) { Members = Members(parser, file, depth) };
            case SequenceStart:
                while (!parser.TryConsume<SequenceEnd>(out _))
                {
                    Value(parser, file, depth + 1);
                }

                return new(NodeKind.List, position);
            default:
                var scalar = (Scalar)current;
                return new(scalar.Style == ScalarStyle.Plain ? KindOf(scalar.Value) : NodeKind.Text, position)
                {
                    Text = KindOf(scalar.Value) == NodeKind.Flag && scalar.Style == ScalarStyle.Plain ? scalar.Value.ToLowerInvariant() : scalar.Value,
                };
        }
    }

    private static List<ConfigMember> Members(Parser parser, string file, int depth)
    {
        var members = new List<ConfigMember>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            ConfigNode name = Value(parser, file, depth + 1);
            FilePosition position = name.Position;
            if (name.Kind is NodeKind.Object or NodeKind.List || name.Text == "<<")
            {
                throw position.Refuse(file, "expected the name of a field");
            }

            if (members.Exists(member => member.Name == name.Text))
            {
                throw position.Refuse(file, $"expected each field once, and '{FieldName.Shown(name.Text)}' is given twice");
            }

            members.Add(new(name.Text, position, Value(parser, file, depth + 1)));
        }

        return members;
    }

    // What the core schema of YAML 1.2 takes for something else than text.
    private static NodeKind KindOf(string plain) => plain switch
    {
        "" or "~" or "null" or "Null" or "NULL" => NodeKind.Null,
        "true" or "True" or "TRUE" or "false" or "False" or "FALSE" => NodeKind.Flag,
        _ => Number().IsMatch(plain) ? NodeKind.Number : NodeKind.Text,
    };

    private static FilePosition At(in Mark mark) => new((int)Math.Max(1, mark.Line), (int)Math.Max(1, mark.Column));

    [GeneratedRegex(@"\A[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z")]
    private static partial Regex Number();
}
