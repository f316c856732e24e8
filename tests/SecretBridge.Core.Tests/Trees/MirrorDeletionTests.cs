using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Tests.Reporting;
using SecretBridge.Trees;
using Xunit;

namespace SecretBridge.Tests.Trees;

public class MirrorDeletionTests
{
    private readonly ProbedStore _source = new("kv");
    private readonly ProbedStore _destination = new("kv2");
    private readonly RecordingReporter _reporter = new();

    [Fact]
    public async Task What_the_source_lacks_is_soft_deleted_by_the_versions_that_were_seen()
    {
        await PutAsync("a", "a", "f/extra", "f/extra");
        await _source.PutAsync("f/b", "{}");
        CopyResult row = Assert.Single(await MirrorAsync());
        Assert.Equal(
            (CopyAction.Deleted, "vault://memory@kv/f/extra", "vault://memory@kv2/f/extra", "f/extra", 2),
            (row.Action, row.Uri, row.Destination, row.RelativePath, row.DestinationVersion));
        Assert.Equal(["delete f/extra 1,2"], _destination.Removals);
        Assert.Empty(_source.Removals);
    }

    [Fact]
    public async Task Nothing_is_deleted_after_a_failure()
    {
        await PutAsync("a", "a", "extra");
        await RefusedAsync("1 secrets or folders failed", failures: 1);
    }

    [Fact]
    public async Task Nothing_is_deleted_where_a_folder_of_either_side_cannot_be_listed()
    {
        await PutAsync("a", "a", "extra", "shut/x");
        await _source.PutAsync("shut/x", "{}");
        foreach (ProbedStore store in new[] { _source, _destination })
        {
            store.Before = (verb, path) => verb == "list" && path.Value == "shut" ? throw ProbedStore.Denied(path) : Task.CompletedTask;
            await RefusedAsync("cannot be read");
            store.Before = (_, _) => Task.CompletedTask;
        }
    }

    /// <summary>OpenBao takes names that a token may not see out of a listing without a word.</summary>
    [Fact]
    public async Task A_listing_filtered_by_policy_is_no_absence()
    {
        await PutAsync("a", "a", "hidden");
        await _source.PutAsync("hidden", "{}");
        _source.OnList = listing => listing with { Names = listing.Names.Where(name => name.Name != "hidden").ToArray() };
        _source.Before = (verb, path) => verb == "read" && path.Value == "hidden" ? throw ProbedStore.Denied(path) : Task.CompletedTask;
        await RefusedAsync("whether it is there cannot be told");
        _source.Before = (_, _) => Task.CompletedTask;
        await RefusedAsync("but it is there");
    }

    [Fact]
    public async Task An_empty_source_deletes_nothing()
    {
        await PutAsync("a", "extra");
        await _source.Inner.RemoveAsync(SecretPath.Parse("a"), CancellationToken.None);
        await RefusedAsync("Nothing was found below 'vault://memory@kv'");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task More_than_MaxDelete_deletes_nothing(int maxDelete)
    {
        await PutAsync("a", "a", "extra1", "extra2");
        await RefusedAsync($"2 secrets would be deleted at the destination, and -MaxDelete allows {maxDelete}.", change: options => options with { MaxDelete = maxDelete });
    }

    [Fact]
    public async Task A_plan_deletes_nothing()
    {
        await PutAsync("a", "extra");
        CopyResult row = Assert.Single(await MirrorAsync(options => options with { PlanOnly = true, MaxDelete = 0 }));
        Assert.True(row.Planned);
        Assert.Empty(_destination.Removals);
    }

    [Fact]
    public async Task Filters_bound_what_may_be_deleted()
    {
        await PutAsync("a", "a", "keep/x", "drop/x");
        Assert.Equal(["drop/x"], (await MirrorAsync(options => options with { Exclude = ["keep/**"] })).Select(row => row.RelativePath));
        await PutAsync("a", "drop/x");
        await _source.PutAsync("only/x", "{}");
        Assert.Empty(await MirrorAsync(options => options with { Include = ["only/**"] }));
    }

    [Fact]
    public async Task A_map_bounds_what_may_be_deleted_to_where_its_rules_lead()
    {
        await _source.PutAsync("apps/a", "{}");
        await _source.PutAsync("one", "{}");
        foreach (string path in new[] { "prod/a", "prod/extra", "others/stay", "single", "deep/x" })
        {
            await _destination.PutAsync(path, "{}");
        }

        List<CopyResult> rows = await MirrorAsync(options => options with { Map = [new("apps/**", "prod/**"), new("one", "single"), new("lib/", "deep/")], Exclude = ["lib/**"] });
        Assert.Equal(("apps/extra", "vault://memory@kv2/prod/extra"), (Assert.Single(rows).RelativePath, rows[0].Destination));
    }

    [Fact]
    public async Task A_map_that_cannot_be_followed_backwards_is_refused()
    {
        var exception = await Assert.ThrowsAsync<BridgeException>(() => MirrorAsync(options => options with { Map = [new("regex:^a", "b")] }));
        Assert.Equal(FaultKind.InvalidArgument, exception.Kind);
    }

    [Fact]
    public async Task What_is_deleted_already_is_let_be_and_not_counted()
    {
        await PutAsync("a", "a", "gone", "extra");
        await _destination.Inner.DeleteAsync(SecretPath.Parse("gone"), [], CancellationToken.None);
        Assert.Equal(["extra"], (await MirrorAsync(options => options with { MaxDelete = 1 })).Select(row => row.RelativePath));
    }

    [Fact]
    public async Task A_write_to_the_destination_meanwhile_survives()
    {
        await PutAsync("a", "extra");
        _destination.Before = async (verb, path) => await (verb == "delete" ? _destination.PutAsync("extra", """{"k":"new"}""") : Task.CompletedTask);
        await MirrorAsync();
        Assert.Equal("""{"k":"new"}""", await _destination.TextAsync("extra"));
    }

    [Fact]
    public async Task A_mirror_has_one_folder_for_its_source_and_a_destination_that_can_restore()
    {
        await PutAsync("a", "extra");
        foreach (TreeItem[] sources in new[] { [new("vault://kv"), new("vault://kv/b")], new TreeItem[] { new("vault://kv/a", "vault://kv", "a") } })
        {
            Assert.Equal(FaultKind.InvalidArgument, (await Assert.ThrowsAsync<BridgeException>(() => MirrorAsync(sources: sources))).Kind);
        }

        _destination.Without = StoreCapabilities.Versions;
        Assert.Equal(FaultKind.NotSupported, (await Assert.ThrowsAsync<BridgeException>(() => MirrorAsync())).Kind);
        Assert.Empty(_destination.Removals);
    }

    [Fact]
    public async Task A_copy_deletes_after_all_the_copying_and_counts_it()
    {
        await PutAsync("a", "extra");
        var copy = new SubtreeCopy(Options(), _reporter);
        List<CopyResult> rows = await DrainAsync(copy.RunAsync(new[] { new TreeItem("vault://kv") }.ToAsync(), CancellationToken.None));
        Assert.Equal(["Created a", "Deleted extra"], rows.Select(row => $"{row.Action} {row.RelativePath}"));
        Assert.Equal((1, 2, true), (copy.Summary.Deleted, copy.Summary.Total, copy.Summary.Succeeded));
    }

    /// <summary>rclone's rule: no deletion after an error.</summary>
    [Fact]
    public async Task A_copy_with_a_conflict_deletes_nothing()
    {
        await PutAsync("a", "extra");
        await _destination.PutAsync("a", """{"k":"other"}""");
        var copy = new SubtreeCopy(Options(), _reporter);
        var exception = await Assert.ThrowsAsync<BridgeException>(() => DrainAsync(copy.RunAsync(new[] { new TreeItem("vault://kv") }.ToAsync(), CancellationToken.None)));
        Assert.Equal(FaultKind.RemovalRefused, exception.Kind);
        Assert.Empty(_destination.Removals);
    }

    private static async Task<List<CopyResult>> DrainAsync(IAsyncEnumerable<CopyResult> rows)
    {
        var list = new List<CopyResult>();
        await foreach (CopyResult row in rows)
        {
            list.Add(row);
        }

        return list;
    }

    private CopyOptions Options() => new()
    {
        SourceStores = new StoreSet(_source),
        DestinationStores = new StoreSet(_destination),
        DestinationUri = "vault://kv2",
        Mirror = true,
        MaxDelete = 100,
    };

    private async Task PutAsync(string atSource, params string[] atDestination)
    {
        await _source.PutAsync(atSource, "{}");
        foreach (string path in atDestination)
        {
            await _destination.PutAsync(path, "{}");
        }
    }

    private async Task RefusedAsync(string because, long failures = 0, Func<CopyOptions, CopyOptions>? change = null)
    {
        var exception = await Assert.ThrowsAsync<BridgeException>(() => MirrorAsync(change, failures));
        Assert.Equal(FaultKind.RemovalRefused, exception.Kind);
        Assert.Contains(because, exception.Message, StringComparison.Ordinal);
        Assert.Empty(_destination.Removals);
    }

    private async Task<List<CopyResult>> MirrorAsync(
        Func<CopyOptions, CopyOptions>? change = null, long failures = 0, TreeItem[]? sources = null)
    {
        CopyOptions options = change?.Invoke(Options()) ?? Options();
        var mirror = new MirrorDeletion(options, new(_destination, SecretPath.Root), _reporter, new(options.ThrottleLimit, null, options.Time));
        await foreach (TreeItem _ in mirror.Watch((sources ?? [new("vault://kv")]).ToAsync()))
        {
        }

        return await DrainAsync(mirror.RunAsync(failures, options.PlanOnly ? null : _destination, CancellationToken.None));
    }
}
