using SecretBridge.Reporting;
using SecretBridge.Routes;
using SecretBridge.Stores;
using SecretBridge.Tests.Stores;
using Xunit;

namespace SecretBridge.Tests.Routes;

/// <summary>What Shadow compares, and how it tells.</summary>
public class RouteShadowTests
{
    [Theory]
    [InlineData("""{"a":"canary-1","b":{"x":1}}""", """{"b":{"x":1.0},"a":"canary-1"}""")]
    [InlineData("""{"n":100}""", """{"n":1e2}""")]
    public async Task What_means_the_same_is_no_drift(string old, string @new)
    {
        RouteSet set = await new RouteSet(RouteMode.Shadow).WithAsync(old, @new);
        SecretReading reading = await set.ReadAsync();
        Assert.Equal(old, reading.Payload!.Text());
        Assert.Equal(new RoutedAnswer("external/**"), reading.Routed);
        Assert.Equal((1, 1), (set.Old.Reads.Count, set.New.Reads.Count));
        Assert.Empty(set.Reporter.Warnings);
        Assert.Empty(set.Audit.Events);
    }

    [Fact]
    public async Task Numbers_are_compared_as_stores_that_pass_them_through_a_double_give_them()
    {
        RouteSet set = await new RouteSet(RouteMode.Shadow).WithAsync("""{"n":9007199254740993}""", """{"n":9007199254740992}""");
        Assert.Equal(RouteDrift.Different, (await set.ReadAsync()).Routed!.Drift);
        set.New.With = StoreCapabilities.NumbersThroughDouble;
        Assert.Equal(RouteDrift.None, (await set.ReadAsync()).Routed!.Drift);
    }

    [Fact]
    public async Task Different_values_are_told_by_the_names_of_their_keys_and_the_old_ones_are_answered()
    {
        RouteSet set = await new RouteSet(RouteMode.Shadow).WithAsync(
            """{"user":"canary-u","password":"canary-old","old":1}""", """{"user":"canary-u","password":"canary-new","new":"canary-n"}""");
        SecretReading reading = await set.ReadAsync();
        Assert.Equal("canary-old", reading.Payload!.GetValue("password")!.Reveal());
        Assert.Equal((RouteDrift.Different, false, null), (reading.Routed!.Drift, reading.Routed.Fallback, reading.Routed.Elsewhere));
        Assert.Equal("'vault://memory@new/team/apps/db' and 'vault://memory@old/apps/db' differ in password; only the first has new; only the second has old.", reading.Routed.Reason);
        AuditEvent told = Assert.Single(set.Audit.Events);
        Assert.Equal(("secret.drift", "vault://memory@old/apps/db", "nightly"), (told.Action, told.Reference, told.Workflow));
        Assert.Equal(
            ["added_keys=new", "asked=external/apps/db", "changed_keys=password", "drift=different", "other=vault://memory@new/team/apps/db", "other_version=1", "removed_keys=old", "route=external/**", "version=1"],
            told.Details.Select(detail => $"{detail.Key}={detail.Value}").Order());
        Assert.StartsWith("'external/apps/db' drifts on the route 'external/**'.", Assert.Single(set.Reporter.Warnings), StringComparison.Ordinal);
        Assert.DoesNotContain("canary", set.Said() + reading.Routed, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"value":"canary-old"}""", null, RouteDrift.Missing, "is absent")]
    [InlineData(null, """{"value":"canary-new"}""", RouteDrift.Extra, "is there, and 'vault://memory@old/apps/db' is absent")]
    [InlineData(null, null, RouteDrift.None, null)]
    public async Task Absence_on_one_side_is_drift(string? old, string? @new, RouteDrift drift, string? words)
    {
        RouteSet set = await new RouteSet(RouteMode.Shadow).WithAsync(old, @new);
        SecretReading reading = await set.ReadAsync();
        Assert.Equal((old, drift), (reading.Payload?.Text(), reading.Routed!.Drift));
        Assert.Equal(drift == RouteDrift.None ? 0 : 1, set.Audit.Events.Count);
        Assert.True(words is null ? reading.Routed.Reason is null : reading.Routed.Reason!.Contains(words, StringComparison.Ordinal), reading.Routed.Reason);
    }

    [Fact]
    public async Task Deleted_there_is_drift_and_deleted_here_is_one_with_absent_there()
    {
        RouteSet set = await new RouteSet(RouteMode.Shadow).WithAsync();
        await set.New.Inner.DeleteAsync(SecretPath.Parse("team/apps/db"), [1], default);
        set.Time.Advance(TimeSpan.FromSeconds(1));
        SecretReading reading = await set.ReadAsync();
        Assert.Equal(RouteDrift.Missing, reading.Routed!.Drift);
        Assert.Contains("is deleted", reading.Routed.Reason, StringComparison.Ordinal);
        await set.New.Inner.RemoveAsync(SecretPath.Parse("team/apps/db"), default);
        await set.Old.Inner.DeleteAsync(SecretPath.Parse("apps/db"), [1], default);
        set.Time.Advance(TimeSpan.FromSeconds(1));
        reading = await set.ReadAsync();
        Assert.Equal((SecretState.Deleted, RouteDrift.None), (reading.State, reading.Routed!.Drift));
    }

    [Theory]
    [InlineData(FaultKind.PermissionDenied)]
    [InlineData(FaultKind.Unreachable)]
    [InlineData(FaultKind.NotConnected)]
    public async Task An_other_side_that_fails_is_drift_and_no_error(FaultKind kind)
    {
        RouteSet set = await new RouteSet(RouteMode.Shadow).WithAsync();
        if (kind == FaultKind.NotConnected)
        {
            set.Unfound = reference => reference.Path.Segments[0] == "new" ? new(kind, "new", "No such backend.") : null;
        }
        else
        {
            set.New.Before = (_, path) => throw new BridgeException(kind, path.Value, "No.");
        }

        SecretReading reading = await set.ReadAsync();
        Assert.Equal(("""{"value":"canary-old"}""", RouteDrift.Unreadable), (reading.Payload!.Text(), reading.Routed!.Drift));
        Assert.Equal((kind.ToString(), "vault://new/team/apps/db"), (set.Audit.Events.Single().Details["cause"], set.Audit.Events.Single().Details["other"]));
    }

    [Fact]
    public async Task A_failure_that_nobody_foresaw_is_told_without_its_text()
    {
        RouteSet set = await new RouteSet(RouteMode.Shadow).WithAsync();
        set.New.Before = (_, _) => throw new InvalidOperationException("canary-text");
        Assert.Equal(RouteDrift.Unreadable, (await set.ReadAsync()).Routed!.Drift);
        Assert.Contains("System.InvalidOperationException", set.Said(), StringComparison.Ordinal);
        Assert.DoesNotContain("canary", set.Said(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_answer_waits_for_the_other_side_no_longer_than_the_limit()
    {
        RouteSet set = await new RouteSet(RouteMode.Shadow).WithAsync();
        var started = new TaskCompletionSource();
        var never = new TaskCompletionSource();
        set.New.Before = (_, _) =>
        {
            started.SetResult();
            return never.Task;
        };
        Task<SecretReading> reading = set.ReadAsync();
        await started.Task;
        while (!reading.IsCompleted)
        {
            // The limit counts from the answer on, which may come after this turn.
            set.Time.Advance(TimeSpan.FromSeconds(2));
            await Task.Yield();
        }

        Assert.Equal((RouteDrift.Unreadable, "Timeout"), ((await reading).Routed!.Drift, set.Audit.Events.Single().Details["cause"]));
        Assert.Contains("gave no answer within 2 s", (await reading).Routed!.Reason, StringComparison.Ordinal);
        never.SetResult();
    }

    [Fact]
    public async Task A_failure_of_the_old_authority_is_the_error_whatever_the_new_one_has()
    {
        RouteSet set = await new RouteSet(RouteMode.Shadow).WithAsync();
        set.Old.Before = (_, path) => throw RouteSet.Down(path);
        Assert.Equal(FaultKind.Unreachable, (await Assert.ThrowsAsync<BridgeException>(() => set.ReadAsync())).Kind);
        Assert.Empty(set.Audit.Events);
    }

    [Fact]
    public async Task A_pinned_version_is_compared_with_the_same_number_as_a_cutover_would_read_it()
    {
        RouteSet set = await new RouteSet(RouteMode.Shadow).WithAsync("""{"v":1}""", """{"v":2}""");
        await set.Old.PutAsync("apps/db", """{"v":2}""");
        Assert.Equal(RouteDrift.None, (await set.ReadAsync()).Routed!.Drift);
        Assert.Equal(RouteDrift.Missing, (await set.ReadAsync(version: 2)).Routed!.Drift);
        Assert.Equal(RouteDrift.Different, (await set.ReadAsync(version: 1)).Routed!.Drift);
    }
}
