using SecretBridge.DevVault;
using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Trees;
using Xunit;
using FaultKind = SecretBridge.Reporting.FaultKind;
using Hit = SecretBridge.DevVault.FaultKind;

namespace SecretBridge.Tests.Trees.ScaiVault;

public sealed class ScaiVaultComparisonTests : ScaiVaultTreeTest
{
    [Fact]
    public async Task Equal_as_far_as_can_be_seen_is_no_proof_and_says_so_once()
    {
        await PutAsync("a", "b/c");
        Server.Put("prod/a", """{"k":"v"}""");
        Server.Put("prod/b/c", """{"k":"v"}""");
        Server.Put("prod/unseen", """{"k":"v"}""");
        TreeDifference row = Assert.Single(await CompareAsync("vault://kv", "scaivault://prod"));
        Assert.Equal((TreeDifference.OneSided, "scaivault://target@prod/"), (row.SideIndicator, row.Uri));
        Assert.Equal((2, true, false, false), (Compared!.Equal, Compared.OneSided, Compared.OneWay, Compared.IsClean));
        Assert.StartsWith("OneSided: 'scaivault://target@prod' cannot be listed", Assert.Single(Reporter.Warnings), StringComparison.Ordinal);
        Assert.All(Server.Requests.All, request => Assert.Equal("GET", request.Method));
    }

    [Fact]
    public async Task One_way_is_a_proof_where_it_was_asked_for_and_still_says_what_it_is()
    {
        await PutAsync("a");
        Server.Put("a", """{"k":"v"}""");
        TreeDifference row = Assert.Single(await CompareAsync("vault://kv", "scaivault://", options => options with { OneWay = true }));
        Assert.Equal(TreeDifference.OneSided, row.SideIndicator);
        Assert.Single(Reporter.Warnings);
        Assert.True(Compared!.IsClean);
    }

    [Fact]
    public async Task What_is_missing_or_differs_is_a_row_also_one_way()
    {
        await PutAsync("a", "b", "c");
        Server.Put("b", """{"k":"canary-scai-31c0"}""");
        Server.Put("c", """{"k":"v"}""");
        List<TreeDifference> rows = await CompareAsync("vault://kv", "scaivault://", options => options with { OneWay = true });
        Assert.Equal(["a <=", "b <>", " OneSided"], rows.Select(row => $"{row.RelativePath} {row.SideIndicator}"));
        Assert.Equal(("vault://memory@kv/a", null), (rows[0].Uri, rows[0].DifferenceUri));
        Assert.Equal(("vault://memory@kv/b", "scaivault://target@b"), (rows[1].Uri, rows[1].DifferenceUri));
        Assert.Equal(["k"], rows[1].ChangedKey);
        Assert.False(Compared!.IsClean);
    }

    [Fact]
    public async Task The_map_leads_to_the_names_that_are_asked_for()
    {
        await PutAsync("billing/db", "web", "other");
        Server.Put("x/money/db", """{"k":"v"}""");
        Server.Put("x/site", """{"k":"v"}""");
        MapRule[] map = [new("billing/**", "money/**"), new("web", "site")];
        List<TreeDifference> rows = await CompareAsync("vault://kv", "scaivault://x", options => options with { Map = map });
        Assert.Equal(["other <=", " OneSided"], rows.Select(row => $"{row.RelativePath} {row.SideIndicator}"));
        Assert.Contains("No rule", rows[0].Note, StringComparison.Ordinal);
        Assert.Equal(2, Compared!.Equal);
        Assert.Equal(2, Server.Requests.Total);
    }

    [Fact]
    public async Task A_reference_that_cannot_be_listed_is_driven_backwards_through_the_map()
    {
        await PutAsync("money/db", "money/new", "stray");
        Server.Put("x/billing/db", """{"k":"v"}""");
        List<TreeDifference> rows = await CompareAsync("scaivault://x", "vault://kv", options => options with { Map = [new("billing/**", "money/**")] });
        Assert.Equal(["money/new =>", "stray =>", " OneSided"], rows.Select(row => $"{row.RelativePath} {row.SideIndicator}"));
        Assert.Equal("vault://memory@kv/money/new", rows[0].Uri);
        Assert.Contains("No rule of the map leads to it", rows[1].Note, StringComparison.Ordinal);
        Assert.Equal((1, 2, false), (Compared!.Equal, Compared.OnlyDifference, Compared.IsClean));
        Assert.Equal(["secrets/x/billing/db", "secrets/x/billing/new"], Server.Requests.All.Select(request => request.Path).Order());
    }

    [Fact]
    public async Task A_map_that_cannot_be_followed_backwards_is_refused()
    {
        await PutAsync("a");
        BridgeException exception = await FailAsync(() => CompareAsync("scaivault://x", "vault://kv", options => options with { Map = [new("regex:a", "b")] }));
        Assert.Equal((FaultKind.InvalidArgument, 0L), (exception.Kind, Server.Requests.Total));
    }

    [Fact]
    public async Task Two_sides_without_lists_compare_one_secret_by_its_name_and_no_folder()
    {
        Server.Put("a", """{"k":"v"}""");
        Server.Put("b", """{"k":"v"}""");
        Assert.Equal(TreeDifference.OneSided, Assert.Single(await CompareAsync("scaivault://a", "scaivault://b")).SideIndicator);
        Assert.Equal(1, Compared!.Equal);
        Assert.Equal(FaultKind.NotSupported, (await FailAsync(() => CompareAsync("scaivault://", "scaivault://b"))).Kind);
        Assert.Equal(FaultKind.NotSupported, (await FailAsync(() => CompareAsync("scaivault://a/", "scaivault://b"))).Kind);
    }

    [Fact]
    public async Task One_secret_against_one_secret_is_compared_whatever_their_names()
    {
        await PutAsync("apps/db");
        Server.Put("elsewhere/name", """{"k":"v"}""");
        Assert.Single(await CompareAsync("vault://kv/apps/db", "scaivault://elsewhere/name"));
        Assert.Equal(1, Compared!.Equal);
    }

    [Fact]
    public async Task What_cannot_be_read_there_is_unreadable_and_no_difference()
    {
        await PutAsync("a", "b");
        Server.Put("b", """{"k":"v"}""");
        Server.Faults.Add(new Fault { Kind = Hit.Status, Status = 403, Path = "secrets/a", Body = """{"error":"forbidden"}""" });
        List<TreeDifference> rows = await CompareAsync("vault://kv", "scaivault://", options => options with { OneWay = true });
        Assert.Equal((SecretState.Unreadable, FaultKind.PermissionDenied), (rows[0].DifferenceState, ((IFaultRow)rows[0]).Fault!.Kind));
        Assert.Equal((1, 1, false), (Compared!.Equal, Compared.Unreadable, Compared.IsClean));
    }

    [Fact]
    public async Task A_folder_that_could_not_be_listed_is_unreadable_on_both_sides()
    {
        await PutAsync("a", "f/b");
        Server.Put("a", """{"k":"v"}""");
        Vault.Before = (verb, path) => verb == "list" && path.Value == "f" ? throw new BridgeException(FaultKind.PermissionDenied, "f", "No.") : Task.CompletedTask;
        List<TreeDifference> rows = await CompareAsync("vault://kv", "scaivault://", options => options with { OneWay = true });
        Assert.Equal((SecretState.Unreadable, SecretState.Unreadable, "f/"), (rows[0].ReferenceState, rows[0].DifferenceState, rows[0].RelativePath));
        Assert.False(Compared!.IsClean);
    }

    [Fact]
    public async Task Shards_of_one_comparison_add_up_to_what_the_whole_would_say()
    {
        await PutAsync("a", "b", "c", "d");
        foreach (string name in new[] { "a", "b", "c", "d" })
        {
            Server.Put(name, """{"k":"v"}""");
        }

        var parts = new List<ComparisonSummary>();
        foreach (string shard in new[] { "1/2", "2/2" })
        {
            await CompareAsync("vault://kv", "scaivault://", options => options with { OneWay = true, Shard = Shard.Parse(shard) });
            parts.Add(Compared!);
        }

        var whole = ComparisonSummary.Merge(parts);
        Assert.Equal((4, true, true), (whole.Equal, whole.OneSided, whole.IsClean));
        Assert.False(ComparisonSummary.Merge(parts.Select(part => part with { OneWay = part.Shard == "1/2" })).IsClean);
    }

    [Fact]
    public async Task What_ScaiVault_has_may_be_retired_at_its_source_and_nothing_is_ever_removed_there()
    {
        await PutAsync("a", "b");
        Server.Put("a", """{"k":"v"}""");
        Server.Put("b", """{"k":"v"}""");
        List<RemoveResult> rows = await RemoveAsync("vault://kv", "scaivault://");
        Assert.Equal([RemoveAction.Skipped, RemoveAction.Deleted, RemoveAction.Deleted], rows.Select(row => row.Action));

        await Vault.PutAsync("c", """{"k":"v"}""");
        BridgeException refused = await FailAsync(() => RemoveAsync("vault://kv", "scaivault://"));
        Assert.Equal(FaultKind.RemovalRefused, refused.Kind);
        Assert.Equal(FaultKind.RemovalRefused, (await FailAsync(() => RemoveAsync("scaivault://", "vault://kv"))).Kind);
    }

    private async Task<List<RemoveResult>> RemoveAsync(string reference, string difference)
    {
        var removal = new SubtreeRemoval(
            new()
            {
                Stores = this,
                OtherStores = this,
                MaxDelete = 9,
                Comparison = new() { ReferenceStores = this, DifferenceStores = this, ReferenceUri = reference, DifferenceUri = difference },
            },
            Reporter);
        var rows = new List<RemoveResult>();
        await foreach (RemoveResult row in removal.RunAsync(Array.Empty<RemovalInput>().ToAsync(), CancellationToken.None))
        {
            rows.Add(row);
        }

        return rows;
    }

    private async Task PutAsync(params string[] paths)
    {
        foreach (string path in paths)
        {
            await Vault.PutAsync(path, """{"k":"v"}""");
        }
    }
}
