using SecretBridge.Reporting;
using SecretBridge.Wire;
using Xunit;

namespace SecretBridge.Tests.Wire;

public class VaultEnvironmentTests
{
    [Theory]
    [InlineData("https://bao", "https://vault", "https://bao")]
    [InlineData(null, "https://vault", "https://vault")]
    [InlineData("", "https://vault", null)]
    [InlineData(null, null, null)]
    public void Baos_variable_wins_even_where_it_is_empty(string? bao, string? vault, string? address) =>
        Assert.Equal(address, Of(("BAO_ADDR", bao), ("VAULT_ADDR", vault)).Address);

    [Fact]
    public void The_token_comes_from_the_variable_and_last_from_the_file()
    {
        Assert.Equal("from-env", Reveal(Of([("VAULT_TOKEN", "from-env"), ("HOME", "/home/me")], ("/home/me/.vault-token", "from-file"))));
        Assert.Equal("from-file", Reveal(Of([("HOME", "/home/me")], ("/home/me/.vault-token", " from-file\n"))));
        Assert.Null(Of(("HOME", "/home/me")).ReadToken());
    }

    [Theory]
    [InlineData("1", true)]
    [InlineData("t", true)]
    [InlineData("TRUE", true)]
    [InlineData("false", false)]
    [InlineData("0", false)]
    [InlineData("", false)]
    public void Skip_verify_is_read_as_Go_reads_it(string text, bool skips) => Assert.Equal(skips, Of(("VAULT_SKIP_VERIFY", text)).Tls.SkipCertificateCheck);

    [Theory]
    [InlineData("VAULT_SKIP_VERIFY", "yes")]
    [InlineData("VAULT_CLIENT_CERT", "/c.pem")]
    [InlineData("VAULT_CLIENT_KEY", "/k.pem")]
    [InlineData("VAULT_MAX_RETRIES", "-1")]
    [InlineData("VAULT_CLIENT_TIMEOUT", "soon")]
    [InlineData("VAULT_RATE_LIMIT", "many")]
    [InlineData("BAO_WRAP_TTL", "60")]
    public void What_cannot_be_right_is_an_error_that_names_the_variable(string name, string value)
    {
        VaultEnvironment environment = Of((name, value));
        BridgeException exception = Assert.Throws<BridgeException>(() =>
        {
            environment.Check();
            _ = (environment.Tls, environment.MaxRetries, environment.ClientTimeout, environment.RateLimit);
        });
        Assert.Equal(FaultKind.InvalidArgument, exception.Kind);
        Assert.Contains(name, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_else_is_read_too()
    {
        VaultEnvironment environment = Of(
            ("VAULT_NAMESPACE", "team"), ("VAULT_MOUNT", "kv"), ("BAO_KV_MOUNT", "kv2"), ("VAULT_ROLE_ID", "r"), ("VAULT_SECRET_ID", "s"),
            ("VAULT_CLIENT_TIMEOUT", "90"), ("VAULT_MAX_RETRIES", "0"), ("VAULT_RATE_LIMIT", "2.5:7"), ("VAULT_HTTP_PROXY", "http://p"),
            ("VAULT_CACERT", "/ca.pem"), ("VAULT_CAPATH", "/ca"), ("VAULT_TLS_SERVER_NAME", "v.example"));
        Assert.Equal(("team", "kv2", "r"), (environment.Namespace, environment.DefaultMount, environment.RoleId));
        Assert.Equal((TimeSpan.FromSeconds(90), 0, 2.5, 7), (environment.ClientTimeout, environment.MaxRetries, environment.RateLimit, environment.RateBurst));
        Assert.Equal("http://p", environment.Proxy);
        Assert.Equal(("/ca.pem", "/ca", "v.example"), (environment.Tls.CaFile, environment.Tls.CaFolder, environment.Tls.ServerName));
        Assert.Equal("s", SecretText.Of(environment.ReadSecretId()!).Reveal());
        environment.Check();
    }

    private static string? Reveal(VaultEnvironment environment) => SecretText.Of(environment.ReadToken()!).Reveal();

    private static VaultEnvironment Of(params (string Name, string? Value)[] variables) => Of(variables, []);

    private static VaultEnvironment Of((string Name, string? Value)[] variables, params (string Path, string Text)[] files) =>
        new(name => Array.Find(variables, variable => variable.Name == name).Value, path => Array.Find(files, file => file.Path == path).Text);
}
