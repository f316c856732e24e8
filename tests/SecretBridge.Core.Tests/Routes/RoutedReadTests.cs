using SecretBridge.Reporting;
using SecretBridge.Routes;
using SecretBridge.Stores;
using SecretBridge.Tests.Stores;
using SecretBridge.Tests.Trees;
using Xunit;

namespace SecretBridge.Tests.Routes;

/// <summary>Who answers in each mode, and what stands in.</summary>
public class RoutedReadTests
{
    [Fact]
    public async Task Proxy_reads_the_old_authority_alone()
    {
        RouteSet set = await new RouteSet(RouteMode.Proxy).WithAsync(@new: """{"value":"canary-new"}""");
        SecretReading reading = await set.ReadAsync();
        Assert.Equal("""{"value":"canary-old"}""", reading.Payload!.Text());
        Assert.Equal(new RoutedAnswer("external/**"), reading.Routed);
        Assert.Equal((1, 0), (set.Old.Reads.Count, set.New.Reads.Count));
        Assert.Empty(set.Reporter.Warnings);
        Assert.Empty(set.Audit.Events);
    }

    [Fact]
    public async Task What_no_route_matches_goes_where_it_says()
    {
        RouteSet set = await new RouteSet(RouteMode.Cutover).WithAsync();
        Assert.Null((await set.ReadAsync("vault://old/apps/db")).Routed);
        Assert.Equal((1, 0), (set.Old.Reads.Count, set.New.Reads.Count));
    }

    [Fact]
    public async Task A_target_that_matches_again_is_not_routed_again()
    {
        RouteSet set = await new RouteSet(RouteMode.Proxy).WithAsync();
        set.Routes = set.Routes with { Pattern = "vault://old/**", Target = ["vault://old/**"] };
        Assert.NotNull((await set.ReadAsync("vault://old/apps/db")).Payload);
        Assert.Single(set.Old.Reads);
    }

    [Fact]
    public async Task Of_several_targets_the_first_that_has_the_secret_answers_and_is_named()
    {
        RouteSet set = await new RouteSet(RouteMode.Proxy).WithAsync(old: null);
        set.Routes = set.Routes with { Target = ["vault://old/**", "vault://second/**"] };
        await set.Second.PutAsync("apps/db", """{"value":"canary-second"}""");
        SecretReading reading = await set.ReadAsync();
        Assert.Equal(("""{"value":"canary-second"}""", "vault://memory@second/apps/db"), (reading.Payload!.Text(), reading.Routed!.Elsewhere!.Uri));
        await set.Old.PutAsync("apps/db", """{"value":"canary-old"}""");
        reading = await set.ReadAsync();
        Assert.Equal(("""{"value":"canary-old"}""", null), (reading.Payload!.Text(), reading.Routed!.Elsewhere));
        Assert.Single(set.Second.Reads);
    }

    [Fact]
    public async Task A_deletion_and_an_outage_are_no_reason_to_ask_the_next_target()
    {
        RouteSet set = await new RouteSet(RouteMode.Proxy).WithAsync();
        set.Routes = set.Routes with { Target = ["vault://old/**", "vault://second/**"] };
        await set.Second.PutAsync("apps/db", """{"value":"canary-second"}""");
        await set.Old.Inner.DeleteAsync(SecretPath.Parse("apps/db"), [1], default);
        set.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(SecretState.Deleted, (await set.ReadAsync()).State);
        set.Old.Before = (_, path) => throw RouteSet.Down(path);
        Assert.Equal(FaultKind.Unreachable, (await Assert.ThrowsAsync<BridgeException>(() => set.ReadAsync())).Kind);
        Assert.Empty(set.Second.Reads);
    }

    [Fact]
    public async Task Cutover_reads_the_new_authority_alone()
    {
        RouteSet set = await new RouteSet(RouteMode.Cutover, TimeSpan.FromDays(1)).WithAsync(@new: """{"value":"canary-new"}""");
        SecretReading reading = await set.ReadAsync();
        Assert.Equal("""{"value":"canary-new"}""", reading.Payload!.Text());
        Assert.False(reading.Routed!.Fallback);
        Assert.Equal((0, 1), (set.Old.Reads.Count, set.New.Reads.Count));
        Assert.Empty(set.Audit.Events);
    }

    [Fact]
    public async Task After_the_cutover_absence_is_an_error_that_says_the_way_back()
    {
        RouteSet set = await new RouteSet(RouteMode.Cutover).WithAsync(@new: null);
        BridgeException refused = await Assert.ThrowsAsync<BridgeException>(() => set.ReadAsync(version: 3));
        Assert.Equal((FaultKind.SecretNotFound, "vault://memory@new/team/apps/db?version=3"), (refused.Kind, refused.Target));
        Assert.Contains("'external/**' allows no fallback: Set-SecretRoute", refused.Message, StringComparison.Ordinal);
        Assert.Empty(set.Old.Reads);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task While_it_is_allowed_the_old_authority_stands_in_and_that_is_marked_warned_of_and_told(bool isDown)
    {
        RouteSet set = await new RouteSet(RouteMode.Cutover, TimeSpan.FromHours(1)).WithAsync(@new: null);
        set.New.Before = (_, path) => isDown ? throw RouteSet.Down(path) : Task.CompletedTask;
        SecretReading reading = await set.ReadAsync();
        Assert.Equal("""{"value":"canary-old"}""", reading.Payload!.Text());
        Assert.Equal((true, "vault://memory@old/apps/db"), (reading.Routed!.Fallback, reading.Routed.Elsewhere!.Uri));
        Assert.Contains(isDown ? "could not be asked" : "has no such secret", reading.Routed.Reason, StringComparison.Ordinal);
        Assert.StartsWith("'external/apps/db' is a fallback from 'vault://memory@old/apps/db'.", Assert.Single(set.Reporter.Warnings), StringComparison.Ordinal);
        AuditEvent told = Assert.Single(set.Audit.Events);
        Assert.Equal(("secret.fallback", "vault://memory@old/apps/db", "memory", "nightly"), (told.Action, told.Reference, told.Backend, told.Workflow));
        Assert.Equal(
            ["allowed_until=2026-01-01T01:00:00Z", "asked=external/apps/db", "authority=vault://memory@new/team/apps/db", $"cause={(isDown ? "Unreachable" : "SecretNotFound")}", "route=external/**"],
            told.Details.Select(detail => $"{detail.Key}={detail.Value}").Order());
        Assert.DoesNotContain("canary", set.Said(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Once_its_time_is_over_a_fallback_is_an_error_again(bool isDown)
    {
        RouteSet set = await new RouteSet(RouteMode.Cutover, TimeSpan.FromHours(1)).WithAsync(@new: null);
        set.New.Before = (_, path) => isDown ? throw RouteSet.Down(path) : Task.CompletedTask;
        set.Time.Advance(TimeSpan.FromHours(1) - TimeSpan.FromTicks(1));
        Assert.True((await set.ReadAsync()).Routed!.Fallback);
        set.Time.Advance(TimeSpan.FromTicks(1));
        BridgeException refused = await Assert.ThrowsAsync<BridgeException>(() => set.ReadAsync());
        Assert.Equal(isDown ? FaultKind.Unreachable : FaultKind.SecretNotFound, refused.Kind);
        Assert.Contains("has allowed no fallback since 2026-01-01T01:00:00Z", refused.Message, StringComparison.Ordinal);
        Assert.Single(set.Old.Reads);
    }

    [Fact]
    public async Task A_refusal_and_a_deletion_are_answers_that_nobody_stands_in_for()
    {
        RouteSet set = await new RouteSet(RouteMode.Cutover, TimeSpan.FromHours(1)).WithAsync();
        await set.New.Inner.DeleteAsync(SecretPath.Parse("team/apps/db"), [1], default);
        set.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(SecretState.Deleted, (await set.ReadAsync()).State);
        set.New.Before = (_, path) => throw ProbedStore.Denied(path);
        Assert.Equal(FaultKind.PermissionDenied, (await Assert.ThrowsAsync<BridgeException>(() => set.ReadAsync())).Kind);
        Assert.Empty(set.Old.Reads);
        Assert.Empty(set.Reporter.Warnings);
    }

    [Fact]
    public async Task A_new_authority_that_cannot_even_be_found_for_an_outage_is_stood_in_for_too()
    {
        RouteSet set = await new RouteSet(RouteMode.Cutover, TimeSpan.FromHours(1)).WithAsync();
        set.Unfound = reference => reference.Path.Segments[0] == "new" ? RouteSet.Down(reference.Path) : null;
        SecretReading reading = await set.ReadAsync();
        Assert.Equal((true, "vault://memory@old/apps/db"), (reading.Routed!.Fallback, reading.Routed.Elsewhere!.Uri));
        Assert.Equal("vault://new/team/apps/db", Assert.Single(set.Audit.Events).Details["authority"]);
        set.Time.Advance(TimeSpan.FromHours(2));
        Assert.Contains("has allowed no fallback since", (await Assert.ThrowsAsync<BridgeException>(() => set.ReadAsync())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FaultKind.NotConnected)]
    [InlineData(FaultKind.MountNotFound)]
    [InlineData(FaultKind.PermissionDenied)]
    [InlineData(FaultKind.TlsFailed)]
    public async Task What_is_set_up_wrongly_is_no_outage(FaultKind kind)
    {
        RouteSet set = await new RouteSet(RouteMode.Cutover, TimeSpan.FromHours(1)).WithAsync();
        set.Unfound = reference => reference.Path.Segments[0] == "new" ? new(kind, "new", "No.") : null;
        Assert.Equal(kind, (await Assert.ThrowsAsync<BridgeException>(() => set.ReadAsync())).Kind);
        Assert.Empty(set.Old.Reads);
    }

    [Fact]
    public async Task Where_the_old_authority_fails_too_the_error_is_that_of_the_new_one()
    {
        RouteSet set = await new RouteSet(RouteMode.Cutover, TimeSpan.FromHours(1)).WithAsync(old: null, @new: null);
        BridgeException refused = await Assert.ThrowsAsync<BridgeException>(() => set.ReadAsync());
        Assert.Equal((FaultKind.SecretNotFound, "vault://memory@new/team/apps/db"), (refused.Kind, refused.Target));
        Assert.Contains("no live secret at 'vault://memory@old/apps/db' either", refused.Message, StringComparison.Ordinal);
        set.Old.Before = (_, path) => throw ProbedStore.Denied(path);
        refused = await Assert.ThrowsAsync<BridgeException>(() => set.ReadAsync());
        Assert.Equal(FaultKind.SecretNotFound, refused.Kind);
        Assert.Contains("could not stand in: 'apps/db' is denied", refused.Message, StringComparison.Ordinal);
        Assert.Empty(set.Audit.Events);
    }

    [Fact]
    public async Task A_fallback_that_cannot_be_told_is_not_answered()
    {
        RouteSet set = await new RouteSet(RouteMode.Cutover, TimeSpan.FromHours(1)).WithAsync(@new: null);
        var stores = new RoutedResolver(new StoreSet(set.Old, set.New), new() { Table = RouteTable.Of([set.Routes]), Reporter = set.Reporter, Audit = new FullDisk(), Time = set.Time });
        StoreLocation location = await stores.ResolveAsync(SecretReference.Parse(RouteSet.Asked), default);
        Assert.Equal(FaultKind.AuditFailed, (await Assert.ThrowsAsync<BridgeException>(() => location.Store.ReadAsync(location.Path, null, default).AsTask())).Kind);
    }

    [Fact]
    public async Task What_a_listing_of_the_authority_finds_is_read_by_the_route_too()
    {
        RouteSet set = await new RouteSet(RouteMode.Shadow).WithAsync(@new: """{"value":"canary-new"}""");
        StoreLocation location = await set.Resolver().ResolveAsync(SecretReference.Parse("external/apps/*"), default);
        FolderListing listing = await location.Store.ListAsync(location.Path.Parent, default);
        SecretReading reading = await location.Store.ReadAsync(location.Path.Parent.Append(listing.Names[0].Name), null, default);
        Assert.Equal(("""{"value":"canary-old"}""", RouteDrift.Different), (reading.Payload!.Text(), reading.Routed!.Drift));
        Assert.Equal(["team/apps/db"], set.New.Reads);
    }

    [Fact]
    public async Task A_route_with_other_wildcards_cannot_lead_to_what_a_listing_finds()
    {
        RouteSet set = await new RouteSet(RouteMode.Proxy).WithAsync();
        set.Routes = set.Routes with { Pattern = "external/*/db", Target = ["vault://old/*/db"], NewTarget = [] };
        StoreLocation location = await set.Resolver().ResolveAsync(SecretReference.Parse(RouteSet.Asked), default);
        Assert.Equal(SecretState.Live, (await location.Store.ReadAsync(location.Path, null, default)).State);
        Assert.Equal(FaultKind.NotSupported, (await Assert.ThrowsAsync<BridgeException>(() => location.Store.ReadAsync(SecretPath.Parse("apps/web"), null, default).AsTask())).Kind);
    }

    [Fact]
    public async Task Nothing_is_written_by_a_route()
    {
        RouteSet set = await new RouteSet(RouteMode.Proxy).WithAsync();
        StoreLocation location = await set.Resolver().ResolveAsync(SecretReference.Parse(RouteSet.Asked), default);
        Assert.Equal(FaultKind.NotSupported, (await Assert.ThrowsAsync<BridgeException>(async () => await location.Store.OpenWriteSessionAsync(default))).Kind);
    }

    private sealed class FullDisk : IAuditSink
    {
        public void Check()
        {
        }

        public void Write(AuditEvent auditEvent) => throw new BridgeException(FaultKind.AuditFailed, "audit", "The disk is full.");
    }
}
