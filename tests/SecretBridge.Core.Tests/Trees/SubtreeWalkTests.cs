using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Tests.Reporting;
using SecretBridge.Trees;
using Xunit;

namespace SecretBridge.Tests.Trees;

public class SubtreeWalkTests
{
    private readonly ProbedStore _store = new("kv");

    [Fact]
    public async Task Every_secret_is_found_once_in_byte_order()
    {
        string[] paths = ["z", "a", "a/x", "a/b/c", "a-b", "a.b/y", "B/1", "deep/1/2/3/4/5", "ünï/é", "e\u0301"];
        await PutAsync(paths);
        List<SecretEntry> rows = await WalkAsync("vault://kv");
        Assert.Equal(paths.Order(Utf8Order.Instance), rows.Select(row => row.RelativePath));
    }

    [Fact]
    public async Task A_row_tells_its_reference_root_and_place()
    {
        await PutAsync("apps/100%/db");
        SecretEntry row = Assert.Single(await WalkAsync("vault://kv/apps"));
        Assert.Equal(
            ("vault://memory@kv/apps/100%25/db", "vault://memory@kv/apps", "100%/db", "kv", "apps/100%/db", "db"),
            (row.Uri, row.Root, row.RelativePath, row.Mount, row.Path, row.Name));
    }

    [Fact]
    public async Task A_walk_of_names_costs_one_request_a_folder_and_reads_no_secret()
    {
        await PutAsync("a/1", "a/2", "b/c/1", "d");
        await WalkAsync("vault://kv");
        Assert.Equal(["", "a", "b", "b/c"], _store.Lists.Order());
        Assert.Empty(_store.Reads);
        Assert.Empty(_store.MetadataReads);
    }

    [Fact]
    public async Task Listings_run_ahead_in_parallel_but_never_more_than_allowed()
    {
        await PutAsync(Enumerable.Range(0, 40).Select(i => $"f{i:00}/s").ToArray());
        var released = new TaskCompletionSource();
        int waiting = 0;
        _store.Before = async (_, folder) =>
        {
            if (!folder.IsRoot)
            {
                if (Interlocked.Increment(ref waiting) == 4)
                {
                    released.SetResult();
                }

                await released.Task;
            }
        };
        List<SecretEntry> rows = await WalkAsync("vault://kv", options => options with { ThrottleLimit = 4 });
        Assert.Equal(40, rows.Count);
        Assert.Equal(4, _store.MostInFlight);
    }

    [Fact]
    public async Task A_branch_that_is_denied_is_a_row_with_a_fault_and_the_rest_goes_on()
    {
        await PutAsync("a/1", "b/1", "c/1");
        _store.Before = (_, path) => path.Value == "b" ? throw ProbedStore.Denied(path) : Task.CompletedTask;
        List<SecretEntry> rows = await WalkAsync("vault://kv");
        Assert.Equal(["a/1", "b/", "c/1"], rows.Select(row => row.RelativePath));
        Assert.Equal(SecretState.Unreadable, rows[1].State);
        Assert.Equal("vault://memory@kv/b/", rows[1].Uri);
        Assert.Equal(FaultKind.PermissionDenied, ((IFaultRow)rows[1]).Fault!.Kind);
        Assert.Equal("'b' is denied.", rows[1].Reason);
    }

    [Fact]
    public async Task A_folder_that_vanishes_during_the_walk_is_no_fault()
    {
        await PutAsync("a/1", "b/1");
        _store.Before = async (_, path) =>
        {
            if (path.Value == "b")
            {
                await _store.Inner.RemoveAsync(SecretPath.Parse("b/1"), CancellationToken.None);
            }
        };
        Assert.Equal(["a/1"], (await WalkAsync("vault://kv")).Select(row => row.RelativePath));
    }

    [Fact]
    public async Task Depth_and_globs_keep_what_was_asked_for()
    {
        await PutAsync("a", "b/1", "b/c/2", "old/1", "b/x.bak");
        Assert.Equal(["a"], Names(await WalkAsync("vault://kv", options => options with { Depth = 1 })));
        Assert.Equal(["a", "b/1", "b/x.bak", "old/1"], Names(await WalkAsync("vault://kv", options => options with { Depth = 2 })));
        Assert.Equal(["b/1", "b/c/2"], Names(await WalkAsync("vault://kv", options => options with { Include = ["b/**"], Exclude = ["*.bak"] })));
        _store.Lists.Clear();
        await WalkAsync("vault://kv", options => options with { Exclude = ["b/**"] });
        Assert.DoesNotContain("b", _store.Lists);
    }

    [Fact]
    public async Task Details_tell_deleted_destroyed_and_due_deletion_apart()
    {
        await PutAsync("deleted", "destroyed", "live");
        await _store.Inner.WriteAsync(SecretPath.Parse("live"), Stores.JsonText.Payload("{}"), null, CancellationToken.None);
        await _store.Inner.DeleteAsync(SecretPath.Parse("deleted"), [], CancellationToken.None);
        await _store.Inner.DestroyAsync(SecretPath.Parse("destroyed"), [1], CancellationToken.None);
        List<SecretEntry> rows = await WalkAsync("vault://kv", options => options with { Detailed = true });
        Assert.Equal([SecretState.Deleted, SecretState.Destroyed, SecretState.Live], rows.Select(row => row.State!.Value));
        Assert.Equal([1, 1, 2], rows.Select(row => row.Version!.Value));
    }

    [Fact]
    public async Task Details_that_are_denied_are_a_fault_of_their_row()
    {
        await PutAsync("a", "b");
        _store.Before = (verb, path) => verb == "metadata" && path.Value == "a" ? throw ProbedStore.Denied(path) : Task.CompletedTask;
        List<SecretEntry> rows = await WalkAsync("vault://kv", options => options with { Detailed = true });
        Assert.Equal([SecretState.Unreadable, SecretState.Live], rows.Select(row => row.State!.Value));
    }

    [Fact]
    public async Task A_reference_to_one_secret_gives_that_secret_below_its_folder()
    {
        await PutAsync("apps/db");
        SecretEntry row = Assert.Single(await WalkAsync("vault://kv/apps/db"));
        Assert.Equal(("vault://memory@kv/apps", "db"), (row.Root, row.RelativePath));
    }

    [Fact]
    public async Task A_path_where_nothing_is_and_a_missing_mount_are_faults_and_an_empty_mount_is_not()
    {
        Assert.Empty(await WalkAsync("vault://kv"));
        Assert.Equal(FaultKind.SecretNotFound, ((IFaultRow)Assert.Single(await WalkAsync("vault://kv/no/such"))).Fault!.Kind);
        Assert.Equal(FaultKind.MountNotFound, ((IFaultRow)Assert.Single(await WalkAsync("vault://other"))).Fault!.Kind);
    }

    [Fact]
    public async Task Leaving_a_walk_early_ends_its_requests()
    {
        await PutAsync("a/1", "b/1", "c/1");
        await foreach (SecretEntry row in Walk("vault://kv"))
        {
            Assert.Equal("a/1", row.RelativePath);
            break;
        }

        Assert.True(_store.Lists.Count <= 4);
    }

    [Fact]
    public async Task A_wide_tree_is_walked_with_a_bounded_number_of_listings_ahead()
    {
        await PutAsync(Enumerable.Range(0, 300).Select(i => $"f{i:000}/s").ToArray());
        await using IAsyncEnumerator<SecretEntry> walk = Walk("vault://kv", options => options with { ThrottleLimit = 2 }).GetAsyncEnumerator();
        Assert.True(await walk.MoveNextAsync());
        Assert.InRange(_store.Lists.Count, 2, 10);
    }

    private static IEnumerable<string> Names(IEnumerable<SecretEntry> rows) => rows.Select(row => row.RelativePath);

    private async Task PutAsync(params string[] paths)
    {
        foreach (string path in paths)
        {
            await _store.PutAsync(path, """{"k":"v"}""");
        }
    }

    private IAsyncEnumerable<SecretEntry> Walk(string uri, Func<WalkOptions, WalkOptions>? change = null)
    {
        var options = new WalkOptions { Stores = new StoreSet(_store) };
        return new SubtreeWalk(change?.Invoke(options) ?? options, new RecordingReporter())
            .RunAsync(new[] { new TreeItem(uri) }.ToAsync(), CancellationToken.None);
    }

    private async Task<List<SecretEntry>> WalkAsync(string uri, Func<WalkOptions, WalkOptions>? change = null)
    {
        var rows = new List<SecretEntry>();
        await foreach (SecretEntry row in Walk(uri, change))
        {
            rows.Add(row);
        }

        return rows;
    }
}
