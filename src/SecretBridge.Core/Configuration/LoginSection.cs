using System.Security;
using SecretBridge.Wire;

namespace SecretBridge.Configuration;

/// <summary>Reads <c>{token | token_env | role_id + secret_id_env | role + token_path}</c>, as Sagewai and ScaiVault write a login.</summary>
internal static class LoginSection
{
    /// <param name="section">The object that holds it.</param>
    /// <param name="method">token, approle or kubernetes.</param>
    /// <param name="refusesSecretId">Whether a secret_id may not stand in the file at all.</param>
    /// <returns>The login; null where the file names none, or none is wanted.</returns>
    internal static VaultAuth? Read(ConfigSection section, string method, bool refusesSecretId)
    {
        if (refusesSecretId && section.TextNode("secret_id") is { } refused)
        {
            throw refused.Position.Refuse(section.File,
                $"'{section.PathOf("secret_id")}' must not stand in the file: put it into an environment variable and name that with '{section.PathOf("secret_id_env")}'");
        }

        return method switch
        {
            "approle" => AppRole(section),
            "kubernetes" => Kubernetes(section),
            _ => Secret(section, "token") is { } token ? new TokenAuth(token) : null,
        };
    }

    private static AppRoleAuth? AppRole(ConfigSection section)
    {
        string roleId = section.Needed("role_id", "the role of auth method approle");
        SecureString? secretId = Secret(section, "secret_id");
        return !section.Context.Sources.WantsAuth ? null
            : secretId is not null ? new(roleId, secretId)
            : throw section.Refuse($"expected '{section.PathOf("secret_id_env")}', the environment variable that holds the secret_id");
    }

    private static KubernetesAuth? Kubernetes(ConfigSection section)
    {
        string role = section.Needed("role", "the role of auth method kubernetes");
        string? path = section.Text("token_path");
        return !section.Context.Sources.WantsAuth ? null
            : new(role, JwtPath: path is null ? KubernetesAuth.DefaultJwtPath : ConfigurationContext.Beside(section.File, path));
    }

    private static SecureString? Secret(ConfigSection section, string name)
    {
        (ConfigNode? literal, ConfigNode? variable) = (section.TextNode(name), section.TextNode(name + "_env"));
        if (literal is not null && variable is not null)
        {
            throw variable.Position.Refuse(section.File, $"expected '{section.PathOf(name)}' or '{section.PathOf(name + "_env")}', not both");
        }

        if (literal is not null)
        {
            section.Context.Warnings.Add(
                $"'{section.PathOf(name)}' is written in {section.File}; put it into an environment variable and name that with '{section.PathOf(name + "_env")}'.");
            return section.Context.Literal(section.File, literal.Text);
        }

        return variable is null ? null : section.Context.FromVariable(variable, section.PathOf(name + "_env"), section.File);
    }
}
