using SecretBridge.Reporting;
using SecretBridge.Secrets;
using SecretBridge.Stores;
using SecretBridge.Tests.Trees;
using SecretBridge.Trees;
using Xunit;

namespace SecretBridge.Tests.Secrets;

public class SecretRemoveTests
{
    private readonly ProbedStore _store = new("kv");

    public static TheoryData<RemovalKind, int[], SecretAction, SecretState, SecretState> Removals => new()
    {
        { RemovalKind.Delete, [], SecretAction.Deleted, SecretState.Live, SecretState.Deleted },
        { RemovalKind.Delete, [1], SecretAction.Deleted, SecretState.Deleted, SecretState.Live },
        { RemovalKind.Destroy, [], SecretAction.Destroyed, SecretState.Live, SecretState.Destroyed },
        { RemovalKind.Destroy, [1, 2], SecretAction.Destroyed, SecretState.Destroyed, SecretState.Destroyed },
        { RemovalKind.AllVersions, [], SecretAction.Removed, SecretState.Absent, SecretState.Absent },
    };

    [Theory]
    [MemberData(nameof(Removals))]
    public async Task Exactly_what_was_named_goes(RemovalKind kind, int[] versions, SecretAction action, SecretState first, SecretState second)
    {
        await PutAsync("s", 2);
        Assert.Equal(action, (await RemoveAsync(kind, versions)).Action);
        Assert.Equal((first, second), (await StateAsync("s", 1), await StateAsync("s", 2)));
    }

    [Theory]
    [InlineData(RemovalKind.Delete)]
    [InlineData(RemovalKind.Destroy)]
    public async Task What_is_so_already_is_unchanged(RemovalKind kind)
    {
        await PutAsync("s", 1);
        await RemoveAsync(kind, []);
        Assert.Equal(SecretAction.Unchanged, (await RemoveAsync(kind, [])).Action);
    }

    [Theory]
    [InlineData("vault://kv/none", RemovalKind.Delete, FaultKind.SecretNotFound)]
    [InlineData("vault://kv/s?version=7", RemovalKind.Delete, FaultKind.SecretNotFound)]
    [InlineData("vault://kv/s?version=1", RemovalKind.AllVersions, FaultKind.InvalidArgument)]
    [InlineData("vault://kv/s#key", RemovalKind.Delete, FaultKind.InvalidReference)]
    [InlineData("vault://kv", RemovalKind.AllVersions, FaultKind.InvalidReference)]
    public async Task What_cannot_be_removed_is_a_row_with_a_fault_and_nothing_goes(string uri, RemovalKind kind, FaultKind fault)
    {
        await PutAsync("s", 1);
        SecretChange row = await RemoveAsync(kind, [], uri);
        Assert.Equal((SecretAction.Failed, fault), (row.Action, row.Fault!.Kind));
        Assert.Equal(SecretState.Live, await StateAsync("s", 1));
    }

    [Theory]
    [InlineData(RemovalKind.Delete, SecretAction.Failed)]
    [InlineData(RemovalKind.Destroy, SecretAction.Failed)]
    [InlineData(RemovalKind.AllVersions, SecretAction.Removed)]
    public async Task Where_nothing_could_be_restored_only_all_versions_removes(RemovalKind kind, SecretAction action)
    {
        _store.Without = StoreCapabilities.Versions;
        await PutAsync("s", 1);
        Assert.Equal(action, (await RemoveAsync(kind, [])).Action);
        Assert.Equal(action == SecretAction.Failed ? SecretState.Live : SecretState.Absent, await StateAsync("s", null));
    }

    [Fact]
    public async Task A_token_that_may_delete_but_not_look_deletes_and_says_what_it_does_not_know()
    {
        await PutAsync("s", 1);
        _store.Before = (verb, path) => verb == "metadata" ? throw ProbedStore.Denied(path) : Task.CompletedTask;
        SecretChange row = await RemoveAsync(RemovalKind.Delete, []);
        Assert.Equal(SecretAction.Deleted, row.Action);
        Assert.Contains("it may be a version that was written in between", row.Reason, StringComparison.Ordinal);
        Assert.Equal(FaultKind.PermissionDenied, (await RemoveAsync(RemovalKind.Destroy, [])).Fault!.Kind);
    }

    [Fact]
    public async Task Where_the_number_may_not_be_deleted_the_latest_is_left_unless_force_says_otherwise()
    {
        await PutAsync("s", 2);
        bool denies = true;
        _store.Before = async (verb, path) =>
        {
            if (verb == "delete" && denies)
            {
                // Somebody writes just then.
                denies = false;
                await PutAsync("s", 1);
                throw ProbedStore.Denied(path);
            }
        };
        SecretChange refused = await RemoveAsync(RemovalKind.Delete, []);
        Assert.Equal((SecretAction.Failed, FaultKind.PermissionDenied), (refused.Action, refused.Fault!.Kind));
        Assert.Contains("-Force deletes what is latest at that moment, without its number: where somebody writes after version 2 was looked at, the newer version is deleted.", refused.Reason, StringComparison.Ordinal);
        Assert.Equal(SecretState.Live, await StateAsync("s", 3));

        denies = true;
        SecretChange forced = await RemoveAsync(RemovalKind.Delete, [], force: true);
        Assert.Equal(SecretAction.Deleted, forced.Action);
        Assert.Contains("it may be a version that was written in between", forced.Reason, StringComparison.Ordinal);
        Assert.Equal((SecretState.Live, SecretState.Deleted), (await StateAsync("s", 3), await StateAsync("s", 4)));

        denies = true;
        Assert.Equal(SecretAction.Failed, (await RemoveAsync(RemovalKind.Delete, [2], force: true)).Action);
    }

    [Fact]
    public async Task A_plan_removes_nothing()
    {
        await PutAsync("s", 1);
        SecretChange row = await RemoveAsync(RemovalKind.AllVersions, [], planOnly: true);
        Assert.Equal((SecretAction.Removed, true), (row.Action, row.Planned));
        Assert.Equal(SecretState.Live, await StateAsync("s", 1));
    }

    [Fact]
    public async Task Restoring_brings_back_what_was_deleted_and_only_that()
    {
        await PutAsync("s", 3);
        await RemoveAsync(RemovalKind.Delete, [1, 3]);
        Assert.Equal([3], (await RestoreAsync([])).Version);
        Assert.Equal([1], (await RestoreAsync([1, 2])).Version);
        Assert.Equal(SecretAction.Unchanged, (await RestoreAsync([])).Action);
        await RemoveAsync(RemovalKind.Destroy, [2]);
        Assert.Equal(FaultKind.SecretDeleted, (await RestoreAsync([2])).Fault!.Kind);
        Assert.Equal(FaultKind.SecretNotFound, (await RestoreAsync([9])).Fault!.Kind);
    }

    private async Task PutAsync(string path, int versions)
    {
        for (int version = 1; version <= versions; version++)
        {
            await _store.PutAsync(path, $$"""{"a":{{version}}}""");
        }
    }

    private async Task<SecretState> StateAsync(string path, int? version) =>
        (await _store.Inner.ReadAsync(SecretPath.Parse(path), version, default)).State;

    private Task<SecretChange> RemoveAsync(RemovalKind kind, int[] versions, string uri = "vault://kv/s", bool planOnly = false, bool force = false) =>
        OneAsync(new SecretRemove(new() { Stores = new StoreSet(_store), Kind = kind, Versions = versions, Force = force }).RunAsync(Items(uri, planOnly), default));

    private Task<SecretChange> RestoreAsync(int[] versions) =>
        OneAsync(new SecretRestore(new() { Stores = new StoreSet(_store), Versions = versions }).RunAsync(Items("vault://kv/s", false), default));

    private static IAsyncEnumerable<SecretItem> Items(string uri, bool planOnly) => new[] { new SecretItem(uri, planOnly) }.ToAsync();

    private static async Task<SecretChange> OneAsync(IAsyncEnumerable<SecretChange> rows)
    {
        await foreach (SecretChange row in rows)
        {
            return row;
        }

        throw new InvalidOperationException("no row came");
    }
}
