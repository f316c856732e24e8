using SecretBridge.Profiles;
using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Tests.Trees;
using SecretBridge.Trees;
using Xunit;

namespace SecretBridge.Tests.Profiles;

public class ProfileRemoveTests
{
    private readonly ProbedStore _store = new("kv");
    private readonly List<string> _asked = [];

    [Theory]
    [InlineData(false, StoreCapabilities.None, ProfileAction.Deleted, SecretState.Deleted)]
    [InlineData(true, StoreCapabilities.None, ProfileAction.Removed, SecretState.Absent)]
    [InlineData(false, StoreCapabilities.Versions, ProfileAction.Removed, SecretState.Absent)]
    public async Task A_profile_goes_so_that_it_can_be_restored_where_the_store_can(bool all, StoreCapabilities without, ProfileAction action, SecretState state)
    {
        _store.Without = without;
        await _store.PutAsync("p/a", """{"secrets":{}}""");
        Assert.Equal(action, Assert.Single(await RemoveAsync("a", all)).Action);
        Assert.Equal(state, (await _store.Inner.ReadAsync(SecretPath.Parse("p/a"), null, default)).State);
    }

    [Fact]
    public async Task A_pattern_never_removes_what_is_no_profile_and_asks_for_each_that_is()
    {
        await _store.PutAsync("p/a", """{"secrets":{}}""");
        await _store.PutAsync("p/b", """{"password":"canary-0042"}""");
        await _store.PutAsync("p/c", """{"secrets":{}}""");
        List<ProfileChange> rows = await RemoveAsync("*", answer: uri => uri.EndsWith('c') ? ProfileApproval.No : ProfileApproval.Yes);
        Assert.Equal([(ProfileAction.Deleted, null), (ProfileAction.Failed, FaultKind.InvalidProfile)], rows.Select(row => (row.Action, row.Fault?.Kind)));
        Assert.Equal(["vault://memory@kv/p/a", "vault://memory@kv/p/c"], _asked);
        Assert.Equal(SecretState.Live, (await _store.ReadAsync(SecretPath.Parse("p/b"), null, default)).State);
    }

    [Fact]
    public async Task A_version_written_since_it_was_read_survives()
    {
        await _store.PutAsync("p/a", """{"secrets":{}}""");
        await RemoveAsync("a", answer: _ =>
        {
            _store.PutAsync("p/a", """{"name":"later"}""").GetAwaiter().GetResult();
            return ProfileApproval.Yes;
        });
        Assert.Equal(SecretState.Live, (await _store.ReadAsync(SecretPath.Parse("p/a"), null, default)).State);
    }

    [Theory]
    [InlineData("""{"name":"later"}""", FaultKind.CheckAndSetMismatch, SecretState.Live)]
    [InlineData(null, null, SecretState.Absent)]
    public async Task In_a_store_without_versions_too_what_was_written_while_the_question_stood_survives(string? later, FaultKind? fault, SecretState state)
    {
        _store.Without = StoreCapabilities.Versions;
        await _store.PutAsync("p/a", """{"secrets":{}}""");
        ProfileChange row = Assert.Single(await RemoveAsync("a", answer: _ =>
        {
            if (later is not null)
            {
                _store.PutAsync("p/a", later).GetAwaiter().GetResult();
            }

            return ProfileApproval.Yes;
        }));
        Assert.Equal((fault, state), (row.Fault?.Kind, (await _store.Inner.ReadAsync(SecretPath.Parse("p/a"), null, default)).State));
    }

    [Fact]
    public async Task A_plan_removes_nothing_and_what_is_not_there_is_a_fault()
    {
        await _store.PutAsync("p/a", """{"secrets":{}}""");
        Assert.True(Assert.Single(await RemoveAsync("a", answer: _ => ProfileApproval.PlanOnly)).Planned);
        Assert.Equal(SecretState.Live, (await _store.ReadAsync(SecretPath.Parse("p/a"), null, default)).State);
        Assert.Equal(FaultKind.SecretNotFound, Assert.Single(await RemoveAsync("none")).Fault!.Kind);
        Assert.Equal(FaultKind.InvalidReference, Assert.Single(await RemoveAsync("vault://kv/p/a?version=1")).Fault!.Kind);
    }

    private async Task<List<ProfileChange>> RemoveAsync(string name, bool all = false, Func<string, ProfileApproval>? answer = null)
    {
        var options = new ProfileRemoveOptions
        {
            Stores = new DefaultFolder(_store, "p"),
            AllVersions = all,
            Approve = (uri, _) =>
            {
                _asked.Add(uri);
                return Task.FromResult(answer?.Invoke(uri) ?? ProfileApproval.Yes);
            },
        };
        return await new ProfileRemove(options).RunAsync(new[] { new ProfileQuery(null, name) }.ToAsync(), default).ListAsync();
    }
}
