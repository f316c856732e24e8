using SecretBridge.Wire;

namespace SecretBridge.Configuration;

/// <summary>Reads a ScaiVault federation with a HashiCorp Vault: <c>{type: hashicorp-vault, config {…}, path_mapping, mode}</c>.</summary>
internal static class ScaiVaultFederation
{
    internal static BridgeConfiguration Read(ConfigSection root)
    {
        ConfigurationContext context = root.Context;
        root.Choice("type", "hashicorp-vault");
        ConfigSection config = root.Section("config") ?? throw root.Refuse("expected 'config', an object that tells the server");
        string method = config.Choice("auth_method", "token", "approle", "kubernetes") ?? "token";
        bool? verify = config.Flag("tls_verify");
        if (verify == false)
        {
            context.Warnings.Add($"'config.tls_verify' is false in {context.File}: certificates are not checked.");
        }

        if (root.Text("mode") is not null)
        {
            context.Notes.Add("'mode' tells ScaiVault when to ask which side; it changes nothing here.");
        }

        var configuration = new BridgeConfiguration
        {
            Kind = ConfigurationKind.ScaiVaultFederation,
            Address = config.Text("endpoint"),
            Namespace = config.Text("namespace"),
            TlsVerify = verify,
            PathMap = Map(root.Section("path_mapping")),
            Auth = Login(config, method),
        };
        ConfigurationFile.TellUnknown(context, root.Unknown());
        return configuration;
    }

    private static KeyValuePair<string, string>[] Map(ConfigSection? mapping) => mapping is null
        ? []
        : mapping.Members.Select(member => KeyValuePair.Create(member.Name, mapping.Text(member.Name)
            ?? throw member.Value.Position.Refuse(mapping.File, $"'{mapping.PathOf(member.Name)}' must be the path it leads to"))).ToArray();

    private static VaultAuth? Login(ConfigSection config, string method)
    {
        if (config.TextNode("auth_config_path") is not { } node || !config.Context.Sources.WantsAuth)
        {
            return method == "token" || !config.Context.Sources.WantsAuth ? null
                : throw config.Refuse($"expected 'config.auth_config_path', the file with the login of auth_method {method}");
        }

        string path = ConfigurationContext.Beside(config.File, node.Text);
        byte[] content = config.Context.Sources.ReadFile(path)
            ?? throw node.Position.Refuse(config.File, $"'{config.PathOf("auth_config_path")}' leads to no file: '{path}'");
        var login = ConfigSection.Root(config.Context, path, ConfigurationContext.Parse(content, path));
        VaultAuth? auth = LoginSection.Read(login, method, refusesSecretId: false);
        ConfigurationFile.TellUnknown(config.Context, login.Unknown(), path);
        return auth ?? throw login.Refuse("expected 'token_env', the environment variable that holds the token");
    }
}
