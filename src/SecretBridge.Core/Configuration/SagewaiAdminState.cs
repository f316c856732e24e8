namespace SecretBridge.Configuration;

/// <summary>Reads <c>sealed.vault</c> and <c>sealed.default_scheme</c> of a Sagewai admin state.</summary>
internal static class SagewaiAdminState
{
    internal static BridgeConfiguration Read(ConfigSection root)
    {
        ConfigurationContext context = root.Context;
        ConfigSection state = root.Section("sealed")!;
        string? scheme = state.Choice("default_scheme", "vault", "builtin");
        ConfigSection vault = state.Section("vault") ?? throw state.Refuse("expected 'sealed.vault', an object that tells the server");
        bool enabled = vault.Flag("enabled") ?? true;
        string method = vault.Choice("auth_method", "token", "approle", "kubernetes") ?? "token";
        ConfigSection? login = vault.Section("auth_config");
        if (enabled && login is null && method != "token" && context.Sources.WantsAuth)
        {
            throw vault.Refuse($"expected 'sealed.vault.auth_config', the login of auth_method {method}");
        }

        string? mount = vault.Text("mount")?.Trim('/'), prefix = vault.Text("path_prefix")?.Trim('/');
        if (mount is null && prefix is { Length: > 0 })
        {
            throw vault.Refuse("expected 'sealed.vault.mount' beside 'sealed.vault.path_prefix', which is a folder in it");
        }

        bool? verify = vault.Flag("tls_verify");
        if (enabled && verify == false)
        {
            context.Warnings.Add($"'sealed.vault.tls_verify' is false in {context.File}: certificates are not checked.");
        }

        var configuration = new BridgeConfiguration
        {
            Kind = ConfigurationKind.SagewaiAdminState,
            Enabled = enabled,
            Address = vault.Text("addr"),
            Namespace = vault.Text("namespace"),
            DefaultMount = prefix is { Length: > 0 } ? $"{mount}/{prefix}" : mount,
            DefaultScheme = scheme,
            TlsVerify = verify,
            CaptureRequestId = vault.Flag("audit_request_id_capture") ?? true,

            // A connection that is switched off needs no login, and its variables need not be there.
            Auth = enabled && login is not null ? LoginSection.Read(login, method, refusesSecretId: true) : null,
        };

        // The state of the whole system stands beside: what is not below 'sealed' is no misspelling.
        ConfigurationFile.TellUnknown(context, enabled ? state.Unknown() : []);
        return configuration;
    }
}
