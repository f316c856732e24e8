using System.Net;
using System.Text;
using SecretBridge.Configuration;
using SecretBridge.Reporting;
using SecretBridge.Wire;
using Xunit;

namespace SecretBridge.Tests.Configuration;

public class ConfigurationFileTests
{
    private const string Canary = "canary-config-77aa";

    private static readonly string[] Broken =
    [
        "{",
        "{\"sealed\": ",
        "{\n  \"sealed\": {\n    \"vault\": { \"addr\": yes }\n  }\n}",
        "{\"providerType\" \"vault\"}",
        "{\"providerType\": \"vault\"} canary-config-77aa",
        "[1, 2]",
        "\"canary-config-77aa\"",
        "{\"sealed\": {\"vault\": {\"auth_config\": {\"token\": canary-config-77aa}}}}",
        "",
    ];

    private readonly Dictionary<string, string> _variables = new() { ["VAULT_APP_TOKEN"] = Canary, ["SECRET_ID"] = Canary };
    private readonly Dictionary<string, string> _files = [];
    private bool _isExposed;
    private bool _wantsAuth = true;

    public static TheoryData<string> BrokenFiles => [.. Broken];

    [Fact]
    public void A_Sagewai_admin_state_tells_server_login_mount_and_scheme()
    {
        BridgeConfiguration read = Read("""
            {
              // What the admin page saved.
              "agents": [{ "name": "a" }],
              "sealed": {
                "default_scheme": "builtin",
                "vault": {
                  "enabled": true, "addr": "https://vault.example:8200", "namespace": "team",
                  "auth_method": "approle", "auth_config": { "role_id": "r-1", "secret_id_env": "SECRET_ID" },
                  "mount": "kv/", "path_prefix": "/sagewai/prod", "tls_verify": true, "audit_request_id_capture": false,
                },
              },
            }
            """);
        Assert.Equal(ConfigurationKind.SagewaiAdminState, read.Kind);
        Assert.True(read.Enabled);
        Assert.Equal(("https://vault.example:8200", "team", "kv/sagewai/prod", "builtin"), (read.Address, read.Namespace, read.DefaultMount, read.DefaultScheme));
        Assert.True(read.TlsVerify);
        Assert.False(read.CaptureRequestId);
        Assert.Empty(read.Warnings);
        var appRole = Assert.IsType<AppRoleAuth>(read.Auth);
        Assert.Equal(("r-1", Canary), (appRole.RoleId, new NetworkCredential("", appRole.SecretId).Password));
    }

    [Fact]
    public void A_literal_token_of_Sagewai_is_taken_with_a_warning_that_names_the_safer_field_and_not_the_token()
    {
        BridgeConfiguration read = Sagewai("\"auth_method\": \"token\", \"auth_config\": { \"token\": \"" + Canary + "\" }");
        Assert.Equal(Canary, TokenOf(read));
        string warning = Assert.Single(read.Warnings);
        Assert.Contains("'sealed.vault.auth_config.token_env'", warning, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, warning, StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_of_Sagewai_may_stand_in_a_variable()
    {
        BridgeConfiguration read = Sagewai("\"auth_config\": { \"token_env\": \"VAULT_APP_TOKEN\" }");
        Assert.Equal(Canary, TokenOf(read));
        Assert.Empty(read.Warnings);
    }

    [Fact]
    public void A_literal_secret_id_of_Sagewai_is_refused()
    {
        BridgeException refusal = Refused(() => Sagewai("\"auth_method\": \"approle\", \"auth_config\": { \"role_id\": \"r\", \"secret_id\": \"" + Canary + "\" }"));
        Assert.Contains("'sealed.vault.auth_config.secret_id_env'", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("line 1, column ", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_variable_that_is_not_set_is_named()
    {
        BridgeException refusal = Refused(() => Sagewai("\"auth_config\": { \"token_env\": \"NOT_SET\" }"));
        Assert.Contains("NOT_SET", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("'sealed.vault.auth_config.token_env'", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_in_the_place_of_a_variable_is_not_repeated()
    {
        BridgeException refusal = Refused(() => Sagewai("\"auth_config\": { \"token_env\": \"hvs." + Canary + "\" }"));
        Assert.DoesNotContain(Canary, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_login_that_is_not_wanted_needs_no_variable()
    {
        _wantsAuth = false;
        Assert.Null(Sagewai("\"auth_config\": { \"token_env\": \"NOT_SET\" }").Auth);
    }

    [Fact]
    public void A_kubernetes_login_reads_its_token_beside_the_file()
    {
        var login = Assert.IsType<KubernetesAuth>(Sagewai("\"auth_method\": \"kubernetes\", \"auth_config\": { \"role\": \"jobs\", \"token_path\": \"sa/token\" }").Auth);
        Assert.Equal(("jobs", Path.Combine("/etc/sagewai", "sa/token")), (login.Role, login.JwtPath));
    }

    [Fact]
    public void A_connection_that_is_switched_off_needs_no_variable()
    {
        BridgeConfiguration read = Sagewai("\"enabled\": false, \"tls_verify\": false, \"auth_config\": { \"token_env\": \"NOT_SET\" }");
        Assert.False(read.Enabled);
        Assert.Null(read.Auth);
        Assert.Empty(read.Warnings);
    }

    [Fact]
    public void A_certificate_that_is_not_checked_is_warned_of()
    {
        BridgeConfiguration read = Sagewai("\"tls_verify\": false");
        Assert.False(read.TlsVerify);
        Assert.Contains("'sealed.vault.tls_verify'", Assert.Single(read.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"addr\": 5", "'sealed.vault.addr' must be text")]
    [InlineData("\"tls_verify\": \"yes\"", "'sealed.vault.tls_verify' must be true or false")]
    [InlineData("\"auth_config\": \"token\"", "'sealed.vault.auth_config' must be an object")]
    [InlineData("\"auth_method\": \"ldap\"", "'sealed.vault.auth_method' must be token or approle or kubernetes")]
    [InlineData("\"mount\": \"a\", \"mount\": \"b\"", "'mount' is given twice")]
    public void A_wrong_type_is_told_by_path_line_and_column(string fields, string expected)
    {
        BridgeException refusal = Refused(() => Sagewai(fields));
        Assert.StartsWith("/etc/sagewai/file, line 1, column ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_field_that_is_not_known_is_named_and_its_value_is_not()
    {
        string warning = Assert.Single(Sagewai("\"adress\": \"" + Canary + "\", \"auth_config\": { \"token_file\": 1 }").Warnings);
        Assert.Contains("sealed.vault.adress, sealed.vault.auth_config.token_file", warning, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, warning, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_with_a_secret_that_others_may_read_is_warned_of()
    {
        _isExposed = true;
        Assert.Contains(Read("VAULT_ADDR=http://x\nVAULT_TOKEN=" + Canary).Warnings, warning => warning.Contains("chmod 600", StringComparison.Ordinal));
        Assert.Empty(Read("VAULT_ADDR=http://x").Warnings);
    }

    [Fact]
    public void A_Rensei_backend_tells_server_login_and_template()
    {
        BridgeConfiguration read = Read("""
            { "providerType": "vault", "config": { "addr": "https://v:8200", "namespace": "n", "mount": "secret", "authMode": "token",
              "token": "canary-config-77aa", "pathTemplate": "{mount}/data/{orgId}/{kind}" } }
            """);
        Assert.Equal(ConfigurationKind.RenseiCredentialBackend, read.Kind);
        Assert.Equal(("https://v:8200", "n", "secret", "{mount}/data/{orgId}/{kind}"), (read.Address, read.Namespace, read.DefaultMount, read.PathTemplate));
        Assert.Equal(Canary, TokenOf(read));
        Assert.Contains("'config.jwtPath'", Assert.Single(read.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_literal_secretId_of_Rensei_is_taken_with_a_warning()
    {
        BridgeConfiguration read = Read("""{ "providerType": "vault", "config": { "authMode": "approle", "roleId": "r", "secretId": "canary-config-77aa" } }""");
        Assert.Equal(Canary, new NetworkCredential("", Assert.IsType<AppRoleAuth>(read.Auth).SecretId).Password);
        Assert.Contains("'config.secretId'", Assert.Single(read.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Another_provider_of_Rensei_is_refused() =>
        Assert.Contains("'providerType' must be vault", Refused(() => Read("""{ "providerType": "aws", "config": {} }""")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_ScaiVault_federation_tells_server_login_and_map_in_its_order()
    {
        _files[Path.Combine("/etc/sagewai", "auth/vault.json")] = """{ "token_env": "VAULT_APP_TOKEN" }""";
        BridgeConfiguration read = Read("""
            { "type": "hashicorp-vault", "mode": "read-through",
              "config": { "endpoint": "https://v:8200", "namespace": "n", "auth_method": "token", "auth_config_path": "auth/vault.json", "tls_verify": false },
              "path_mapping": { "prod/**": "environments/production/**", "db": "legacy/db", "a/**": "b/**" } }
            """);
        Assert.Equal(ConfigurationKind.ScaiVaultFederation, read.Kind);
        Assert.Equal(("https://v:8200", "n"), (read.Address, read.Namespace));
        Assert.Equal(Canary, TokenOf(read));
        Assert.Equal(["prod/**", "db", "a/**"], read.PathMap.Select(rule => rule.Key));
        Assert.Equal("environments/production/**", read.PathMap[0].Value);
        Assert.Contains("'config.tls_verify'", Assert.Single(read.Warnings), StringComparison.Ordinal);
        Assert.Contains("'mode'", Assert.Single(read.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void An_auth_file_that_is_not_there_is_named() =>
        Assert.Contains("'config.auth_config_path'", Refused(() => Read("""{ "type": "hashicorp-vault", "config": { "auth_config_path": "no.json" } }""")).Message, StringComparison.Ordinal);

    [Fact]
    public void An_environment_file_tells_address_token_and_mount()
    {
        BridgeConfiguration read = Read("""
            # The agent's settings
            export VAULT_ADDR="https://v:8200"  # the cluster
            VAULT_TOKEN='canary-config-77aa'
            VAULT_MOUNT=other
            VAULT_KV_MOUNT=agents # wins
            VAULT_ADRES=x
            DATABASE_URL=postgres://canary-config-77aa
            """.Replace("            ", "", StringComparison.Ordinal));
        Assert.Equal(ConfigurationKind.EnvironmentFile, read.Kind);
        Assert.Equal(("https://v:8200", "agents"), (read.Address, read.DefaultMount));
        Assert.Equal(Canary, TokenOf(read));
        Assert.Contains("VAULT_ADRES.", Assert.Single(read.Warnings), StringComparison.Ordinal);
        Assert.StartsWith("1 other", Assert.Single(read.Notes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("VAULT_TOKEN= # to be filled in", null)]
    [InlineData("VAULT_TOKEN=\t# to be filled in", null)]
    [InlineData("VAULT_TOKEN=canary-config-77aa\t# the agent's", Canary)]
    [InlineData("VAULT_TOKEN=#canary", "#canary")]
    public void A_comment_of_an_environment_file_is_no_value(string line, string? expected)
    {
        BridgeConfiguration read = Read(line);
        Assert.Equal(expected, read.Auth is null ? null : TokenOf(read));
    }

    [Theory]
    [InlineData("""{"sealed": {"vault": {"addr": "http://v", "auth_method": "approle"}}}""", "'sealed.vault.auth_config'")]
    [InlineData("""{"sealed": {"vault": {"addr": "http://v", "auth_method": "kubernetes"}}}""", "'sealed.vault.auth_config'")]
    [InlineData("""{"type": "hashicorp-vault", "config": {"endpoint": "http://v", "auth_method": "approle"}}""", "'config.auth_config_path'")]
    public void A_login_that_is_named_and_not_described_is_not_another_one(string text, string expected)
    {
        Assert.Contains(expected, Refused(() => Read(text)).Message, StringComparison.Ordinal);
        _wantsAuth = false;
        Assert.Null(Read(text).Auth);
    }

    [Fact]
    public void A_line_of_an_environment_file_that_is_none_is_told_by_its_place()
    {
        BridgeException refusal = Refused(() => Read("VAULT_ADDR=http://x\n\n  canary-config-77aa without equals"));
        Assert.StartsWith("/etc/sagewai/file, line 3, column 3: expected NAME=value", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_state_may_be_written_in_YAML()
    {
        BridgeConfiguration read = Read("""
            # saved by hand
            sealed:
              default_scheme: vault
              vault:
                enabled: yes-and-no
            """, "/etc/state.yaml", refused: out BridgeException? refusal);
        Assert.StartsWith("/etc/state.yaml, line 5, column 14: 'sealed.vault.enabled' must be true or false", refusal!.Message, StringComparison.Ordinal);

        read = Read("""
            sealed:
              vault:
                enabled: true
                addr: "https://v:8200"
                mount: kv
                auth_config: { token_env: VAULT_APP_TOKEN }
            """, "/etc/state.yml", refused: out refusal);
        Assert.Null(refusal);
        Assert.Equal(("https://v:8200", "kv", Canary), (read.Address, read.DefaultMount, TokenOf(read)));
    }

    [Theory]
    [InlineData("sealed: &a {}\nother: *a", 1)]
    [InlineData("sealed: !!binary canary-config-77aa", 1)]
    [InlineData("a: 1\na: 2", 2)]
    [InlineData("a: [canary-config-77aa", 2)]
    [InlineData("a: 1\n---\nb: 2", 2)]
    [InlineData("\"unclosed: canary-config-77aa", 1)]
    public void YAML_that_is_broken_or_more_than_plain_is_told_by_its_place(string yaml, int line)
    {
        Read(yaml, "/etc/state.yaml", out BridgeException? refusal);
        Assert.StartsWith($"/etc/state.yaml, line {line}, column ", refusal!.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(BrokenFiles))]
    public void A_broken_or_unknown_file_is_told_by_line_and_column_and_its_content_is_not_repeated(string text)
    {
        BridgeException refusal = Refused(() => Read(text));
        Assert.Matches(@"^/etc/sagewai/file, line \d+, column \d+: ", refusal.Message);
        Assert.DoesNotContain(Canary, refusal.Message, StringComparison.Ordinal);
        Assert.Null(refusal.InnerException);
    }

    [Fact]
    public void The_place_is_that_of_the_flaw()
    {
        BridgeException refusal = Refused(() => Read("{\n  \"sealed\": {\n    \"vault\": { \"addr\": yes }\n  }\n}"));
        Assert.StartsWith("/etc/sagewai/file, line 3, column 24: expected a colon and a value", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_are_refused_where_they_stand()
    {
        BridgeException refusal = Refused(() => ConfigurationFile.Read([(byte)'{', (byte)'\n', 0xff, 0xfe], "/etc/f", Sources()));
        Assert.StartsWith("/etc/f, line 2, column 1: expected UTF-8", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mutated_file_gives_a_typed_error_or_a_configuration()
    {
        byte[] whole = Encoding.UTF8.GetBytes("""
            { "sealed": { "default_scheme": "vault", "vault": { "enabled": true, "addr": "http://x\u00e9", "auth_config": { "token": "canary-config-77aa" }, "n": [1, -2.5e3, null] } } }
            """);
        var random = new Random(20260101);
        for (int round = 0; round < 4_000; round++)
        {
            byte[] bytes = whole[..random.Next(whole.Length + 1)];
            for (int flips = random.Next(4); flips > 0 && bytes.Length > 0; flips--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            string name = (round % 3) switch { 0 => "/f.json", 1 => "/f.yaml", _ => "/f" };
            try
            {
                ConfigurationFile.Read(bytes, name, Sources());
            }
            catch (BridgeException exception)
            {
                Assert.Equal(FaultKind.InvalidConfiguration, exception.Kind);
                Assert.DoesNotContain(Canary, exception.Message, StringComparison.Ordinal);
            }
        }
    }

    private static string TokenOf(BridgeConfiguration read) => new NetworkCredential("", Assert.IsType<TokenAuth>(read.Auth).Token).Password;

    private static BridgeException Refused(Action read)
    {
        var refusal = Assert.Throws<BridgeException>(read);
        Assert.Equal(FaultKind.InvalidConfiguration, refusal.Kind);
        Assert.DoesNotContain(Canary, refusal.Message, StringComparison.Ordinal);
        return refusal;
    }

    private BridgeConfiguration Sagewai(string fields) => Read("{\"sealed\": {\"vault\": {" + fields + "}}}");

    private BridgeConfiguration Read(string text) => ConfigurationFile.Read(Encoding.UTF8.GetBytes(text), "/etc/sagewai/file", Sources());

    private BridgeConfiguration Read(string text, string file, out BridgeException? refused)
    {
        try
        {
            refused = null;
            return ConfigurationFile.Read(Encoding.UTF8.GetBytes(text), file, Sources());
        }
        catch (BridgeException exception)
        {
            refused = exception;
            return new() { Kind = default };
        }
    }

    private ConfigurationSources Sources() => new()
    {
        Variable = name => _variables.GetValueOrDefault(name),
        ReadFile = path => _files.TryGetValue(path, out string? text) ? Encoding.UTF8.GetBytes(text) : null,
        IsExposed = _ => _isExposed,
        WantsAuth = _wantsAuth,
    };
}
