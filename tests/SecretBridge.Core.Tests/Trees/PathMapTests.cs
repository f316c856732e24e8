using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Trees;
using Xunit;

namespace SecretBridge.Tests.Trees;

public class PathMapTests
{
    [Theory]
    [InlineData("*billing*", "apps/billing-db", true)]
    [InlineData("*billing*", "billing/db", false)]
    [InlineData("apps/**", "apps/a/b", true)]
    [InlineData("apps/**", "apps", false)]
    [InlineData("apps/**", "appsx/a", false)]
    [InlineData("apps/*", "apps/a", true)]
    [InlineData("apps/*", "apps/a/b", false)]
    [InlineData("**/db", "db", true)]
    [InlineData("**/db", "a/b/db", true)]
    [InlineData("**/db", "a/xdb", false)]
    [InlineData("a/**/z", "a/z", true)]
    [InlineData("dev**/db", "devdb", false)]
    [InlineData("dev**/db", "dev-1/x/db", true)]
    [InlineData("**/**/z", "z", true)]
    [InlineData("**/a/**/z", "x/a/z", true)]
    [InlineData("**/*", "x", true)]
    [InlineData("a/**/z", "a/b/c/z", true)]
    [InlineData("d?", "x/db", true)]
    [InlineData("d?", "d", false)]
    [InlineData("a[b]/*", "a[b]/x", true)]
    [InlineData("apps/", "apps/a/b", true)]
    [InlineData("Apps/**", "apps/a", false)]
    [InlineData("**", "a/b", true)]
    public void A_glob_matches_whole_paths_or_a_last_name(string glob, string path, bool matches) =>
        Assert.Equal(matches, new PathFilter([glob], []).Keeps(path));

    [Fact]
    public void An_exclusion_wins_over_an_inclusion_and_spares_listing_a_whole_folder()
    {
        var filter = new PathFilter(["apps/**"], ["apps/old/**", "*.bak"]);
        Assert.True(filter.Keeps("apps/a"));
        Assert.False(filter.Keeps("apps/old/a"));
        Assert.False(filter.Keeps("apps/a.bak"));
        Assert.True(filter.Prunes("apps/old"));
        Assert.True(filter.Prunes("apps/old/deep"));
        Assert.False(filter.Prunes("apps"));
    }

    [Theory]
    [InlineData("apps/billing/db", "environments/production/billing/db")]
    [InlineData("apps/exact", "moved/here")]
    [InlineData("team/x/key", "keys/x")]
    [InlineData("other", null)]
    public void Rules_lead_exact_paths_first_and_then_globs_in_order(string path, string? expected)
    {
        var map = PathMap.Of(
        [
            new("apps/**", "environments/production/**"),
            new("apps/exact", "moved/here"),
            new("team/*/key", "keys/*"),
            new("team/**", "never/**"),
        ]);
        Assert.Equal(expected, map.Apply(SecretPath.Parse(path))?.Value);
    }

    [Theory]
    [InlineData("apps/**", "x/**", true)]
    [InlineData("**", "x/**", true)]
    [InlineData("apps/", "x/", true)]
    [InlineData("apps/*", "x/*", false)]
    [InlineData("a/b", "c", false)]
    public void Only_one_prefix_for_another_is_known_not_to_collide(string source, string destination, bool safe) =>
        Assert.Equal(safe, PathMap.Of([new(source, destination)]).CannotCollide);

    [Theory]
    [InlineData("apps/**", "x")]
    [InlineData("apps", "x/**")]
    [InlineData("", "x")]
    [InlineData("a/../b", "x")]
    [InlineData("/a", "x")]
    public void A_rule_that_cannot_be_right_is_refused(string source, string destination) =>
        Assert.Throws<BridgeException>(() => PathMap.Of([new(source, destination)]));

    [Theory]
    [InlineData("regex:^apps/([^/]+)/prod$", "prod/$1", "apps/db/prod", "prod/db")]
    [InlineData("regex:^apps/(?<name>[^/]+)/prod$", "prod/${name}", "apps/db/prod", "prod/db")]
    [InlineData("regex:old", "new", "a-old/b-old", "a-new/b-new")]
    [InlineData("regex:^apps/$", "x", "apps/db", null)]
    [InlineData("glob:regex:x", "y", "regex:x", "y")]
    [InlineData("glob:apps/*", "y/*", "apps/a", "y/a")]
    public void A_regular_expression_replaces_what_it_matches(string source, string destination, string path, string? expected) =>
        Assert.Equal(expected, PathMap.Of([new(source, destination)]).Apply(SecretPath.Parse(path))?.Value);

    [Theory]
    [InlineData("regex:(")]
    [InlineData("regex:(?=look)")]
    public void A_regular_expression_that_cannot_be_used_is_refused(string source) =>
        Assert.Equal(FaultKind.InvalidArgument, Assert.Throws<BridgeException>(() => PathMap.Of([new(source, "x")])).Kind);

    [Fact]
    public async Task A_rule_may_be_asked_and_is_asked_once_for_each_path()
    {
        var asked = new List<string>();
        var map = PathMap.Of(
        [
            new("apps/**", "") { Transform = (path, _) => { asked.Add(path); return new(path == "apps/skip" ? null : "t/" + path.ToUpperInvariant()); } },
            new("**", "rest/**"),
        ]);
        Assert.False(map.CannotCollide);
        string[] paths = ["apps/a", "apps/skip", "x"];
        foreach (string path in paths)
        {
            await map.ApplyAsync(SecretPath.Parse(path), CancellationToken.None);
        }

        Assert.Equal(["t/APPS/A", "rest/apps/skip", "rest/x"], paths.Select(path => map.Apply(SecretPath.Parse(path))!.Value.Value));
        Assert.Equal(["apps/a", "apps/skip"], asked);
        Assert.Empty(map.UnusedRules);
    }

    [Fact]
    public void A_rule_without_use_is_known()
    {
        var map = PathMap.Of([new("apps/**", "x/**"), new("nothing/**", "y/**")]);
        map.Apply(SecretPath.Parse("apps/a"));
        Assert.Equal(["nothing/**"], map.UnusedRules);
    }
}
