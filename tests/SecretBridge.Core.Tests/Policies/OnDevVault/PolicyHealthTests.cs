using SecretBridge.DevVault;
using SecretBridge.Health;
using SecretBridge.Policies;
using SecretBridge.Stores;
using SecretBridge.Tests.Reporting;
using Xunit;

namespace SecretBridge.Tests.Policies.OnDevVault;

public sealed class PolicyHealthTests : IAsyncLifetime
{
    private const string Ask = """path "sys/capabilities-self" { capabilities = ["update"] }""";

    private DevVaultServer _server = null!;
    private PolicyAdmin _admin = null!;

    public async Task InitializeAsync()
    {
        _server = await DevVaultServer.StartAsync();
        _server.Mount("kv");
        _admin = new(_server.Address.ToString(), _server.RootToken);
    }

    public async Task DisposeAsync()
    {
        await _admin.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("kv/data/a/*=read", "kv/data/a/*=read", "")]
    [InlineData("kv/data/*=read,update", "kv/data/a/*=read", "")]
    [InlineData("kv/data/a/*=read", "kv/data/a/*=read,update,create", "kv/data/a/*: update, create")]
    [InlineData("kv/data/a/+=read", "kv/data/a/*=read", "kv/data/a/*: read")]
    [InlineData("kv/metadata/a/+/*=list", "kv/metadata/a/*=list", "kv/metadata/a/*: list")]
    [InlineData("kv/data/a/*=read kv/data/a/b=deny", "kv/data/a/b=read", "kv/data/a/b: read")]
    [InlineData("kv/data/a=read", "kv/data/a=read kv/data/b=read", "kv/data/b: read")]
    [InlineData("kv/metadata/a=list", "kv/metadata/a/=list", "")]
    [InlineData("kv/metadata/a/*=list", "kv/metadata/a/*=list,scan", "kv/metadata/a/*: scan")]
    [InlineData("kv/data/x=read", "kv/data/a=deny kv/data/x=read", "")]
    public async Task The_lines_that_a_token_lacks_are_told(string has, string wants, string expected)
    {
        VaultHealth health = await HealthAsync(Hcl(has) + Ask, Hcl(wants));
        Assert.Equal(expected, string.Join("; ", health.MissingCapability.Select(row => row.ToString())));
        Assert.Equal((expected.Length == 0, expected.Length == 0 ? HealthStatus.Active : HealthStatus.LacksCapability), (health.Healthy, health.Status));
        Assert.Equal(1, _server.Requests.Count("POST", "sys/capabilities-self"));
    }

    [Fact]
    public async Task The_token_of_the_root_policy_lacks_nothing()
    {
        await using VaultBackend backend = await _admin.ConnectAsync("a", _server.RootToken);
        Assert.True((await HealthAsync(backend, Hcl("kv/data/a/*=read,sudo"))).Healthy);
    }

    [Fact]
    public async Task A_token_that_may_not_ask_gets_a_clear_word()
    {
        VaultHealth health = await HealthAsync(Hcl("kv/data/a=read"), Hcl("kv/data/a=read"));
        HealthCheck check = Assert.Single(health.Checks, check => !check.Passed);
        Assert.Equal(("policy", false, HealthStatus.Active), (check.Name, health.Healthy, health.Status));
        Assert.Contains("sys/capabilities-self", check.Hint!, StringComparison.Ordinal);
        Assert.Empty(health.MissingCapability);
    }

    [Fact]
    public async Task What_the_server_does_not_tell_is_said_to_be_unchecked()
    {
        VaultHealth health = await HealthAsync(Hcl("kv/data/a=create") + Ask,
            """path "kv/data/a" { capabilities = ["create"] allowed_parameters = { "*" = [] } } path "kv/data/{{identity.entity.id}}" { capabilities = ["read"] }""");
        Assert.True(health.Healthy);
        Assert.EndsWith("not checked, for the server does not tell: kv/data/a (allowed_parameters), kv/data/{{identity.entity.id}} (a template in the path)", health.Checks[^1].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_policy_of_many_lines_is_asked_about_in_few_requests()
    {
        string lines = string.Join(' ', Enumerable.Range(0, 2000).Select(number => FormattableString.Invariant($"kv/data/{number}=read")));
        Assert.Equal(2000, (await HealthAsync(Ask, Hcl(lines))).MissingCapability.Count);
        Assert.Equal(3, _server.Requests.Count("POST", "sys/capabilities-self"));
    }

    private static string Hcl(string lines) => string.Concat(lines.Split(' ').Select(line => line.Split('=')).Select(parts =>
        new PolicyRule { Path = parts[0], Capabilities = parts[1].Split(','), Why = "" } + "\n"));

    private async Task<VaultHealth> HealthAsync(string has, string wants)
    {
        await _admin.WritePolicyAsync("has", has);
        await using VaultBackend backend = await _admin.ConnectAsync("a", await _admin.TokenAsync(["has"]), noVerify: true);
        return await HealthAsync(backend, wants);
    }

    private static Task<VaultHealth> HealthAsync(VaultBackend backend, string wants) => HealthProbe.RunAsync(
        new()
        {
            Backend = backend,
            Required = [.. PolicyText.Read(wants, "p").Select(line => new RequiredCapability(line.Path, line.Capabilities, line.Unchecked))],
        },
        new RecordingReporter(), TimeProvider.System, CancellationToken.None);
}
