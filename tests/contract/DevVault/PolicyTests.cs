using SecretBridge.DevVault;
using Xunit;

namespace SecretBridge.Contract.Tests;

public sealed class PolicyTests
{
    [Theory]
    [InlineData("an exact path wins over a prefix", "a/b", "a/*=read", "a/b=list", "list")]
    [InlineData("the longer prefix wins", "a/b/c", "a/*=read", "a/b/*=list", "list")]
    [InlineData("a later wildcard wins", "a/b/c", "+/b/c=read", "a/+/c=list", "list")]
    [InlineData("no star wins over a star", "a/b/c", "a/+/*=read", "a/+/c=list", "list")]
    [InlineData("fewer pluses win", "a/b/c/d", "a/+/+/d=read", "a/+/c/d=list", "list")]
    [InlineData("deny wins within one path", "a/b", "a/b=deny", "a/b=read", "deny")]
    [InlineData("a more exact grant wins over a deny above it", "a/b/c", "a/*=deny", "a/b/c=read", "read")]
    [InlineData("equal paths add up", "a/b", "a/b=read", "a/b=list", "list,read")]
    [InlineData("a plus stands for one segment only", "a/b/c/d", "a/+/d=read", "x=list", "deny")]
    [InlineData("a star may stand within a name", "a/billing", "a/bil*=read", "x=list", "read")]
    [InlineData("a star in the middle is no wildcard", "a/x/c", "a/*/c=read", "x=list", "deny")]
    public void The_documented_priority_decides(string why, string path, string one, string other, string expected)
    {
        PathRule[] rules = [.. new[] { one, other }.Select(Rule)];

        Assert.True(expected == string.Join(',', new Acl(rules).CapabilitiesOn(path)), why);
    }

    [Fact]
    public void HCL_is_read_with_comments_lists_and_objects()
    {
        const string Text = """
            # one
            path "a/*" { capabilities = ["read", "list"] } // two
            /* three */
            path "b/+/c" {
              capabilities = ["create",
                "update",]
              allowed_parameters = { "x" = ["1", "2"] "*" = [] }
              required_parameters = ["y"]
            }
            path "c" { policy = "write" }
            """;

        IReadOnlyList<PathRule> rules = PolicyParser.Parse(Text, VaultFlavour.OpenBao);

        Assert.Equal(["a/*", "b/+/c", "c"], rules.Select(rule => rule.Path));
        Assert.Equal(
            [Capabilities.Read | Capabilities.List, Capabilities.Create | Capabilities.Update, Capabilities.Create | Capabilities.Read | Capabilities.Update | Capabilities.Delete | Capabilities.List],
            rules.Select(rule => rule.Capabilities));
    }

    [Fact]
    public void JSON_policies_are_read_too()
    {
        IReadOnlyList<PathRule> rules = PolicyParser.Parse("""{"path":{"a/*":{"capabilities":["read"]}}}""", VaultFlavour.Vault);

        Assert.Equal(("a/*", Capabilities.Read), (rules[0].Path, rules[0].Capabilities));
    }

    [Theory]
    [InlineData(VaultFlavour.Vault, "patch")]
    [InlineData(VaultFlavour.Vault, "scan")]
    [InlineData(VaultFlavour.OpenBao, "write")]
    public void A_capability_that_the_server_does_not_know_is_refused(VaultFlavour flavour, string capability) =>
        Assert.Throws<RefusalException>(() => PolicyParser.Parse($$"""path "a" { capabilities = ["{{capability}}"] }""", flavour));

    [Fact]
    public async Task A_policy_that_changes_counts_at_once_for_tokens_that_have_it()
    {
        await using DevVaultServer server = await DevVaultServer.StartAsync();
        using var client = new TestClient(server);
        server.Put("secret", "a", """{"k":"v"}""");
        server.WritePolicy("p", """path "secret/data/*" { capabilities = ["read"] }""");
        string token = server.CreateToken(["p"]);

        int before = (await client.GetAsync("/v1/secret/data/a", token)).Status;
        server.WritePolicy("p", """path "secret/data/*" { capabilities = ["deny"] }""");
        int after = (await client.GetAsync("/v1/secret/data/a", token)).Status;

        Assert.Equal((200, 403), (before, after));
    }

    [Fact]
    public async Task A_pagination_limit_cuts_a_listing_without_a_word()
    {
        await using DevVaultServer server = await DevVaultServer.StartAsync();
        using var client = new TestClient(server);
        foreach (string name in new[] { "a", "b", "c", "d", "e" })
        {
            server.Put("secret", name, """{"k":"v"}""");
        }
        server.WritePolicy("p", """path "secret/metadata/*" { capabilities = ["list"] pagination_limit = 2 }""");
        string token = server.CreateToken(["p"]);

        Assert.Equal(["a", "b"], (await client.ListAsync("/v1/secret/metadata/", token)).Keys);
        Assert.Equal(["e"], (await client.ListAsync("/v1/secret/metadata/?after=d", token)).Keys);
        Assert.Equal(404, (await client.ListAsync("/v1/secret/metadata/?after=e", token)).Status);
        Assert.Equal(403, (await client.ListAsync("/v1/secret/metadata/?limit=3", token)).Status);
    }

    private static PathRule Rule(string text)
    {
        string[] parts = text.Split('=');
        return new PathRule(parts[0], Enum.Parse<Capabilities>(parts[1], ignoreCase: true));
    }
}
