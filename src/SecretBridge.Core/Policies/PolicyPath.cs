using System.Text;

namespace SecretBridge.Policies;

/// <summary>What Vault and OpenBao read out of a policy's path.</summary>
internal static class PolicyPath
{
    /// <summary>Why a path cannot be written in any policy; null where it can.</summary>
    internal static string? WhyNot(string path) =>
        path.Contains("{{", StringComparison.Ordinal) || path.Contains("}}", StringComparison.Ordinal) ? "servers take '{{' and '}}' in a policy for a template"
        : path.Contains("+*", StringComparison.Ordinal) ? "servers refuse '+*' in a policy"
        : null;

    /// <summary>What else a path that stands for itself would allow; null where it allows nothing else.</summary>
    /// <param name="path">The path.</param>
    /// <param name="isTree">Whether it ends in a <c>*</c> that is meant.</param>
    internal static string? Widening(string path, bool isTree) =>
        path.Split('/').Contains("+", StringComparer.Ordinal) ? "a name that is just '+' stands for any name"
        : !isTree && path.EndsWith('*') ? "'*' at the end stands for all that begins so"
        : null;

    /// <summary>Whether the path of a rule that ends in <c>*</c> takes in another path.</summary>
    internal static bool Covers(string tree, string path) => path.AsSpan().StartsWith(tree.AsSpan(0, tree.Length - 1), StringComparison.Ordinal);

    /// <summary>A path as text between quotes. <c>${</c> would begin an interpolation.</summary>
    internal static string Quote(string path)
    {
        var text = new StringBuilder(path.Length + 2).Append('"');
        for (int i = 0; i < path.Length; i++)
        {
            _ = path[i] switch
            {
                '"' or '\\' => text.Append('\\').Append(path[i]),
                '$' when i + 1 < path.Length && path[i + 1] == '{' => text.Append("\\u0024"),
                _ => text.Append(path[i]),
            };
        }

        return text.Append('"').ToString();
    }
}
