using SecretBridge.Wire;

namespace SecretBridge.Configuration;

/// <summary>Reads the <c>VAULT_…</c> variables of an environment file, as AgentIdP and others write it.</summary>
internal static class EnvironmentFile
{
    private static readonly string[] Telling = ["VAULT_ADDR", "VAULT_TOKEN", "VAULT_KV_MOUNT", "VAULT_MOUNT"];

    internal static bool IsOne(ConfigNode node) => node.Members.Any(member => Telling.Contains(member.Name));

    internal static BridgeConfiguration Read(ConfigSection root)
    {
        ConfigurationContext context = root.Context;
        ConfigNode? token = root.TextNode("VAULT_TOKEN");
        string? mount = root.Text("VAULT_MOUNT");
        var configuration = new BridgeConfiguration
        {
            Kind = ConfigurationKind.EnvironmentFile,
            Address = root.Text("VAULT_ADDR"),
            Namespace = root.Text("VAULT_NAMESPACE"),
            DefaultMount = (root.Text("VAULT_KV_MOUNT") ?? mount)?.Trim('/'),
            Auth = token is null ? null : new TokenAuth(context.Literal(context.File, token.Text)),
        };

        // The agent's other settings are none of ours.
        string[] unknown = root.Unknown().ToArray();
        ConfigurationFile.TellUnknown(context, unknown.Where(IsVaults));
        if (unknown.Count(name => !IsVaults(name)) is > 0 and var others)
        {
            context.Notes.Add($"{others} other variables of {context.File} are not used.");
        }

        return configuration;
    }

    private static bool IsVaults(string name) => name.StartsWith("VAULT_", StringComparison.Ordinal) || name.StartsWith("BAO_", StringComparison.Ordinal);
}
