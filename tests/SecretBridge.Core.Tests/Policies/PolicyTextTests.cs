using SecretBridge.Policies;
using SecretBridge.Reporting;
using Xunit;

namespace SecretBridge.Tests.Policies;

public class PolicyTextTests
{
    [Theory]
    [InlineData("""path "a/*" { capabilities = ["read", "list"] }""", "a/*=read,list")]
    [InlineData("""path "/a" { capabilities = ["read",] }""", "a=read")]
    [InlineData("""path a { capabilities = ["read"] }""", "a=read")]
    [InlineData("""path "a" { capabilities = ["read", "read"] } path "b" { capabilities = ["deny"] }""", "a=read b=deny")]
    [InlineData("""path "a" { policy = "read" }""", "a=read,list")]
    [InlineData("""path "a" { policy = "write" }""", "a=create,read,update,delete,list")]
    [InlineData("""path "a" { policy = "sudo" }""", "a=create,read,update,delete,list,sudo")]
    [InlineData("""path "a" { policy = "deny" }""", "a=deny")]
    [InlineData("""path "q\"\\\u0024{x}" { capabilities = ["read"] }""", "q\"\\${x}=read")]
    [InlineData("# one\n// two\n/* three\n */ name = \"n\"\npath \"a\" { # four\n capabilities = [\"read\" // five\n, \"list\"] }\n", "a=read,list")]
    [InlineData("""path "a" { capabilities = ["read"] allowed_parameters = { "x" = ["1", "2"] "*" = [] } min_wrapping_ttl = 1 }""", "a=read(allowed_parameters+min_wrapping_ttl)")]
    [InlineData("""path "a/{{identity.entity.id}}" { capabilities = ["read"] }""", "a/{{identity.entity.id}}=read(a template in the path)")]
    [InlineData("""{"path":{"a/*":{"capabilities":["read"],"denied_parameters":{"x":[]}},"b":{"policy":"read"}}}""", "a/*=read(denied_parameters) b=read,list")]
    [InlineData("""{"path":[{"a":{"capabilities":["read"]}},{"b":[{"capabilities":["list"]}]}]}""", "a=read b=list")]
    public void What_a_policy_says_is_read(string text, string expected) =>
        Assert.Equal(expected, string.Join(' ', PolicyText.Read(text, "p").Select(line =>
            $"{line.Path}={string.Join(',', line.Capabilities)}{(line.Unchecked.Count == 0 ? "" : $"({string.Join('+', line.Unchecked)})")}")));

    [Theory]
    [InlineData("[")]
    [InlineData("{ x = ")]
    public void A_text_that_nests_without_end_is_refused_and_ends_no_process(string opening)
    {
        string text = "path \"a\" { allowed_parameters = " + string.Concat(Enumerable.Repeat(opening, 200_000));
        Assert.Equal(FaultKind.InvalidConfiguration, Assert.Throws<BridgeException>(() => PolicyText.Read(text, "p")).Kind);
    }

    [Fact]
    public void What_stands_behind_a_character_that_no_text_has_is_not_passed_over() =>
        Assert.Contains("line 2", Assert.Throws<BridgeException>(() => PolicyText.Read("path \"a\" { policy = \"read\" }\n\0path \"b\" { policy = \"write\" }", "p")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("", "it has no path")]
    [InlineData("path \"a\" {\n  capabilities = [\"raed\"]\n}", "line 1: 'raed' at path 'a' is no capability")]
    [InlineData("\npath \"a\" { capabilites = [\"read\"] }", "line 2: 'capabilites' at path 'a' is nothing that policies say")]
    [InlineData("path \"a\" { policy = \"raed\" }", "line 1: 'policy = \"raed\"' at path 'a'")]
    [InlineData("path \"a\" { capabilities = [\"read\" ", "line 1: it ends too early")]
    [InlineData("path \"a\n\" { }", "line 1: '\"' is expected")]
    [InlineData("path \"a\" { capabilities = <<EOT", "line 1: '<' is not expected")]
    [InlineData("resource \"a\" { }", "line 1: only 'path")]
    [InlineData("/* path", "line 1: a comment does not end")]
    [InlineData("path \"\\q\" { }", "line 1: '\\q' is no escape")]
    [InlineData("path \"\\u12\" { }", "line 1: '\\u' is not followed")]
    [InlineData("{\"path\":", "cannot be read as a policy")]
    [InlineData("{\"path\":3}", "cannot be read as a policy")]
    public void What_is_no_policy_is_refused_with_its_line(string text, string why)
    {
        var refusal = Assert.Throws<BridgeException>(() => PolicyText.Read(text, "p.hcl"));
        Assert.Equal((FaultKind.InvalidConfiguration, "p.hcl"), (refusal.Kind, refusal.Target));
        Assert.Contains(why, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_policy_is_read_or_refused_and_nothing_else()
    {
        const string Whole = "# c\npath \"a/\\u0024{b}/*\" { capabilities = [\"read\", \"list\"] allowed_parameters = { \"x\" = [\"1\"] } }\n/* d */ path \"b\" { policy = \"read\" }";
        var random = new Random(7);
        for (int round = 0; round < 20_000; round++)
        {
            char[] text = Whole.ToCharArray();
            for (int change = random.Next(1, 4); change > 0; change--)
            {
                text[random.Next(text.Length)] = "\"{}[]=,\\/*#\nau\0"[random.Next(15)];
            }

            try
            {
                Assert.NotEmpty(PolicyText.Read(new string(text, 0, random.Next(text.Length + 1)), "p"));
            }
            catch (BridgeException exception)
            {
                Assert.Equal(FaultKind.InvalidConfiguration, exception.Kind);
            }
        }
    }

    [Theory]
    [InlineData("kv/data/a*b")]
    [InlineData("kv/data/q\"q")]
    [InlineData("kv/data/b\\s")]
    [InlineData("kv/data/a${x}b")]
    [InlineData("kv/data/a${b")]
    [InlineData("kv/data/$$ {")]
    [InlineData("kv/data/é中")]
    [InlineData("kv/data/# //  /*")]
    public void A_line_that_is_written_reads_back_as_it_was(string path)
    {
        var rule = new PolicyRule { Path = path, Capabilities = ["read", "update"], Why = "x" };
        PolicyLine line = Assert.Single(PolicyText.Read(rule.ToString(), "p"));
        Assert.Equal(path, line.Path);
        Assert.Equal(["read", "update"], line.Capabilities);
    }
}
