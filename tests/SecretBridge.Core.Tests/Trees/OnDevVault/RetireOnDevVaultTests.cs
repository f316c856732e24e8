using SecretBridge.DevVault;
using SecretBridge.Stores;
using SecretBridge.Tests.Clocks;
using SecretBridge.Tests.Reporting;
using SecretBridge.Tests.Wire;
using SecretBridge.Trees;
using SecretBridge.Wire;
using Xunit;
using BridgeException = SecretBridge.Reporting.BridgeException;
using Hit = SecretBridge.DevVault.FaultKind;
using IFaultRow = SecretBridge.Reporting.IFaultRow;
using ReportedKind = SecretBridge.Reporting.FaultKind;

namespace SecretBridge.Tests.Trees.OnDevVault;

/// <summary>Comparing and removing over HTTP: what is asked of the server, and what survives its faults.</summary>
public class RetireOnDevVaultTests
{
    private const int Folders = 6;
    private const int Secrets = 60;

    private readonly ManualTime _time = new();
    private readonly RecordingReporter _reporter = new();

    [Theory]
    [InlineData(VaultFlavour.Vault, Folders + 1, 0)]
    [InlineData(VaultFlavour.OpenBao, 0, 1)]
    public async Task A_comparison_costs_a_listing_a_folder_or_one_scan_a_side_and_two_reads_a_pair(VaultFlavour flavour, int lists, int scans)
    {
        await using DevVaultServer server = await StartAsync(flavour);
        await using VaultBackend backend = await ConnectAsync(server);
        await CompareAsync(backend);
        server.Requests.Reset();
        Assert.True((await CompareAsync(backend)).IsClean);
        Assert.Equal(
            (2L * lists, 2L * scans, 2L * Secrets, 0L),
            (Count(server, RequestKind.List), Count(server, RequestKind.Scan), Count(server, RequestKind.Read), Count(server, RequestKind.Metadata)));
        Assert.Equal(2L * (lists + scans + Secrets), server.Requests.Total);
    }

    [Fact]
    public async Task Metadata_costs_one_more_read_a_side_and_a_history_one_for_each_earlier_live_version()
    {
        await using DevVaultServer server = await StartAsync(VaultFlavour.Vault);
        await using VaultBackend backend = await ConnectAsync(server);
        await CompareAsync(backend);
        server.Requests.Reset();
        Assert.True((await CompareAsync(backend, options => options with { IncludeMetadata = true })).IsClean);
        Assert.Equal((2L * Secrets, 2L * Secrets), (Count(server, RequestKind.Read), Count(server, RequestKind.Metadata)));

        foreach (string mount in new[] { "old", "new" })
        {
            server.Put(mount, "apps/team0/s 000", "{}");
            server.Put(mount, "apps/team0/s 000", "{}");
            server.Destroy(mount, "apps/team0/s 000", 1);
        }

        server.Requests.Reset();
        Assert.True((await CompareAsync(backend, options => options with { IncludeMetadata = true, IncludeVersion = true })).IsClean);
        Assert.Equal((2L * Secrets + 2, 2L * Secrets), (Count(server, RequestKind.Read), Count(server, RequestKind.Metadata)));
    }

    [Fact]
    public async Task Keys_alone_are_compared_without_reading_a_value()
    {
        await using DevVaultServer server = await StartAsync(VaultFlavour.OpenBao);
        await using VaultBackend backend = await ConnectAsync(server);
        server.Put("new", "apps/team0/s 000", """{"n":"other","o":{"l":{"deeper":1}},"password":0}""");
        await CompareAsync(backend);
        server.Requests.Reset();
        List<TreeDifference> rows = await RowsAsync(backend, options => options with { KeysOnly = true });
        Assert.Equal(["o"], Assert.Single(rows).ChangedKey);
        Assert.Equal(2 * Secrets, server.Requests.All.Count(request => request.Path.Contains("/subkeys/", StringComparison.Ordinal)));
        Assert.DoesNotContain(server.Requests.All, request => request.Path.Contains("/data/", StringComparison.Ordinal));
        Assert.Equal(2L * (Secrets + 1), server.Requests.Total);
    }

    [Fact]
    public async Task A_server_that_tells_no_keys_is_read_and_the_mount_keeps_its_version()
    {
        await using DevVaultServer server = await StartAsync(VaultFlavour.Vault);
        await using VaultBackend backend = await ConnectAsync(server);
        await CompareAsync(backend);
        server.Requests.Reset();
        Assert.True((await CompareAsync(backend, options => options with { KeysOnly = true, ThrottleLimit = 1 })).IsClean);
        Assert.Equal(2, server.Requests.All.Count(request => request.Path.Contains("/subkeys/", StringComparison.Ordinal)));
        Assert.Equal(2 * Secrets, server.Requests.All.Count(request => request.Path.Contains("/data/", StringComparison.Ordinal)));
        Assert.Equal(2, _reporter.Messages.Count(message => message.Contains("cannot tell keys without values", StringComparison.Ordinal)));
        await CompareAsync(backend);
        Assert.Equal(0, Count(server, RequestKind.Preflight));
    }

    [Fact]
    public async Task A_token_that_may_not_read_keys_does_not_read_values_instead()
    {
        await using DevVaultServer server = await StartAsync(VaultFlavour.OpenBao);
        server.WritePolicy("some", """
            path "+/metadata/*" { capabilities = ["list", "read", "scan"] }
            path "+/data/*" { capabilities = ["read"] }
            """);
        await using VaultBackend backend = await ConnectAsync(server, server.CreateToken(["some"]));
        ComparisonSummary summary = await CompareAsync(backend, options => options with { KeysOnly = true });
        Assert.Equal((0, Secrets, false), (summary.Equal, summary.Unreadable, summary.IsClean));
        Assert.DoesNotContain(server.Requests.All, request => request.Path.Contains("/data/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_deleted_version_has_no_keys_and_is_told_as_deleted()
    {
        await using DevVaultServer server = await StartAsync(VaultFlavour.OpenBao);
        await using VaultBackend backend = await ConnectAsync(server);
        server.Delete("new", "apps/team0/s 000");
        _time.Advance(TimeSpan.FromSeconds(1));
        TreeDifference row = Assert.Single(await RowsAsync(backend, options => options with { KeysOnly = true }));
        Assert.Equal((SecretState.Live, SecretState.Deleted), (row.ReferenceState, row.DifferenceState));
    }

    [Theory]
    [InlineData(VaultFlavour.Vault)]
    [InlineData(VaultFlavour.OpenBao)]
    public async Task A_removal_costs_a_metadata_read_and_one_write_a_secret_and_leaves_the_copy(VaultFlavour flavour)
    {
        await using DevVaultServer server = await StartAsync(flavour);
        await using VaultBackend backend = await ConnectAsync(server);
        List<TreeDifference> rows = await RowsAsync(backend, options => options with { IncludeEqual = true });
        server.Requests.Reset();
        Assert.Equal(Secrets, (await RemoveAsync(backend, rows)).Count(result => result.Action == RemoveAction.Deleted));
        Assert.Equal((Secrets, Secrets), (Count(server, RequestKind.Metadata), Count(server, RequestKind.Write)));
        Assert.Equal(2L * Secrets, server.Requests.Total);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.All(server.Secrets("old"), secret => Assert.False(Assert.Single(secret.Versions).IsReadable));
        Assert.All(server.Secrets("new"), secret => Assert.True(Assert.Single(secret.Versions).IsReadable));
    }

    [Fact]
    public async Task A_plan_sends_no_write()
    {
        await using DevVaultServer server = await StartAsync(VaultFlavour.Vault);
        await using VaultBackend backend = await ConnectAsync(server);
        List<TreeDifference> rows = await RowsAsync(backend, options => options with { IncludeEqual = true });
        server.Requests.Reset();
        Assert.Equal(Secrets, (await RemoveAsync(backend, rows, options => options with { PlanOnly = true })).Count(result => result.Planned));
        Assert.Empty(server.Requests.Writes);
    }

    [Fact]
    public async Task Over_a_server_that_fails_in_every_way_no_later_version_is_lost()
    {
        await using DevVaultServer server = await StartAsync(VaultFlavour.Vault);
        await using VaultBackend backend = await ConnectAsync(server);
        List<TreeDifference> rows = await RowsAsync(backend, options => options with { IncludeEqual = true });
        for (int i = 0; i < Secrets; i += 3)
        {
            server.Put("old", Name(i), """{"written":"since"}""");
        }

        foreach (Hit kind in new[] { Hit.ResetBeforeHeaders, Hit.ResetAfterCommit, Hit.Truncate })
        {
            server.Faults.Add(new Fault { Kind = kind, Path = "old/**", Times = null, Probability = 0.05 });
        }

        server.Faults.Add(new Fault { Kind = Hit.Status, Status = 500, Path = "**", Times = null, Probability = 0.05 });
        List<RemoveResult> results = await RemoveAsync(backend, rows);
        server.Faults.Clear();
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.All(results, result => Assert.Equal(RemoveAction.Deleted, result.Action));
        for (int i = 0; i < Secrets; i++)
        {
            Assert.Equal(i % 3 == 0 ? """{"written":"since"}""" : null, server.Read("old", Name(i)));
            Assert.Null(server.Read("old", Name(i), 1));
        }
    }

    [Fact]
    public async Task A_token_that_may_not_delete_by_version_does_not_delete_the_latest_instead()
    {
        await using DevVaultServer server = await StartAsync(VaultFlavour.Vault);
        server.WritePolicy("latest", """
            path "+/metadata/*" { capabilities = ["list", "read"] }
            path "+/data/*" { capabilities = ["read", "delete"] }
            """);
        await using VaultBackend backend = await ConnectAsync(server, server.CreateToken(["latest"]));
        List<TreeDifference> rows = await RowsAsync(backend, options => options with { IncludeEqual = true });
        List<RemoveResult> results = await RemoveAsync(backend, rows);
        Assert.All(results, result => Assert.Equal((RemoveAction.Failed, ReportedKind.PermissionDenied), (result.Action, ((IFaultRow)result).Fault!.Kind)));
        Assert.All(server.Secrets("old"), secret => Assert.True(Assert.Single(secret.Versions).IsReadable));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_tree_compared_with_itself_by_another_name_is_not_removed_also_where_the_cluster_is_told_to_one_alone(bool isTold)
    {
        await using DevVaultServer server = await StartAsync(VaultFlavour.Vault);
        await using VaultBackend one = await ConnectAsync(server, name: "one");
        if (!isTold)
        {
            server.Faults.Add(new Fault { Kind = Hit.Status, Path = "sys/health", Status = 403, Body = """{"errors":["permission denied"]}""" });
        }

        await using VaultBackend two = await ConnectAsync(server, name: "two");
        var stores = new BackendRegistry();
        stores.Add(one);
        stores.Add(two);
        var comparison = new CompareOptions { ReferenceStores = stores, DifferenceStores = stores, ReferenceUri = "vault://one@old", DifferenceUri = "vault://two@old", Time = _time };
        var options = new RemovalOptions { Stores = stores, OtherStores = stores, Comparison = comparison, MaxDelete = 1000, Time = _time };
        server.Requests.Reset();
        var exception = await Assert.ThrowsAsync<BridgeException>(() =>
            DrainAsync(new SubtreeRemoval(options, _reporter).RunAsync(Array.Empty<RemovalInput>().ToAsync(), CancellationToken.None)));
        Assert.Equal(ReportedKind.RemovalRefused, exception.Kind);
        Assert.Empty(server.Requests.Writes);
    }

    private static string Name(int i) => $"apps/team{i % Folders}/s {i:000}";

    private static long Count(DevVaultServer server, RequestKind kind) => server.Requests.Count(kind);

    private async Task<DevVaultServer> StartAsync(VaultFlavour flavour)
    {
        DevVaultServer server = await DevVaultServer.StartAsync(new DevVaultOptions { Flavour = flavour, Time = _time });
        foreach (string mount in new[] { "old", "new" })
        {
            server.Mount(mount);
            for (int i = 0; i < Secrets; i++)
            {
                server.Put(mount, Name(i), $$$"""{"password":"canary-{{{i}}}","n":{{{i}}}.25,"o":{"l":[1,null,"<ü>"]}}""");
            }
        }

        return server;
    }

    private Task<VaultBackend> ConnectAsync(DevVaultServer server, string? token = null, string name = "prod") => VaultBackend.ConnectAsync(
        new ConnectOptions
        {
            Name = name,
            Address = server.Address.ToString(),
            Auth = new TokenAuth(Connection.Secure(token ?? server.RootToken)),
            MaxRetries = 12,

            // Waits of others move the clock while a request is under way.
            RequestTimeout = TimeSpan.FromMinutes(30),
            Deadline = TimeSpan.FromHours(1),
        },
        _reporter, _time, CancellationToken.None);

    private async Task<(List<TreeDifference> Rows, ComparisonSummary Summary)> RunAsync(VaultBackend backend, Func<CompareOptions, CompareOptions>? change)
    {
        IStoreResolver stores = new BackendRegistry().With(backend);
        var options = new CompareOptions
        {
            ReferenceStores = stores,
            DifferenceStores = stores,
            ReferenceUri = "vault://old/apps/",
            DifferenceUri = "vault://new/apps/",
            Time = _time,
        };
        var comparison = new TreeComparison(change?.Invoke(options) ?? options, _reporter);
        List<TreeDifference> rows = await DrainAsync(comparison.RunAsync(CancellationToken.None));
        return (rows, comparison.Summary);
    }

    private async Task<List<TreeDifference>> RowsAsync(VaultBackend backend, Func<CompareOptions, CompareOptions>? change = null) =>
        (await RunAsync(backend, change)).Rows;

    private async Task<ComparisonSummary> CompareAsync(VaultBackend backend, Func<CompareOptions, CompareOptions>? change = null) =>
        (await RunAsync(backend, change)).Summary;

    private Task<List<RemoveResult>> RemoveAsync(
        VaultBackend backend, IEnumerable<TreeDifference> rows, Func<RemovalOptions, RemovalOptions>? change = null)
    {
        IStoreResolver stores = new BackendRegistry().With(backend);
        var options = new RemovalOptions { Stores = stores, OtherStores = stores, MaxDelete = 1000, Time = _time };
        var removal = new SubtreeRemoval(change?.Invoke(options) ?? options, _reporter);
        return DrainAsync(removal.RunAsync(rows.Select(row => new RemovalInput(row)).ToAsync(), CancellationToken.None));
    }

    private static async Task<List<T>> DrainAsync<T>(IAsyncEnumerable<T> rows)
    {
        var list = new List<T>();
        await foreach (T row in rows)
        {
            list.Add(row);
        }

        return list;
    }
}
