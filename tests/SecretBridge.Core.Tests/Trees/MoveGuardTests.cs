using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Tests.Reporting;
using SecretBridge.Trees;
using Xunit;

namespace SecretBridge.Tests.Trees;

/// <summary>Who is asked whether what a move takes away may go, and when.</summary>
public class MoveGuardTests
{
    private static readonly string[] Kept = ["a", "b", "c/d"];

    private readonly ProbedStore _source = new("kv");
    private readonly ProbedStore _destination = new("kv2");
    private readonly RecordingReporter _reporter = new();
    private readonly List<string> _asked = [];
    private readonly List<CopyResult> _copied = [];
    private readonly List<RemoveResult> _removed = [];

    [Fact]
    public async Task It_is_asked_before_anything_is_copied_and_again_before_anything_is_removed()
    {
        await PutAsync("a", "f/b");
        await MoveAsync(_ => false);
        Assert.Equal(["vault://memory@kv/a vault://memory@kv/f/b, 0 written, 0 removed", "vault://memory@kv/a vault://memory@kv/f/b, 2 written, 0 removed"], _asked);
        Assert.Equal(2, _source.Removals.Count);
    }

    [Fact]
    public async Task Where_it_refuses_nothing_is_copied()
    {
        await PutAsync("a", "b");
        BridgeException refusal = await RefusedAsync(uri => uri.EndsWith("/b", StringComparison.Ordinal));
        Assert.Equal("Somebody needs vault://memory@kv/b. Nothing was removed. Nothing was copied either.", refusal.Message);
        Assert.Empty(_copied);
        Assert.Empty(_destination.Writes);
    }

    [Fact]
    public async Task Where_it_refuses_only_at_the_end_the_copies_stay_and_so_do_the_sources()
    {
        await PutAsync("a", "b");
        await RefusedAsync(_ => !_destination.Writes.IsEmpty);
        Assert.Equal(2, _copied.Count);
        Assert.Empty(_removed);
    }

    [Fact]
    public async Task A_plan_asks_once_and_warns()
    {
        await PutAsync("a");
        await MoveAsync(_ => true, options => options with { Copy = options.Copy with { PlanOnly = true } });
        Assert.Single(_asked);
        Assert.Equal("Somebody needs vault://memory@kv/a. Nothing was removed.", Assert.Single(_reporter.Warnings));
        Assert.True(Assert.Single(_removed).Planned);
    }

    [Fact]
    public async Task Who_asks_for_what_is_deleted_and_is_not_moved_does_not_matter()
    {
        await PutAsync("a", "gone");
        await DeleteAsync("gone");
        await MoveAsync(uri => uri.EndsWith("/gone", StringComparison.Ordinal));
        Assert.Equal(["delete a 1"], _source.Removals);
    }

    [Fact]
    public async Task Who_asks_for_what_is_deleted_and_is_moved_as_such_does()
    {
        await PutAsync("a", "gone");
        await DeleteAsync("gone");
        await RefusedAsync(uri => uri.EndsWith("/gone", StringComparison.Ordinal), options => options with { Copy = options.Copy with { DeletedVersion = DeletedVersionPolicy.Preserve } });
        Assert.Empty(_copied);
    }

    [Fact]
    public async Task Where_no_state_can_be_told_a_refusal_stands()
    {
        await PutAsync("a", "gone");
        await DeleteAsync("gone");
        _source.Before = (verb, path) => verb == "metadata" ? throw ProbedStore.Denied(path) : Task.CompletedTask;
        await RefusedAsync(uri => uri.EndsWith("/gone", StringComparison.Ordinal));
        Assert.Empty(_copied);
    }

    [Fact]
    public async Task Where_what_goes_depends_on_the_destination_it_is_asked_at_the_end_about_that_alone()
    {
        await PutAsync("a", "b");
        await _destination.PutAsync("b", """{"k":"other"}""");
        await MoveAsync(uri => uri.EndsWith("/b", StringComparison.Ordinal), options => options with { Copy = options.Copy with { Conflict = ConflictPolicy.Skip } });
        Assert.Equal(["vault://memory@kv/a, 1 written, 0 removed"], _asked);
        Assert.Equal(["delete a 1"], _source.Removals);
    }

    [Fact]
    public async Task It_is_asked_about_what_the_move_takes_of_a_tree_and_nothing_else()
    {
        await PutAsync([.. Kept, "e"]);
        Shard shard = Shard.Of(1, 2);
        await MoveAsync(_ => false, options => options with { Copy = options.Copy with { Exclude = ["e"], Shard = shard } });
        string expected = string.Join(' ', Kept.Where(shard.Contains).Select(path => "vault://memory@kv/" + path));
        Assert.NotEmpty(expected);
        Assert.All(_asked, asked => Assert.StartsWith(expected + ",", asked, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nothing_is_asked_of_a_tree_that_holds_nothing()
    {
        await PutAsync("other/x");
        await MoveAsync(_ => true, options => options with { Copy = options.Copy with { Include = ["none"] } });
        Assert.Empty(_asked);
    }

    private async Task PutAsync(params string[] paths)
    {
        foreach (string path in paths)
        {
            await _source.PutAsync(path, """{"k":"v"}""");
        }
    }

    private Task DeleteAsync(string path) => _source.Inner.DeleteAsync(SecretPath.Parse(path), [], CancellationToken.None).AsTask();

    private async Task<BridgeException> RefusedAsync(Func<string, bool> isNeeded, Func<MoveOptions, MoveOptions>? change = null)
    {
        BridgeException refusal = await Assert.ThrowsAsync<BridgeException>(() => MoveAsync(isNeeded, change));
        Assert.Equal(FaultKind.RemovalRefused, refusal.Kind);
        Assert.Empty(_source.Removals);
        return refusal;
    }

    private async Task MoveAsync(Func<string, bool> isNeeded, Func<MoveOptions, MoveOptions>? change = null)
    {
        var options = new MoveOptions
        {
            Copy = new() { SourceStores = new StoreSet(_source), DestinationStores = new StoreSet(_destination), DestinationUri = "vault://kv2" },
            MaxDelete = 100,
            LastCheck = (uris, _) =>
            {
                _asked.Add($"{string.Join(' ', uris)}, {_destination.Writes.Count} written, {_source.Removals.Count} removed");
                return uris.FirstOrDefault(isNeeded) is { } needed
                    ? throw new BridgeException(FaultKind.RemovalRefused, "AuditLog", $"Somebody needs {needed}. Nothing was removed.")
                    : Task.CompletedTask;
            },
        };
        var move = new SubtreeMove(change?.Invoke(options) ?? options, _reporter);
        await foreach (CopyResult row in move.CopyAsync(new[] { new TreeItem("vault://kv") }.ToAsync(), CancellationToken.None))
        {
            _copied.Add(row);
        }

        await foreach (RemoveResult row in move.RemoveAsync(CancellationToken.None))
        {
            _removed.Add(row);
        }
    }
}
