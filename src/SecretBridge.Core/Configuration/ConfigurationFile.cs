using SecretBridge.Reporting;

namespace SecretBridge.Configuration;

/// <summary>Reads the configuration file of another system, whichever it is.</summary>
internal static class ConfigurationFile
{
    private const int MostNamed = 20;

    /// <summary>Reads a file that the user named.</summary>
    /// <exception cref="BridgeException">It is not there, unknown or broken (<see cref="FaultKind.InvalidConfiguration"/>).</exception>
    internal static BridgeConfiguration Load(string path, ConfigurationSources sources) => Read(
        sources.ReadFile(path) ?? throw new BridgeException(FaultKind.InvalidConfiguration, path, $"There is no file {path}."), path, sources);

    /// <summary>Reads a file's content.</summary>
    /// <param name="content">The bytes.</param>
    /// <param name="file">The file's full name, for messages and for the paths that stand in it.</param>
    /// <param name="sources">The variables and files that it may lead to.</param>
    /// <exception cref="BridgeException">It is unknown or broken (<see cref="FaultKind.InvalidConfiguration"/>): the message tells line,
    /// column and what was expected.</exception>
    internal static BridgeConfiguration Read(ReadOnlySpan<byte> content, string file, ConfigurationSources sources)
    {
        var context = new ConfigurationContext(file, sources);
        ConfigNode node = ConfigurationContext.Parse(content, file);
        var root = ConfigSection.Root(context, file, node);
        BridgeConfiguration configuration =
            Is(node, "sealed", NodeKind.Object) ? SagewaiAdminState.Read(root)
            : Is(node, "providerType") ? RenseiCredentialBackend.Read(root)
            : Is(node, "type") && (Is(node, "config") || Is(node, "path_mapping")) ? ScaiVaultFederation.Read(root)
            : EnvironmentFile.IsOne(node) ? EnvironmentFile.Read(root)
            : throw node.Position.Refuse(file,
                "expected 'sealed' (a Sagewai admin state), 'providerType' (a Rensei credential backend), 'type' and 'config' (a ScaiVault federation), or VAULT_ADDR (an environment file)");
        return configuration with { Warnings = context.Warnings, Notes = context.Notes };
    }

    /// <summary>Warns of fields that have no meaning here, by their names.</summary>
    internal static void TellUnknown(ConfigurationContext context, IEnumerable<string> paths, string? file = null)
    {
        string[] unknown = paths.ToArray();
        if (unknown.Length > 0)
        {
            string more = unknown.Length > MostNamed ? $" and {unknown.Length - MostNamed} more" : "";
            context.Warnings.Add($"{file ?? context.File} has fields that were not used: {string.Join(", ", unknown.Take(MostNamed))}{more}.");
        }
    }

    private static bool Is(ConfigNode node, string name, NodeKind? kind = null) =>
        node.Members.Any(member => member.Name == name && (kind is null || member.Value.Kind == kind));
}
