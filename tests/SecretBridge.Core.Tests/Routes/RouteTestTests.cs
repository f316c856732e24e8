using SecretBridge.Reporting;
using SecretBridge.Routes;
using SecretBridge.Stores;
using Xunit;

namespace SecretBridge.Tests.Routes;

public class RouteTestTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task It_says_where_a_reference_goes_why_and_why_not_by_an_earlier_route()
    {
        var set = new RouteSet(RouteMode.Shadow);
        RouteTestResult row = await Test(set, new SecretRoute { Pattern = "external/other/**", Target = ["vault://x/**"] }, set.Routes).RunAsync("external/apps/db?version=2#user", default);
        Assert.Equal(("vault://old/apps/db?version=2#user", "vault://new/team/apps/db?version=2#user", "external/**", 2, RouteMode.Shadow), (row.Uri, row.Other, row.Route, row.Position!.Value, row.Mode!.Value));
        Assert.Equal(["1 external/other/**: name 2 of the path is 'apps', not 'other'."], row.Passed);
        Assert.StartsWith("Shadow: the old authority answers", row.Reason, StringComparison.Ordinal);
        Assert.Equal((null, null), (row.State, row.OtherState));
    }

    [Fact]
    public async Task It_says_that_no_route_is_for_a_reference()
    {
        var set = new RouteSet(RouteMode.Proxy);
        RouteTestResult row = await Test(set, set.Routes).RunAsync("vault://old/apps/db", default);
        Assert.Equal(("vault://old/apps/db", null, null), (row.Uri, row.Route, row.Mode));
        Assert.Equal(["1 external/**: it is for bare names, and this is one of vault://."], row.Passed);
    }

    [Theory]
    [InlineData(RouteMode.Cutover, 1, RouteFallback.Allowed, "stands in until 2026-01-01T01:00:00Z")]
    [InlineData(RouteMode.Cutover, -1, RouteFallback.Ended, "since then it is an error")]
    [InlineData(RouteMode.Cutover, 0, RouteFallback.None, "It is an error where it has no such secret")]
    [InlineData(RouteMode.Proxy, 1, RouteFallback.None, "the old authority answers")]
    public async Task It_says_whether_a_fallback_is_allowed_now(RouteMode mode, int hours, RouteFallback fallback, string words)
    {
        var set = new RouteSet(mode, hours == 0 ? null : TimeSpan.FromHours(hours));
        RouteTestResult row = await Test(set, set.Routes).RunAsync(RouteSet.Asked, default);
        Assert.Equal(fallback, row.Fallback);
        Assert.Contains(words, row.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_target_that_matches_a_route_is_pointed_out()
    {
        var set = new RouteSet(RouteMode.Proxy);
        SecretRoute again = new() { Pattern = "vault://old/**", Target = ["vault://new/**"] };
        Assert.Contains("'vault://old/**' too, and is not routed again", (await Test(set, set.Routes, again).RunAsync(RouteSet.Asked, default)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_probe_reads_metadata_of_both_sides_and_no_value()
    {
        RouteSet set = await new RouteSet(RouteMode.Shadow).WithAsync(@new: null);
        RouteTestResult row = await Test(set, set.Routes, isProbe: true).RunAsync(RouteSet.Asked, default);
        Assert.Equal((SecretState.Live, SecretState.Absent), (row.State, row.OtherState));
        Assert.Equal(("vault://memory@old/apps/db", "vault://memory@new/team/apps/db"), (row.Uri, row.Other));
        Assert.Equal((0, 0, 1, 1), (set.Old.Reads.Count, set.New.Reads.Count, set.Old.MetadataReads.Count, set.New.MetadataReads.Count));
    }

    [Fact]
    public async Task A_probe_of_a_store_without_metadata_looks_into_the_folder()
    {
        RouteSet set = await new RouteSet(RouteMode.Proxy).WithAsync();
        set.Old.Without = StoreCapabilities.Metadata;
        Assert.Equal(SecretState.Live, (await Test(set, set.Routes, isProbe: true).RunAsync(RouteSet.Asked, default)).State);
        Assert.Equal((0, 1), (set.Old.Reads.Count, set.Old.Lists.Count));
        set.Old.Without |= StoreCapabilities.List;
        Assert.Null((await Test(set, set.Routes, isProbe: true).RunAsync(RouteSet.Asked, default)).State);
    }

    [Fact]
    public async Task What_cannot_be_looked_at_is_a_row_with_a_fault_that_still_says_where_it_goes()
    {
        var set = new RouteSet(RouteMode.Proxy);
        set.Old.Before = (_, path) => throw RouteSet.Down(path);
        RouteTestResult row = await Test(set, set.Routes, isProbe: true).RunAsync(RouteSet.Asked, default);
        Assert.Equal((FaultKind.Unreachable, "vault://old/apps/db", "external/**"), (row.Fault!.Kind, row.Uri, row.Route));
        Assert.Equal(FaultKind.InvalidPath, (await Test(set, set.Routes).RunAsync("no//reference", default)).Fault!.Kind);
    }

    private static RouteTest Test(RouteSet set, SecretRoute route, SecretRoute? second = null, bool isProbe = false)
    {
        Assert.Equal(Now, set.Time.GetUtcNow());
        return new(RouteTable.Of(second is null ? [route] : [route, second]), isProbe ? new Trees.StoreSet(set.Old, set.New) : null, set.Time);
    }
}
