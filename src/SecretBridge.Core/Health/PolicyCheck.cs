using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Health;

/// <summary>
/// Holds a token against the lines of a policy, by what the server says of it. A line that ends in a wildcard is asked about as
/// it stands and for a path below it; the names that really are there are not looked at.
/// </summary>
internal static class PolicyCheck
{
    /// <summary>How many paths one request asks about; OpenBao takes a thousand texts in one.</summary>
    private const int Batch = 900;

    public static async Task<(HealthCheck Check, IReadOnlyList<MissingCapability> Missing)> RunAsync(
        VaultBackend backend, IReadOnlyList<RequiredCapability> required, CancellationToken cancellationToken)
    {
        RequiredCapability[] lines = [.. required.Where(line => IsAsked(line.Path) && line.Capabilities.Any(one => one != "deny"))];
        string[] left = [.. required.Where(line => line.Unchecked.Count > 0).Select(line => $"{line.Path} ({string.Join(", ", line.Unchecked)})")];
        string limits = left.Length == 0 ? "" : $"; not checked, for the server does not tell: {string.Join(", ", left)}";
        var held = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        try
        {
            foreach (string[] paths in lines.SelectMany(line => Probes(line).Select(probe => probe.Path)).Distinct().Chunk(Batch))
            {
                foreach ((string path, IReadOnlyList<string> has) in await backend.CapabilitiesAsync(paths, backend.Client.AuthNamespace, cancellationToken).ConfigureAwait(false))
                {
                    held[path] = has;
                }
            }
        }
        catch (BridgeException exception)
        {
            return (new("policy", false, exception.Message,
                "Which lines the token lacks is not known: it may not ask. A policy of it, such as 'default', must allow update on 'sys/capabilities-self', and the token must be alive."), []);
        }

        MissingCapability[] missing = [.. lines.Select(line => Missing(line, held)).Where(row => row.Missing.Count > 0)];
        return missing.Length == 0
            ? (new("policy", true, FormattableString.Invariant($"the token has all {lines.Length} lines of the policy{limits}")), [])
            : (new("policy", false, FormattableString.Invariant($"{missing.Length} of {lines.Length} lines are lacking: {string.Join("; ", missing.Take(3).Select(row => row.ToString()))}{(missing.Length > 3 ? "; and more" : "")}{limits}"),
                "Write the policy to the server and give it to the token or its role; MissingCapability has all of them. A token that exists keeps its policies: make or log in a new one."), missing);
    }

    // A template becomes another path for each token.
    private static bool IsAsked(string path) => !path.Contains("{{", StringComparison.Ordinal);

    private static MissingCapability Missing(RequiredCapability line, Dictionary<string, IReadOnlyList<string>> held)
    {
        string[] wanted = [.. line.Capabilities.Where(one => one != "deny")];
        string[] has = [.. Probes(line).Select(probe => Of(probe, held, wanted)).Aggregate((one, other) => one.Intersect(other))];
        return new() { Path = line.Path, Held = [.. has.Where(one => one != "root")], Missing = [.. wanted.Where(one => !has.Contains(one))] };
    }

    private static IEnumerable<string> Of((string Path, bool IsFolder) probe, Dictionary<string, IReadOnlyList<string>> held, string[] wanted)
    {
        IReadOnlyList<string> has = held.GetValueOrDefault(probe.Path) ?? [];
        return has.Contains("root") ? wanted
            // Of a folder itself only its listing is asked.
            : probe.IsFolder ? has.Concat(wanted.Where(one => one is not ("list" or "scan")))
            : has.Where(one => one != "deny");
    }

    private static IEnumerable<(string Path, bool IsFolder)> Probes(RequiredCapability line) =>
        line.Path.EndsWith("/*", StringComparison.Ordinal)
            ? [(line.Path, false), (line.Path + "/*", false), (line.Path[..^1], true)]
            : line.Path.EndsWith('*') ? [(line.Path, false), (line.Path + "/*", false)]
            : [(line.Path, false)];
}
