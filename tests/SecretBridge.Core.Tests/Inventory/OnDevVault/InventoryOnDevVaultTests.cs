using System.Text.Json;
using SecretBridge.DevVault;
using SecretBridge.Inventory;
using SecretBridge.Stores;
using SecretBridge.Tests.Clocks;
using SecretBridge.Tests.Reporting;
using SecretBridge.Tests.Wire;
using SecretBridge.Trees;
using SecretBridge.Wire;
using Xunit;
using Hit = SecretBridge.DevVault.FaultKind;
using IFaultRow = SecretBridge.Reporting.IFaultRow;
using ReportedKind = SecretBridge.Reporting.FaultKind;

namespace SecretBridge.Tests.Inventory.OnDevVault;

/// <summary>Taking stock over HTTP: what is asked of the server, what narrow tokens see, and that no value comes out.</summary>
public class InventoryOnDevVaultTests
{
    private const int Folders = 6;
    private const int Secrets = 60;

    private readonly ManualTime _time = new();
    private readonly RecordingReporter _reporter = new();

    [Theory]
    [InlineData(VaultFlavour.Vault, Folders + 1, 0)]
    [InlineData(VaultFlavour.OpenBao, 0, 1)]
    public async Task Counting_a_mount_costs_its_listings_and_reads_nothing(VaultFlavour flavour, int lists, int scans)
    {
        await using DevVaultServer server = await StartAsync(flavour);
        await using VaultBackend backend = await ConnectAsync(server);
        server.Requests.Reset();
        VaultMount mount = Assert.Single(await MountsAsync(backend, options => options with { IsWanted = name => name == "kv", Count = true }));
        Assert.Equal((Secrets, Folders, 0L), (mount.Secrets, mount.Folders, mount.Unreadable));
        Assert.Equal(Secrets * "s 000".Length + Folders * "team0".Length, mount.NameBytes);
        Assert.Equal((lists, scans, 1 + lists + scans), ((int)server.Requests.Count(RequestKind.List), (int)server.Requests.Count(RequestKind.Scan), (int)server.Requests.Total));
    }

    /// <summary>The listings of folders are held until three wait: by then three mounts must be under way, and a fourth listing would be seen.</summary>
    [Fact]
    public async Task Several_mounts_are_counted_at_once_and_together_ask_no_more_than_the_limit()
    {
        const int Limit = 3;
        await using DevVaultServer server = await StartAsync(VaultFlavour.Vault);
        server.Mount("more");
        server.Mount("old", 1);
        foreach (string mount in new[] { "more", "old" })
        {
            for (int i = 0; i < 2 * Folders; i++)
            {
                server.Put(mount, $"team{i % Folders}/s {i:000}", """{"k":"v"}""");
            }
        }

        await using VaultBackend backend = await ConnectAsync(server);
        int most = 0;
        var gate = new Gate();
        server.Faults.Add(new Fault { Kind = Hit.Interfere, When = _ => Look(UnderWay()), Times = null });
        server.Faults.Add(new Fault { Kind = Hit.HangUntilReleased, Gate = gate, When = request => request.Path.Contains("/team", StringComparison.Ordinal), Times = null });
        Task<List<VaultMount>> counting = MountsAsync(backend, options => options with { Count = true, ThrottleLimit = Limit });
        for (int i = 0; i < Limit; i++)
        {
            Task arrival = gate.ArrivedAsync();
            Assert.Same(arrival, await Task.WhenAny(arrival, counting));
        }

        // Round trips of somebody else give one too many the time to arrive.
        using var other = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        for (int i = 0; i < 50; i++)
        {
            (await other.GetAsync(new Uri(server.Address, "v1/sys/health"))).Dispose();
        }

        Assert.Equal(["kv", "more", "old"], UnderWay().Select(request => request.Path.Split('/')[0]).Order());
        gate.Open();
        List<VaultMount> mounts = await counting;
        Assert.Equal(Limit, most);
        Assert.Equal(["kv 60 6", "more 12 6", "old 12 6", "secret 0 0"], mounts.Where(mount => mount.Secrets is not null).Select(mount => $"{mount.Mount} {mount.Secrets} {mount.Folders}"));

        IEnumerable<RequestRecord> UnderWay() => server.Requests.All.Where(request => request is { Kind: RequestKind.List, Status: 0 });

        // Asked of each request as it arrives, one after the other.
        bool Look(IEnumerable<RequestRecord> now)
        {
            most = Math.Max(most, now.Count());
            return false;
        }
    }

    [Fact]
    public async Task Mounts_that_are_not_KV_are_listed_and_not_counted()
    {
        await using DevVaultServer server = await StartAsync(VaultFlavour.Vault);
        server.Mount("more");
        server.Put("more", "x", "{}");
        server.Mount("old", 1);
        server.Put("old", "y/z", """{"k":"v"}""");
        await using VaultBackend backend = await ConnectAsync(server);
        List<VaultMount> mounts = await MountsAsync(backend, options => options with { Count = true });
        Assert.Equal(["kv 60 6", "more 1 0", "old 1 1", "secret 0 0"], mounts.Where(mount => mount.Secrets is not null).Select(mount => $"{mount.Mount} {mount.Secrets} {mount.Folders}"));
        Assert.All(mounts, mount => Assert.Equal(mount.KvVersion is null, mount.Secrets is null));
    }

    [Fact]
    public async Task What_a_token_may_not_list_is_missing_from_the_count_and_said()
    {
        await using DevVaultServer server = await StartAsync(VaultFlavour.Vault);
        server.WritePolicy("narrow", """
            path "kv/metadata/*" { capabilities = ["list"] }
            path "kv/metadata/team3/*" { capabilities = ["deny"] }
            path "kv/metadata/team3/" { capabilities = ["deny"] }
            """);
        await using VaultBackend backend = await ConnectAsync(server, server.CreateToken(["narrow"]));
        VaultMount mount = Assert.Single(await MountsAsync(backend, options => options with { IsWanted = name => name == "kv", Count = true }));
        Assert.Equal((Secrets - Secrets / Folders, Folders, 1L), (mount.Secrets, mount.Folders, mount.Unreadable));
        Assert.Equal((ReportedKind.PermissionDenied, "vault://prod@kv"), (((IFaultRow)mount).Fault!.Kind, ((IFaultRow)mount).Fault!.Target));
        Assert.StartsWith("Not all of 'vault://prod@kv' was counted: 1 item could not be read", mount.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mount_that_no_listing_has_is_asked_for_by_its_name()
    {
        await using DevVaultServer server = await StartAsync(VaultFlavour.OpenBao);
        server.CreateNamespace("ns");
        server.Mount("inner", 2, "ns");
        server.WritePolicy("narrow", """path "kv/data/only" { capabilities = ["read"] }""");
        await using VaultBackend backend = await ConnectAsync(server);
        VaultMount inner = Assert.Single(await MountsAsync(backend, options => options with { IsWanted = _ => false, Names = ["ns/inner"] }));
        Assert.Equal(("vault://prod@ns/inner", 2), (inner.Uri, inner.KvVersion));

        await using VaultBackend narrow = await ConnectAsync(server, server.CreateToken(["narrow"]));
        server.Faults.Add(new Fault { Kind = Hit.Status, Status = 403, Body = """{"errors":["permission denied"]}""", Path = "sys/internal/ui/mounts", Times = null });
        List<VaultMount> mounts = await MountsAsync(narrow, options => options with { IsWanted = _ => false, Names = ["kv", "nosuch", "auth/token"] });
        Assert.Equal(["auth/token ", "kv kv", "nosuch "], mounts.Select(mount => $"{mount.Mount} {mount.Type}"));
        Assert.Equal([ReportedKind.MountNotFound, null, ReportedKind.MountNotFound], mounts.Select(mount => ((IFaultRow)mount).Fault?.Kind));
    }

    [Fact]
    public async Task A_mount_tells_its_tuning_as_the_server_does()
    {
        await using DevVaultServer server = await StartAsync(VaultFlavour.Vault);
        await using VaultBackend backend = await ConnectAsync(server);
        VaultMount mount = Assert.Single(await MountsAsync(backend, options => options with { IsWanted = name => name == "kv" }));
        Assert.Equal("0", mount.Config["max_lease_ttl"]);
        Assert.Equal("false", mount.Config["force_no_cache"]);
        Assert.Equal((false, false), (mount.IsLocal, mount.HasSealWrap));
        Assert.Null(mount.Secrets);
    }

    [Theory]
    [InlineData(false, false, 1, Secrets, 0)]
    [InlineData(true, false, 0, 0, 0)]
    [InlineData(false, true, 1, Secrets, Secrets)]
    public async Task A_measurement_reads_what_its_figures_need(bool namesOnly, bool sizes, int config, int metadata, int reads)
    {
        await using DevVaultServer server = await StartAsync(VaultFlavour.Vault);
        await using VaultBackend backend = await ConnectAsync(server);
        await MeasureAsync(backend, options => options with { NamesOnly = true });
        server.Requests.Reset();
        SubtreeMeasure row = Assert.Single(await MeasureAsync(backend, options => options with { NamesOnly = namesOnly, IncludeSize = sizes }));
        Assert.Equal((Secrets, Folders, true), (row.Secrets, row.Folders, row.IsComplete));
        Assert.Equal(
            (Folders + 1, metadata, reads + config, config),
            ((int)server.Requests.Count(RequestKind.List), (int)server.Requests.Count(RequestKind.Metadata), (int)server.Requests.Count(RequestKind.Read), server.Requests.Count("GET", "kv/config")));
        Assert.Equal(Folders + 1 + metadata + reads + config, server.Requests.Total);
        Assert.Empty(server.Requests.Writes);
    }

    [Fact]
    public async Task Due_deletions_and_the_versions_that_a_mount_keeps_are_the_servers()
    {
        await using DevVaultServer server = await StartAsync(VaultFlavour.Vault);
        server.Configure("kv", maxVersions: 5, deleteVersionAfter: TimeSpan.FromHours(2));
        for (int i = 0; i < 4; i++)
        {
            server.Put("kv", "team0/s 000", """{"k":"canary"}""");
        }

        server.Delete("kv", "team0/s 006");
        await using VaultBackend backend = await ConnectAsync(server);
        SubtreeMeasure row = Assert.Single(await MeasureAsync(backend));
        Assert.Equal((1L, 1L, 1L, Secrets - 1L), (row.NearMaxVersions, row.DeleteAfterDue, row.DeletedLatest, row.NeverUpdated));
        Assert.Equal(_time.GetUtcNow().AddHours(2), row.NextDeletion!.Value, TimeSpan.FromSeconds(5));
        _time.Advance(TimeSpan.FromHours(3));
        row = Assert.Single(await MeasureAsync(backend));
        Assert.Equal((0L, 2L), (row.DeleteAfterDue, row.DeletedLatest));
    }

    [Fact]
    public async Task Settings_that_may_not_be_read_are_warned_of_and_the_rest_is_counted()
    {
        await using DevVaultServer server = await StartAsync(VaultFlavour.Vault);
        server.Faults.Add(new Fault { Kind = Hit.Status, Status = 403, Body = """{"errors":["permission denied"]}""", Path = "kv/config", Times = null });
        await using VaultBackend backend = await ConnectAsync(server);
        Assert.True(Assert.Single(await MeasureAsync(backend)).IsComplete);
        Assert.Contains("the server's default of 10", Assert.Single(_reporter.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(VaultFlavour.Vault, Folders + 1, 0)]
    [InlineData(VaultFlavour.OpenBao, 0, 1)]
    public async Task A_search_by_path_costs_its_listings_alone(VaultFlavour flavour, int lists, int scans)
    {
        await using DevVaultServer server = await StartAsync(flavour);
        await using VaultBackend backend = await ConnectAsync(server);
        await FindAsync(backend, options => options with { Match = "x" });
        server.Requests.Reset();
        Assert.Equal(10, (await FindAsync(backend, options => options with { Match = "^team3/" })).Count);
        Assert.Equal(lists + scans, server.Requests.Total);
    }

    [Fact]
    public async Task A_search_by_key_reads_no_value_where_the_server_tells_keys()
    {
        await using DevVaultServer server = await StartAsync(VaultFlavour.OpenBao);
        await using VaultBackend backend = await ConnectAsync(server);
        server.Requests.Reset();
        Assert.Equal(Secrets, (await FindAsync(backend, options => options with { KeyName = ["pass*"] })).Count);
        Assert.DoesNotContain(server.Requests.All, request => request.Path.Contains("/data/", StringComparison.Ordinal));
        Assert.Equal(Secrets, server.Requests.All.Count(request => request.Path.Contains("/subkeys/", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_search_by_value_reads_each_secret_once_and_shows_no_value()
    {
        await using DevVaultServer server = await StartAsync(VaultFlavour.Vault);
        await using VaultBackend backend = await ConnectAsync(server);
        await FindAsync(backend, options => options with { Match = "x" });
        server.Requests.Reset();
        List<FoundSecret> rows = await FindAsync(backend, options => options with { Value = SealedValue.FromText("canary-17") });
        Assert.Equal("vault://prod@kv/team5/s 017", Assert.Single(rows).Uri);
        Assert.Equal((Folders + 1, Secrets), ((int)server.Requests.Count(RequestKind.List), (int)server.Requests.Count(RequestKind.Read)));
        Assert.Equal(Folders + 1 + Secrets, server.Requests.Total);
        Assert.DoesNotContain("canary", JsonSerializer.Serialize(rows) + string.Concat(_reporter.Messages.Concat(_reporter.Summaries).Concat(_reporter.Warnings)), StringComparison.Ordinal);
    }

    private async Task<DevVaultServer> StartAsync(VaultFlavour flavour)
    {
        DevVaultServer server = await DevVaultServer.StartAsync(new DevVaultOptions { Flavour = flavour, Time = _time });
        server.Mount("kv");
        for (int i = 0; i < Secrets; i++)
        {
            server.Put("kv", $"team{i % Folders}/s {i:000}", $$"""{"password":"canary-{{i}}"}""");
        }

        return server;
    }

    private Task<VaultBackend> ConnectAsync(DevVaultServer server, string? token = null) => VaultBackend.ConnectAsync(
        new ConnectOptions { Name = "prod", Address = server.Address.ToString(), Auth = new TokenAuth(Connection.Secure(token ?? server.RootToken)) },
        _reporter, _time, CancellationToken.None);

    private async Task<List<VaultMount>> MountsAsync(VaultBackend backend, Func<MountInventoryOptions, MountInventoryOptions> change) =>
        await ListAsync(new MountInventory(change(new() { Backend = backend, Time = _time }), _reporter).RunAsync(default));

    private async Task<List<SubtreeMeasure>> MeasureAsync(VaultBackend backend, Func<MeasureOptions, MeasureOptions>? change = null)
    {
        var options = new MeasureOptions { Stores = new BackendRegistry().With(backend), Time = _time };
        return await ListAsync(new SubtreeMeasurement(change?.Invoke(options) ?? options, _reporter).RunAsync(new[] { new TreeItem("vault://kv") }.ToAsync(), default));
    }

    private async Task<List<FoundSecret>> FindAsync(VaultBackend backend, Func<FindOptions, FindOptions> change) => await ListAsync(
        new SecretSearch(change(new() { Stores = new BackendRegistry().With(backend), Time = _time }), _reporter).RunAsync(new[] { new TreeItem("vault://kv") }.ToAsync(), default));

    private static async Task<List<T>> ListAsync<T>(IAsyncEnumerable<T> rows)
    {
        var list = new List<T>();
        await foreach (T row in rows)
        {
            list.Add(row);
        }

        return list;
    }
}
