using SecretBridge.DevVault;
using SecretBridge.Reporting;
using SecretBridge.Trees;
using Xunit;
using FaultKind = SecretBridge.Reporting.FaultKind;
using Hit = SecretBridge.DevVault.FaultKind;

namespace SecretBridge.Tests.Trees.ScaiVault;

public sealed class ScaiVaultCopyTests : ScaiVaultTreeTest
{
    private const string Db = """{"user":"app","password":"canary-scai-31c0","port":5432}""";

    [Fact]
    public async Task A_tree_arrives_read_before_each_write_and_says_where_it_came_from()
    {
        await Vault.PutAsync("apps/db", Db);
        await Vault.PutAsync("apps/web/api", """{"k":1.0}""");
        List<CopyResult> rows = await CopyAsync("vault://kv/apps", "scaivault://prod", options => options with { Verify = true });
        Assert.All(rows, row => Assert.Equal((CopyAction.Created, WriteGuard.ReadThenWrite, true), (row.Action, row.Guard, row.Verified)));
        Assert.Equal("scaivault://target@prod/web/api", rows[1].Destination);
        ScaiVaultSecret stored = Server.Secrets["prod/db"];
        Assert.Equal(Db, stored.Json);
        Assert.Equal("migrated-from-vault", Assert.Single(stored.Tags));
        Assert.Equal(("Migrated from vault: vault://memory@kv/apps/db", 10), (stored.Description, stored.MaxVersions));
        Assert.Equal((2, true), (Copied.Created, Copied.Succeeded));
        Assert.Equal(
            ["GET secrets/prod/db", "GET secrets/prod/db", "PUT secrets/prod/db"],
            Server.Requests.All.Where(request => request.Path.EndsWith("db", StringComparison.Ordinal)).Select(request => $"{request.Method} {request.Path}").Order());
    }

    [Fact]
    public async Task What_is_there_already_is_not_written_again()
    {
        await Vault.PutAsync("a", """{"k":"v","n":10}""");
        Server.Put("a", """{"n":1e1,"k":"v"}""");
        Assert.Equal(CopyAction.Unchanged, Assert.Single(await CopyAsync("vault://kv", "scaivault://")).Action);
        Assert.Empty(Server.Requests.Writes);
    }

    [Theory]
    [InlineData(ConflictPolicy.Fail, CopyAction.Conflict, "theirs")]
    [InlineData(ConflictPolicy.Skip, CopyAction.Skipped, "theirs")]
    [InlineData(ConflictPolicy.Overwrite, CopyAction.Updated, "ours")]
    public async Task Other_content_is_treated_as_the_policy_says(ConflictPolicy policy, CopyAction action, string value)
    {
        await Vault.PutAsync("a", """{"k":"ours"}""");
        Server.Put("a", """{"k":"theirs"}""");
        Assert.Equal(action, Assert.Single(await CopyAsync("vault://kv", "scaivault://", options => options with { Conflict = policy })).Action);
        Assert.Equal($$"""{"k":"{{value}}"}""", Server.Read("a"));
    }

    [Fact]
    public async Task Tags_description_and_versions_are_the_callers_where_given()
    {
        await Vault.PutAsync("a", """{"k":"v"}""");
        await CopyAsync("vault://kv", "scaivault://", options => options with
        {
            Tag = new Dictionary<string, string> { ["owner"] = "billing" },
            Description = "The billing database",
            MaxVersions = 3,
        });
        ScaiVaultSecret stored = Server.Secrets["a"];
        Assert.Equal(["migrated-from-vault", "owner=billing"], stored.Tags);
        Assert.Equal(("The billing database", 3), (stored.Description, stored.MaxVersions));
    }

    [Fact]
    public async Task A_recorded_source_becomes_tags_and_other_metadata_is_told_as_lost()
    {
        await Vault.PutAsync("a", """{"k":"v"}""");
        Vault.OnMetadata = metadata => metadata with { CustomMetadata = new Dictionary<string, string> { ["team"] = "x" } };
        CopyResult row = Assert.Single(await CopyAsync("vault://kv", "scaivault://", options => options with { RecordSource = true, IncludeMetadata = true }));
        Assert.Contains("secretbridge.path=kv/a", Server.Secrets["a"].Tags);
        Assert.Contains("secretbridge.version=1", Server.Secrets["a"].Tags);
        Assert.Equal([CopyLoss.Metadata], row.Lossy);
    }

    [Fact]
    public async Task A_map_leads_into_ScaiVault_as_anywhere()
    {
        await Vault.PutAsync("billing/db", """{"k":"v"}""");
        await CopyAsync("vault://kv", "scaivault://external/hashicorp", options => options with { Map = [new("billing/**", "money/**")] });
        Assert.Equal(["external/hashicorp/money/db"], Server.Secrets.Keys);
    }

    [Fact]
    public async Task A_plan_writes_nothing()
    {
        await Vault.PutAsync("a", """{"k":"v"}""");
        CopyResult row = Assert.Single(await CopyAsync("vault://kv", "scaivault://", options => options with { PlanOnly = true }));
        Assert.Equal((CopyAction.Created, true), (row.Action, row.Planned));
        Assert.Empty(Server.Requests.Writes);
    }

    [Fact]
    public async Task A_mirror_is_refused_before_anything_is_copied()
    {
        await Vault.PutAsync("a", """{"k":"v"}""");
        BridgeException exception = await FailAsync(() => CopyAsync("vault://kv", "scaivault://", options => options with { Mirror = true, MaxDelete = 9 }));
        Assert.Equal((FaultKind.NotSupported, 0L), (exception.Kind, Server.Requests.Total));
    }

    [Fact]
    public async Task One_secret_comes_back_by_its_exact_name()
    {
        Server.Put("team/db", Db);
        CopyResult row = Assert.Single(await CopyAsync("scaivault://team/db", "vault://kv/back"));
        Assert.Equal((CopyAction.Created, "vault://memory@kv/back/db"), (row.Action, row.Destination));
        Assert.Equal(Db, await Vault.TextAsync("back/db"));
    }

    [Fact]
    public async Task Nothing_is_moved_out_of_ScaiVault_and_a_tree_is_moved_into_it()
    {
        Server.Put("team/db", Db);
        var copy = new CopyOptions { SourceStores = this, DestinationStores = this, DestinationUri = "vault://kv/back" };
        var outOf = new SubtreeMove(new() { Copy = copy, MaxDelete = 9, Extent = RemovalExtent.AllVersions }, Reporter);
        Assert.Equal(FaultKind.NotSupported, (await FailAsync(() => RowsAsync(outOf.CopyAsync(One("scaivault://team/db"), CancellationToken.None)))).Kind);
        Assert.Equal(0, Server.Requests.Total);

        await Vault.PutAsync("apps/web", """{"k":"v"}""");
        var into = new SubtreeMove(new() { Copy = copy with { DestinationUri = "scaivault://moved" }, MaxDelete = 9 }, Reporter);
        Assert.Equal(CopyAction.Created, Assert.Single(await RowsAsync(into.CopyAsync(One("vault://kv/apps"), CancellationToken.None))).Action);
        Assert.Equal(RemoveAction.Deleted, Assert.Single(await RowsAsync(into.RemoveAsync(CancellationToken.None))).Action);
        Assert.Equal("""{"k":"v"}""", Server.Read("moved/web"));
    }

    [Theory]
    [InlineData("scaivault://team/", FaultKind.NotSupported, 0)]
    [InlineData("scaivault://", FaultKind.NotSupported, 0)]
    [InlineData("scaivault://team", FaultKind.SecretNotFound, 1)]
    public async Task A_folder_cannot_be_walked_and_says_so(string folder, FaultKind kind, long requests)
    {
        Server.Put("team/db", Db);
        CopyResult row = Assert.Single(await CopyAsync(folder, "vault://kv/back"));
        Assert.Equal((CopyAction.Failed, kind, requests), (row.Action, ((IFaultRow)row).Fault!.Kind, Server.Requests.Total));
        Assert.Contains("name each secret", row.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_secret_fails_alone_and_a_wrong_token_ends_the_run()
    {
        await Vault.PutAsync("a", """{"k":"v"}""");
        await Vault.PutAsync("b", """{"k":"v"}""");
        Server.Faults.Add(new Fault { Kind = Hit.Status, Status = 403, Path = "secrets/a", Body = """{"error":"forbidden"}""", Times = null });
        List<CopyResult> rows = await CopyAsync("vault://kv", "scaivault://");
        Assert.Equal([CopyAction.Failed, CopyAction.Created], rows.Select(row => row.Action));
        Assert.Equal(FaultKind.PermissionDenied, ((IFaultRow)rows[0]).Fault!.Kind);

        Server.Faults.Add(new Fault { Kind = Hit.Status, Status = 401, Body = """{"error":"unauthorized"}""", Times = null, Path = "secrets/b" });
        Assert.Equal(FaultKind.TokenInvalid, (await FailAsync(() => CopyAsync("vault://kv", "scaivault://", options => options with { ThrottleLimit = 1 }))).Kind);
    }

    private static IAsyncEnumerable<TreeItem> One(string uri) => new[] { new TreeItem(uri) }.ToAsync();

    private static async Task<List<T>> RowsAsync<T>(IAsyncEnumerable<T> rows)
    {
        var all = new List<T>();
        await foreach (T row in rows)
        {
            all.Add(row);
        }

        return all;
    }
}
