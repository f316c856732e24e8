using System.Security;
using SecretBridge.Wire;

namespace SecretBridge.Configuration;

/// <summary>Reads a Rensei credential backend: <c>{providerType: vault, config {…}}</c>.</summary>
internal static class RenseiCredentialBackend
{
    internal static BridgeConfiguration Read(ConfigSection root)
    {
        root.Choice("providerType", "vault");
        ConfigSection config = root.Section("config") ?? throw root.Refuse("expected 'config', an object that tells the server");
        string? method = config.Choice("authMode", "token", "approle", "kubernetes");
        var configuration = new BridgeConfiguration
        {
            Kind = ConfigurationKind.RenseiCredentialBackend,
            Address = config.Text("addr"),
            Namespace = config.Text("namespace"),
            DefaultMount = config.Text("mount")?.Trim('/'),
            PathTemplate = config.Text("pathTemplate"),
            Auth = Login(config, method ?? (config.Has("roleId") ? "approle" : config.Has("role") ? "kubernetes" : "token")),
        };
        ConfigurationFile.TellUnknown(root.Context, root.Unknown());
        return configuration;
    }

    private static VaultAuth? Login(ConfigSection config, string method)
    {
        bool wanted = config.Context.Sources.WantsAuth;
        switch (method)
        {
            case "approle":
                string roleId = config.Needed("roleId", "the role of authMode approle");
                SecureString? secretId = Secret(config, "secretId", "VAULT_SECRET_ID");
                return !wanted ? null : new AppRoleAuth(roleId, secretId ?? FromEnvironment(config));
            case "kubernetes":
                string role = config.Needed("role", "the role of authMode kubernetes");
                string? path = config.Text("jwtPath");
                return !wanted ? null
                    : new KubernetesAuth(role, JwtPath: path is null ? KubernetesAuth.DefaultJwtPath : ConfigurationContext.Beside(config.File, path));
            default:
                return Secret(config, "token", "VAULT_TOKEN") is { } token && wanted ? new TokenAuth(token) : null;
        }
    }

    private static SecureString? Secret(ConfigSection config, string name, string variable)
    {
        if (config.TextNode(name) is not { } literal)
        {
            return null;
        }

        config.Context.Warnings.Add(
            $"'{config.PathOf(name)}' is a secret written in {config.File}. Safer is '{config.PathOf("jwtPath")}' with authMode kubernetes, or to leave the field out and set {variable}.");
        return config.Context.Literal(config.File, literal.Text);
    }

    private static SecureString FromEnvironment(ConfigSection config) =>
        new VaultEnvironment(config.Context.Sources.Variable, _ => null).ReadSecretId()
        ?? throw config.Refuse($"expected '{config.PathOf("secretId")}', or the environment variable VAULT_SECRET_ID");
}
