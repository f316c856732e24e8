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

/// <summary>The main job end to end over HTTP, with the faults that a tree copier must survive.</summary>
public class CopyOnDevVaultTests
{
    private const int Secrets = 120;

    private readonly ManualTime _time = new();
    private readonly RecordingReporter _reporter = new();

    [Theory]
    [InlineData(VaultFlavour.Vault)]
    [InlineData(VaultFlavour.OpenBao)]
    public async Task Over_a_server_that_fails_in_every_way_the_end_is_right_and_each_secret_is_one_version(VaultFlavour flavour)
    {
        await using DevVaultServer server = await StartAsync(flavour);
        await using VaultBackend backend = await ConnectAsync(server);
        foreach (Hit kind in new[] { Hit.ResetBeforeHeaders, Hit.ResetAfterCommit, Hit.Truncate, Hit.Upgrade })
        {
            server.Faults.Add(new Fault { Kind = kind, Path = "*/data/**", Times = null, Probability = 0.05 });
        }

        server.Faults.Add(new Fault { Kind = Hit.Status, Status = 429, Path = "**", Times = null, Probability = 0.05, Headers = new Dictionary<string, string> { ["Retry-After"] = "1" } });
        server.Faults.Add(new Fault { Kind = Hit.Status, Status = 500, Path = "**", Times = null, Probability = 0.05 });
        CopySummary summary = await CopyAsync(backend, "vault://old", "vault://new");
        server.Faults.Clear();

        Assert.Equal((Secrets, 0), (summary.Created, summary.Failed));
        AssertSame(server);
        Assert.True((await CompareAsync(backend)).IsClean);
        AssertNothingTold(server);
    }

    [Fact]
    public async Task A_second_run_sends_no_write()
    {
        await using DevVaultServer server = await StartAsync(VaultFlavour.Vault);
        await using VaultBackend backend = await ConnectAsync(server);
        await CopyAsync(backend, "vault://old", "vault://new");
        server.Requests.Reset();
        CopySummary second = await CopyAsync(backend, "vault://old", "vault://new");
        Assert.Equal((Secrets, 0, 0), (second.Unchanged, second.Created, second.Updated));
        Assert.Empty(server.Requests.Writes);
    }

    [Fact]
    public async Task A_plan_sends_no_write()
    {
        await using DevVaultServer server = await StartAsync(VaultFlavour.Vault);
        await using VaultBackend backend = await ConnectAsync(server);
        server.Requests.Reset();
        CopySummary plan = await CopyAsync(backend, "vault://old", "vault://new", options => options with { PlanOnly = true });
        Assert.Equal(Secrets, plan.Created);
        Assert.Empty(server.Requests.Writes);
    }

    [Theory]
    [InlineData(VaultFlavour.Vault, 7)]
    [InlineData(VaultFlavour.OpenBao, 1)]
    public async Task A_copy_costs_a_listing_a_folder_or_one_scan_and_a_read_and_a_write_a_secret(VaultFlavour flavour, int listings)
    {
        await using DevVaultServer server = await StartAsync(flavour);
        await using VaultBackend backend = await ConnectAsync(server);
        await CopyAsync(backend, "vault://old/apps", "vault://new/apps");
        server.Requests.Reset();
        await CopyAsync(backend, "vault://old/apps", "vault://new/other");
        Assert.Equal((Secrets, Secrets), (server.Requests.Count(RequestKind.Read), server.Requests.Count(RequestKind.Write)));
        Assert.Equal(listings, server.Requests.Count(RequestKind.List) + server.Requests.Count(RequestKind.Scan) - 1);

        // One look whether there is a secret of the folder's own name.
        Assert.Equal(1, server.Requests.Count(RequestKind.Metadata) + server.Requests.Count(RequestKind.Preflight));
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    public async Task KV_versions_are_crossed(int from, int to)
    {
        await using DevVaultServer server = await StartAsync(VaultFlavour.OpenBao);
        server.Mount("a/b", from);
        server.Mount("c", to);
        server.Put("a/b", "x/one", """{"k":"canary-0815","n":1.0}""");
        server.Put("a/b", "x", """{"k":[null]}""");
        await using VaultBackend backend = await ConnectAsync(server);
        CopySummary summary = await CopyAsync(backend, "vault://a/b", "vault://c/deep/er", options => options with { Verify = true });
        Assert.Equal((2, 2), (summary.Created, summary.Verified));
        Assert.True((await CompareAsync(backend, "vault://a/b", "vault://c/deep/er")).IsClean);
    }

    [Fact]
    public async Task A_payload_of_null_is_carried_as_null()
    {
        await using DevVaultServer server = await StartAsync(VaultFlavour.OpenBao);
        await using VaultBackend backend = await ConnectAsync(server);
        server.Mount("odd");
        server.Put("odd", "nothing", "null");
        CopySummary summary = await CopyAsync(backend, "vault://odd", "vault://new", options => options with { Verify = true });
        Assert.Equal((1, 0), (summary.Verified, summary.Failed));
        Assert.Equal("null", server.Read("new", "nothing"));
    }

    [Fact]
    public async Task Servers_and_namespaces_are_crossed()
    {
        await using DevVaultServer left = await StartAsync(VaultFlavour.Vault);
        await using DevVaultServer right = await StartAsync(VaultFlavour.OpenBao);
        right.CreateNamespace("team-a");
        right.Mount("kv", 2, "team-a");
        await using VaultBackend source = await ConnectAsync(left, "left");
        await using VaultBackend target = await ConnectAsync(right, "right", "team-a");
        var stores = new BackendRegistry();
        stores.Add(source);
        stores.Add(target);
        var copy = new SubtreeCopy(
            new CopyOptions { SourceStores = stores, DestinationStores = stores, DestinationUri = "vault://right@kv", Time = _time }, _reporter);
        await DrainAsync(copy.RunAsync(new[] { new TreeItem("vault://left@old") }.ToAsync(), CancellationToken.None));
        Assert.Equal(Secrets, copy.Summary.Created);
        Assert.Equal(Secrets, right.Secrets("team-a/kv").Count);
    }

    [Fact]
    public async Task The_same_store_under_two_names_is_seen_as_one()
    {
        await using DevVaultServer server = await StartAsync(VaultFlavour.Vault);
        await using VaultBackend one = await ConnectAsync(server, "one");
        await using VaultBackend two = await ConnectAsync(server, "two");
        var stores = new BackendRegistry();
        stores.Add(one);
        stores.Add(two);
        var copy = new SubtreeCopy(
            new CopyOptions { SourceStores = stores, DestinationStores = stores, DestinationUri = "vault://two@old/apps/copy", Time = _time }, _reporter);
        var exception = await Assert.ThrowsAsync<BridgeException>(() =>
            DrainAsync(copy.RunAsync(new[] { new TreeItem("vault://one@old/apps") }.ToAsync(), CancellationToken.None)));
        Assert.Equal(ReportedKind.Overlap, exception.Kind);
    }

    [Fact]
    public async Task The_same_store_by_two_addresses_is_seen_as_one_where_no_server_tells_its_cluster()
    {
        await using DevVaultServer server = await StartAsync(VaultFlavour.Vault);
        server.Faults.Add(new Fault { Kind = Hit.Status, Status = 403, Path = "sys/health", Times = null });
        await using VaultBackend one = await ConnectAsync(server, "one");
        await using VaultBackend two = await ConnectAsync(server, "two", address: $"http://localhost:{server.Address.Port}");
        var stores = new BackendRegistry();
        stores.Add(one);
        stores.Add(two);
        var copy = new SubtreeCopy(
            new CopyOptions { SourceStores = stores, DestinationStores = stores, DestinationUri = "vault://two@old/apps/copy", Time = _time }, _reporter);
        var exception = await Assert.ThrowsAsync<BridgeException>(() =>
            DrainAsync(copy.RunAsync(new[] { new TreeItem("vault://one@old/apps") }.ToAsync(), CancellationToken.None)));
        Assert.Equal(ReportedKind.Overlap, exception.Kind);
    }

    [Fact]
    public async Task A_token_revoked_in_the_middle_ends_the_run_and_what_was_written_stays_right()
    {
        await using DevVaultServer server = await StartAsync(VaultFlavour.Vault);
        server.WritePolicy("all", """path "*" { capabilities = ["create","read","update","list"] }""");
        string token = server.CreateToken(["all"]);
        await using VaultBackend backend = await ConnectAsync(server, token: token);

        // Whoever counts a write is done with it before another is counted.
        object turn = new();
        int writes = 0;
        server.Faults.Add(new Fault
        {
            Kind = Hit.Interfere,
            Method = "POST",
            Path = "new/data/**",
            Times = null,
            Do = () =>
            {
                lock (turn)
                {
                    if (++writes == 30)
                    {
                        server.RevokeToken(token);
                    }
                }
            },
        });
        var exception = await Assert.ThrowsAsync<BridgeException>(() => CopyAsync(backend, "vault://old", "vault://new", options => options with { ThrottleLimit = 4 }));
        Assert.Equal(ReportedKind.TokenInvalid, exception.Kind);
        Assert.DoesNotContain(token, exception.ToString(), StringComparison.Ordinal);

        // Of those before the thirtieth, three may have been under way beside it.
        Assert.InRange(server.Secrets("new").Count, 26, 29);
        Assert.All(server.Secrets("new"), secret => Assert.Equal(server.Read("old", secret.Path), server.Read("new", secret.Path)));
    }

    [Fact]
    public async Task Rights_that_lack_for_some_folders_fail_those_and_no_others()
    {
        await using DevVaultServer server = await StartAsync(VaultFlavour.Vault);
        server.WritePolicy("some", """
            path "old/metadata/*" { capabilities = ["list"] }
            path "old/data/*" { capabilities = ["read"] }
            path "old/metadata/apps/team0/*" { capabilities = ["deny"] }
            path "old/data/apps/team1/*" { capabilities = ["deny"] }
            path "new/metadata/*" { capabilities = ["list"] }
            path "new/data/*" { capabilities = ["create", "read"] }
            path "new/data/apps/team2/*" { capabilities = ["read"] }
            """);
        await using VaultBackend backend = await ConnectAsync(server, token: server.CreateToken(["some"]));
        List<CopyResult> rows = await RowsAsync(backend, "vault://old", "vault://new");
        Assert.Equal(60, rows.Count(row => row.Action == CopyAction.Created));
        List<CopyResult> failed = rows.FindAll(row => row.Action == CopyAction.Failed);
        Assert.Equal(41, failed.Count);
        Assert.All(failed, row => Assert.Equal(ReportedKind.PermissionDenied, ((IFaultRow)row).Fault!.Kind));
        Assert.Contains(failed, row => row.RelativePath == "apps/team0/");
    }

    [Fact]
    public async Task An_answer_that_says_nothing_makes_no_folder_vanish()
    {
        await using DevVaultServer server = await StartAsync(VaultFlavour.Vault);
        await using VaultBackend backend = await ConnectAsync(server);
        server.Faults.Add(new Fault { Kind = Hit.Status, Status = 404, Body = "", Path = "old/metadata/apps/team3/**", Times = null });
        List<CopyResult> rows = await RowsAsync(backend, "vault://old", "vault://new");
        CopyResult failed = Assert.Single(rows, row => row.Action == CopyAction.Failed);
        Assert.Equal(("apps/team3/", ReportedKind.NotVault), (failed.RelativePath, ((IFaultRow)failed).Fault!.Kind));
        Assert.False((await CompareAsync(backend)).IsClean);
    }

    [Fact]
    public async Task A_secret_nested_as_deep_as_a_reply_may_be_is_carried_and_compared()
    {
        await using DevVaultServer server = await StartAsync(VaultFlavour.Vault);
        await using VaultBackend backend = await ConnectAsync(server);
        server.Mount("odd");
        server.Put("odd", "deep", $$"""{"k":{{new string('[', 140)}}1.5{{new string(']', 140)}}}""");
        CopySummary summary = await CopyAsync(backend, "vault://odd", "vault://new", options => options with { Verify = true });
        Assert.Equal((1, 0), (summary.Verified, summary.Failed));
        Assert.True((await CompareAsync(backend, "vault://odd", "vault://new")).IsClean);
    }

    private static void AssertSame(DevVaultServer server)
    {
        Assert.Equal(server.Secrets("old").Select(secret => secret.Path), server.Secrets("new").Select(secret => secret.Path));
        Assert.All(server.Secrets("new"), secret =>
        {
            Assert.Single(secret.Versions);
            Assert.Equal(server.Read("old", secret.Path), server.Read("new", secret.Path));
        });
    }

    private void AssertNothingTold(DevVaultServer server)
    {
        string told = string.Join('\n', _reporter.Messages.Concat(_reporter.Warnings).Concat(_reporter.Summaries));
        Assert.DoesNotContain("canary", told, StringComparison.Ordinal);
        Assert.DoesNotContain(server.RootToken, told, StringComparison.Ordinal);
    }

    private async Task<DevVaultServer> StartAsync(VaultFlavour flavour)
    {
        DevVaultServer server = await DevVaultServer.StartAsync(new DevVaultOptions { Flavour = flavour, Time = _time });
        server.Mount("old");
        server.Mount("new");
        for (int i = 0; i < Secrets; i++)
        {
            server.Put("old", $"apps/team{i % 6}/s {i:000}", $$$"""{"password":"canary-{{{i}}}","n":{{{i}}}.25,"o":{"l":[1,null,"<ü>"]}}""");
        }

        return server;
    }

    private Task<VaultBackend> ConnectAsync(DevVaultServer server, string name = "prod", string? ns = null, string? token = null, string? address = null) => VaultBackend.ConnectAsync(
        new ConnectOptions
        {
            Name = name,
            Address = address ?? server.Address.ToString(),
            Namespace = ns,
            Auth = new TokenAuth(Connection.Secure(token ?? server.RootToken)),
            MaxRetries = 12,

            // Waits of others move the clock while a request is under way.
            RequestTimeout = TimeSpan.FromMinutes(30),
            Deadline = TimeSpan.FromHours(1),
        },
        _reporter, _time, CancellationToken.None);

    private async Task<List<CopyResult>> RowsAsync(
        VaultBackend backend, string source, string destination, Func<CopyOptions, CopyOptions>? change = null, Action<SubtreeCopy>? then = null)
    {
        IStoreResolver stores = new BackendRegistry().With(backend);
        var options = new CopyOptions { SourceStores = stores, DestinationStores = stores, DestinationUri = destination, Time = _time };
        var copy = new SubtreeCopy(change?.Invoke(options) ?? options, _reporter);
        using IDisposable saying = backend.ReportTo(_reporter);
        List<CopyResult> rows = await DrainAsync(copy.RunAsync(new[] { new TreeItem(source) }.ToAsync(), CancellationToken.None));
        then?.Invoke(copy);
        return rows;
    }

    private async Task<CopySummary> CopyAsync(VaultBackend backend, string source, string destination, Func<CopyOptions, CopyOptions>? change = null)
    {
        CopySummary? summary = null;
        await RowsAsync(backend, source, destination, change, copy => summary = copy.Summary);
        return summary!;
    }

    private async Task<ComparisonSummary> CompareAsync(VaultBackend backend, string reference = "vault://old", string difference = "vault://new")
    {
        IStoreResolver stores = new BackendRegistry().With(backend);
        var comparison = new TreeComparison(
            new CompareOptions { ReferenceStores = stores, DifferenceStores = stores, ReferenceUri = reference, DifferenceUri = difference, Time = _time }, _reporter);
        await DrainAsync(comparison.RunAsync(CancellationToken.None));
        return comparison.Summary;
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
