namespace SecretBridge.Policies;

/// <summary>A line of a policy that was read.</summary>
/// <param name="Path">The path, not escaped, without a slash before it.</param>
/// <param name="Capabilities">What it allows, in Vault's words; what was written as <c>policy = "read"</c> is spelt out.</param>
/// <param name="Unchecked">Names of what else it says, of which the server tells nothing, such as <c>allowed_parameters</c>.</param>
internal sealed record PolicyLine(string Path, IReadOnlyList<string> Capabilities, IReadOnlyList<string> Unchecked)
{
    private static readonly string[] Known =
        ["create", "read", "update", "delete", "list", "sudo", "deny", "patch", "scan", "root", "subscribe", "recover"];

    private static readonly string[] Constraints =
    [
        "allowed_parameters", "denied_parameters", "required_parameters", "min_wrapping_ttl", "max_wrapping_ttl", "mfa_methods", "control_group",
        "pagination_limit", "expiration", "list_scan_response_keys_filter_path", "subscribe_event_types",
    ];

    /// <summary>The line of a path block.</summary>
    /// <param name="path">The path.</param>
    /// <param name="members">What stands in the block: texts, and the names of what else it says.</param>
    /// <exception cref="FormatException">It says what no policy says.</exception>
    internal static PolicyLine Of(string path, IReadOnlyList<KeyValuePair<string, IReadOnlyList<string>>> members)
    {
        var capabilities = new List<string>();
        var constraints = new List<string>();
        foreach ((string name, IReadOnlyList<string> values) in members)
        {
            switch (name)
            {
                case "capabilities":
                    capabilities.AddRange(values);
                    break;
                case "policy":
                    capabilities.AddRange(Legacy(path, values));
                    break;
                case "comment":
                    break;
                default:
                    constraints.Add(Constraints.Contains(name) ? name : throw new FormatException($"'{name}' at path '{path}' is nothing that policies say"));
                    break;
            }
        }

        if (path.Contains("{{", StringComparison.Ordinal))
        {
            constraints.Add("a template in the path");
        }

        return capabilities.Find(one => !Known.Contains(one)) is { } unknown
            ? throw new FormatException($"'{unknown}' at path '{path}' is no capability")
            : new(path.TrimStart('/'), [.. capabilities.Distinct()], constraints);
    }

    private static string[] Legacy(string path, IReadOnlyList<string> values) => values is [var word] ? word switch
    {
        "deny" => ["deny"],
        "read" => ["read", "list"],
        "write" => ["create", "read", "update", "delete", "list"],
        "sudo" => ["create", "read", "update", "delete", "list", "sudo"],
        _ => throw new FormatException($"'policy = \"{word}\"' at path '{path}' is nothing that policies say"),
    }
    : throw new FormatException($"'policy' at path '{path}' is not one word");
}
