using SecretBridge.Reporting;
using SecretBridge.Routes;
using SecretBridge.Stores;
using Xunit;

namespace SecretBridge.Tests.Routes;

public class RoutePatternTests
{
    [Theory]
    [InlineData("external/hashicorp/**", "vault://kv/**", "external/hashicorp/apps/db", "vault://kv/apps/db")]
    [InlineData("external/hashicorp/**", "vault://legacy@kv/team/**", "external/hashicorp/a", "vault://legacy@kv/team/a")]
    [InlineData("vault://kv/apps/**", "vault://new@apps/**", "vault://kv/apps/x/y", "vault://new@apps/x/y")]
    [InlineData("vault://Legacy@kv/**", "vault://new@kv/**", "vault://legacy@kv/x", "vault://new@kv/x")]
    [InlineData("builtin://**", "vault://kv/**", "builtin://a/b", "vault://kv/a/b")]
    [InlineData("*/db", "vault://kv/*/database", "billing/db", "vault://kv/billing/database")]
    [InlineData("team?/db", "vault://kv/t?/db", "team7/db", "vault://kv/t7/db")]
    [InlineData("one/exact", "vault://kv/other/place", "one/exact", "vault://kv/other/place")]
    [InlineData("odd%20name/**", "vault://kv/50%25/**", "odd name/x%23y", "vault://kv/50%25/x%23y")]
    public void A_reference_goes_where_the_wildcards_put_it(string pattern, string target, string reference, string expected) =>
        Assert.Equal([expected], Table((pattern, target)).Find(SecretReference.Parse(reference))!.Authority.Select(found => found.ToString()));

    [Theory]
    [InlineData("external/hashicorp/**", "external/hashicorp", "its wildcards do not match the rest of the path")]
    [InlineData("external/hashicorp/**", "external/other/x", "name 2 of the path is 'other', not 'hashicorp'")]
    [InlineData("external/hashicorp/**", "external", "the path ends before 'hashicorp'")]
    [InlineData("external/**", "vault://external/x", "it is for bare names, and this is one of vault://")]
    [InlineData("vault://kv/**", "kv/x", "it is for vault://, and this is one of bare names")]
    [InlineData("vault://kv/**", "vault://prod@kv/x", "it is for references that name no backend, and this one names 'prod'")]
    [InlineData("vault://prod@kv/**", "vault://kv/x", "it is for references that name the backend 'prod'")]
    [InlineData("vault://kv/a*", "vault://kv/a/b", "its wildcards do not match the rest of the path")]
    [InlineData("vault://KV/**", "vault://kv/b", "name 1 of the path is 'kv', not 'KV'")]
    public void What_a_pattern_is_not_for_is_told_with_why(string pattern, string reference, string why)
    {
        var parsed = RoutePattern.Parse(pattern);
        Assert.Null(parsed.Capture(SecretReference.Parse(reference)));
        Assert.Equal(why, parsed.WhyNot(SecretReference.Parse(reference)));
    }

    [Fact]
    public void The_first_route_that_matches_counts()
    {
        RouteTable table = Table(("apps/billing/**", "vault://a/**"), ("apps/**", "vault://b/**"), ("apps/web", "vault://c/web"));
        Assert.Equal("vault://a/db", table.Find(SecretReference.Parse("apps/billing/db"))!.Authority[0].ToString());
        Assert.Equal("vault://b/web", table.Find(SecretReference.Parse("apps/web"))!.Authority[0].ToString());
        Assert.Null(table.Find(SecretReference.Parse("other/x")));
        Assert.Equal(["apps/**"], table.Rules.Select(rule => table.CoverOf(rule)?.Pattern.Text).OfType<string>());
    }

    [Theory]
    [InlineData("a/**", "kv/**", "has no scheme")]
    [InlineData("a/**", "vault://kv/x", "has 1 wildcards, and its target 'vault://kv/x' has 0")]
    [InlineData("a/b", "vault://kv/**", "has 0 wildcards")]
    [InlineData("a**/b", "vault://kv/**", "** must be a name of its own")]
    [InlineData("a/../**", "vault://kv/**", "'..' is not a name")]
    [InlineData("builtin://", "vault://kv/**", "it names a whole store")]
    [InlineData("ftp://a/**", "vault://kv/**", "is not a scheme")]
    public void A_route_that_cannot_be_right_is_refused(string pattern, string target, string flaw) =>
        Assert.Contains(flaw, Assert.Throws<BridgeException>(() => Table((pattern, target))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("vault://user:canary-pw@kv/**")]
    [InlineData("https://user:canary-pw@host/kv/**")]
    [InlineData("user:canary-pw@host/**")]
    [InlineData("vault://kv/**?token=canary-token")]
    [InlineData("vault://kv/**?version=3")]
    [InlineData("vault://kv/**#canary-key")]
    public void What_may_be_a_login_is_refused_and_not_repeated(string target)
    {
        BridgeException refused = Assert.Throws<BridgeException>(() => Table(("a/**", target)));
        Assert.Contains("routes take no login, no version and no key", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", refused.Message + refused.Target, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RouteMode.Shadow)]
    [InlineData(RouteMode.Cutover)]
    public void Both_authorities_are_needed_where_both_count(RouteMode mode) =>
        Assert.Contains("needs a new target", Assert.Throws<BridgeException>(() => RouteTable.Of([new() { Pattern = "a/**", Target = ["vault://kv/**"], Mode = mode }])).Message, StringComparison.Ordinal);

    private static RouteTable Table(params (string Pattern, string Target)[] routes) =>
        RouteTable.Of(routes.Select(route => new SecretRoute { Pattern = route.Pattern, Target = [route.Target] }));
}
