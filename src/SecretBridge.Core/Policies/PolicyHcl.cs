using System.Text;
using SecretBridge.Wire;

namespace SecretBridge.Policies;

/// <summary>Writes a policy: a comment on what it is for, and one line a path with what that is needed for above it.</summary>
internal static class PolicyHcl
{
    internal static string Line(PolicyRule rule) =>
        $"path {PolicyPath.Quote(rule.Path)} {{ capabilities = [{string.Join(", ", rule.Capabilities.Select(one => $"\"{one}\""))}] }}";

    internal static string Text(string title, IEnumerable<string> notes, IEnumerable<PolicyRule> rules)
    {
        // The key of a reference may hold a line feed, behind which it would be no comment any more.
        var text = new StringBuilder().Append("# ").Append(PathSegment.Printable(title)).Append('\n');
        foreach (string note in notes)
        {
            text.Append("# ").Append(PathSegment.Printable(note)).Append('\n');
        }

        foreach (PolicyRule rule in rules)
        {
            text.Append("\n# ").Append(PathSegment.Printable(rule.Why)).Append('\n').Append(Line(rule)).Append('\n');
        }

        return text.ToString();
    }
}
