using System.Text;
using SecretBridge.DevVault;
using SecretBridge.Stores;
using SecretBridge.Tests.Clocks;
using SecretBridge.Tests.Reporting;
using SecretBridge.Tests.Wire;
using SecretBridge.Wire;
using Xunit;
using BridgeException = SecretBridge.Reporting.BridgeException;
using FaultKind = SecretBridge.Reporting.FaultKind;
using Hit = SecretBridge.DevVault.FaultKind;

namespace SecretBridge.Tests.Stores.OnDevVault;

/// <summary>What is particular to KV mounts: pages, SCAN, lost replies, versions, limits.</summary>
public class KvStoreTests
{
    private readonly ManualTime _time = new();

    private static SecretPath Path => SecretPath.Parse("app/db");

    [Theory]
    [InlineData(Hit.ResetAfterCommit)]
    [InlineData(Hit.Truncate)]
    public async Task A_lost_reply_to_a_write_makes_one_version(Hit kind)
    {
        await using DevVaultServer server = await StartAsync(VaultFlavour.Vault);
        await using VaultBackend backend = await ConnectAsync(server);
        server.Faults.Add(new Fault { Kind = kind, Method = "POST", Path = "secret/data/**" });
        WriteReceipt receipt = await WriteAsync(await OpenAsync(backend), """{"k":"v"}""", 0);
        Assert.Equal(1, receipt.Version);
        Assert.Single(server.Secret("secret", "app/db")!.Versions);
    }

    [Fact]
    public async Task A_hundred_writes_over_a_failing_connection_each_make_one_version()
    {
        await using DevVaultServer server = await StartAsync(VaultFlavour.OpenBao);
        await using VaultBackend backend = await ConnectAsync(server);
        ISecretStore store = (await OpenAsync(backend)).Store;
        foreach (Hit kind in new[] { Hit.ResetAfterCommit, Hit.ResetBeforeHeaders, Hit.Status })
        {
            server.Faults.Add(new Fault { Kind = kind, Path = "secret/data/**", Times = null, Probability = 0.1 });
        }

        await Parallel.ForAsync(0, 100, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
        {
            WriteReceipt receipt = await WriteAsync(new StoreLocation(store, SecretPath.Parse($"x/{i}")), $$"""{"k":{{i}}}""", 0);
            Assert.Equal(1, receipt.Version);
        });
        Assert.Equal(100, server.Secrets("secret").Count);
        Assert.All(server.Secrets("secret"), secret => Assert.Single(secret.Versions));
    }

    [Theory]
    [InlineData(VaultFlavour.Vault, 1)]
    [InlineData(VaultFlavour.OpenBao, 1)]
    public async Task A_folder_is_one_request(VaultFlavour flavour, int requests)
    {
        await using DevVaultServer server = await StartAsync(flavour);
        await using VaultBackend backend = await ConnectAsync(server);
        StoreLocation location = await OpenAsync(backend);
        server.Put("secret", "a/1", "{}");
        server.Requests.Reset();
        Assert.Single((await location.Store.ListAsync(SecretPath.Parse("a"), CancellationToken.None)).Names);
        Assert.Equal(requests, server.Requests.Total);
    }

    [Theory]
    [InlineData(VaultFlavour.OpenBao)]
    [InlineData(VaultFlavour.Vault)]
    public async Task A_folder_larger_than_a_page_is_listed_whole(VaultFlavour flavour)
    {
        // Where the version is unknown, pages are asked for of a server that does not know them.
        await using DevVaultServer server = await DevVaultServer.StartAsync(new DevVaultOptions { Flavour = flavour, Version = "9.0.0" });
        await using VaultBackend backend = await ConnectAsync(server);
        for (int i = 0; i < (2 * KvV2Store.PageSize) + 3; i++)
        {
            server.Put("secret", $"big/s{i:D6}", "{}");
        }

        StoreLocation location = await OpenAsync(backend);
        FolderListing listing = await location.Store.ListAsync(SecretPath.Parse("big"), CancellationToken.None);
        Assert.Equal((2 * KvV2Store.PageSize) + 3, listing.Names.Select(name => name.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(listing.Names.Count, listing.Names.Distinct().Count());
    }

    [Fact]
    public async Task A_full_page_from_a_server_that_ignores_pages_ends_the_list()
    {
        await using DevVaultServer server = await DevVaultServer.StartAsync(new DevVaultOptions { Flavour = VaultFlavour.Vault, Version = "9.0.0" });
        await using VaultBackend backend = await ConnectAsync(server);
        for (int i = 0; i < KvV2Store.PageSize; i++)
        {
            server.Put("secret", $"big/s{i:D6}", "{}");
        }

        Assert.Equal(KvV2Store.PageSize, (await (await OpenAsync(backend)).Store.ListAsync(SecretPath.Parse("big"), CancellationToken.None)).Names.Count);
    }

    [Fact]
    public async Task OpenBao_scans_a_tree_in_one_request_and_Vault_is_not_asked()
    {
        foreach (VaultFlavour flavour in new[] { VaultFlavour.OpenBao, VaultFlavour.Vault })
        {
            await using DevVaultServer server = await StartAsync(flavour);
            await using VaultBackend backend = await ConnectAsync(server);
            server.Put("secret", "a/x", "{}");
            server.Put("secret", "a/b/y z", "{}");
            StoreLocation location = await OpenAsync(backend);
            server.Requests.Reset();
            IReadOnlyList<SecretPath>? paths = await location.Store.TryScanAsync(SecretPath.Parse("a"), CancellationToken.None);
            Assert.Equal(flavour == VaultFlavour.OpenBao ? ["b/y z", "x"] : null, paths?.Select(path => path.Value).Order());
            Assert.Equal(flavour == VaultFlavour.OpenBao ? 1 : 0, server.Requests.Total);
        }
    }

    [Theory]
    [InlineData(403)]
    [InlineData(405)]
    [InlineData(500)]
    public async Task A_scan_that_is_refused_falls_back_without_a_second_try(int status)
    {
        await using DevVaultServer server = await StartAsync(VaultFlavour.OpenBao);
        await using VaultBackend backend = await ConnectAsync(server);
        StoreLocation location = await OpenAsync(backend);
        Fault fault = server.Faults.Add(new Fault { Kind = Hit.Status, Status = status, Body = """{"errors":["no"]}""", Path = "secret/metadata/**", Times = null });
        Assert.Null(await location.Store.TryScanAsync(SecretPath.Root, CancellationToken.None));
        Assert.Equal(1, fault.Struck);
    }

    [Fact]
    public async Task Deleted_destroyed_and_due_for_deletion_are_told_apart()
    {
        await using DevVaultServer server = await StartAsync(VaultFlavour.OpenBao);
        await using VaultBackend backend = await ConnectAsync(server);
        StoreLocation location = await OpenAsync(backend);
        server.Put("secret", "app/db", """{"k":1}""");
        server.Put("secret", "app/db", """{"k":2}""");
        server.Delete("secret", "app/db");
        _time.Advance(TimeSpan.FromSeconds(1));
        SecretReading deleted = await ReadAsync(location);
        Assert.Equal((SecretState.Deleted, 2, 2), (deleted.State, deleted.Version, deleted.CheckAndSet));
        Assert.Equal(SecretState.Live, (await location.Store.ReadAsync(location.Path, 1, CancellationToken.None)).State);
        server.Destroy("secret", "app/db", 2);
        Assert.Equal(SecretState.Destroyed, (await ReadAsync(location)).State);
        Assert.Equal(SecretState.Absent, (await location.Store.ReadAsync(location.Path, 9, CancellationToken.None)).State);
        server.Configure("secret", deleteVersionAfter: TimeSpan.FromHours(1));
        Assert.Equal(3, (await WriteAsync(location, """{"k":3}""", 2)).Version);
        Assert.Equal(SecretState.Live, (await ReadAsync(location)).State);
        _time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(SecretState.Deleted, (await ReadAsync(location)).State);
    }

    [Fact]
    public async Task A_mount_in_the_middle_of_its_upgrade_is_waited_for()
    {
        await using DevVaultServer server = await StartAsync(VaultFlavour.Vault);
        await using VaultBackend backend = await ConnectAsync(server);
        StoreLocation location = await OpenAsync(backend);
        server.BeginUpgrade("secret", 3);
        Assert.Equal(1, (await WriteAsync(location, """{"k":"v"}""", 0)).Version);
    }

    [Fact]
    public async Task A_wrong_version_makes_the_mount_be_asked_for_again()
    {
        await using DevVaultServer server = await StartAsync(VaultFlavour.Vault);
        await using VaultBackend backend = await ConnectAsync(server);
        StoreLocation location = await OpenAsync(backend);
        server.Faults.Add(new Fault { Kind = Hit.Status, Status = 404, Path = "secret/data/**", Body = """{"data":null,"warnings":["Invalid path for a versioned K/V secrets engine."]}""" });
        Assert.Equal(FaultKind.WrongKvVersion, (await Assert.ThrowsAsync<VaultException>(() => ReadAsync(location))).Kind);
        long before = server.Requests.Count(RequestKind.Preflight);
        await OpenAsync(backend);
        Assert.Equal(before + 1, server.Requests.Count(RequestKind.Preflight));
        await OpenAsync(backend);
        Assert.Equal(before + 1, server.Requests.Count(RequestKind.Preflight));
    }

    [Fact]
    public async Task What_a_server_cannot_hold_is_known_before_any_write()
    {
        string many = "{" + string.Join(',', Enumerable.Range(0, 600).Select(i => $"\"k{i}\":\"v\"")) + "}";
        foreach ((VaultFlavour flavour, string name, string json, bool holds) in new[]
        {
            (VaultFlavour.Vault, "a..b", "{}", false), (VaultFlavour.OpenBao, "a..b", "{}", true),
            (VaultFlavour.Vault, "a", many, true), (VaultFlavour.OpenBao, "a", many, false),
        })
        {
            await using DevVaultServer server = await StartAsync(flavour);
            await using VaultBackend backend = await ConnectAsync(server);
            ISecretStore store = (await OpenAsync(backend)).Store;
            Assert.Equal(holds, store.WhyNotHold(SecretPath.Parse(name), JsonText.Payload(json)) is null);
        }
    }

    [Fact]
    public async Task Version_1_has_no_check_and_set_no_versions_and_no_empty_secret()
    {
        await using DevVaultServer server = await StartAsync(VaultFlavour.Vault);
        server.Mount("kv1", 1);
        await using VaultBackend backend = await ConnectAsync(server);
        StoreLocation location = await backend.OpenAsync(SecretReference.Parse("vault://kv1/app/db"), CancellationToken.None);
        Assert.Equal(StoreCapabilities.List | StoreCapabilities.Remove, location.Store.Capabilities);
        Assert.Equal(FaultKind.NotSupported, (await Assert.ThrowsAsync<BridgeException>(() => WriteAsync(location, """{"k":1}""", 0))).Kind);
        Assert.Equal(FaultKind.NotSupported, (await Assert.ThrowsAsync<BridgeException>(() => location.Store.ReadAsync(location.Path, 1, CancellationToken.None).AsTask())).Kind);
        Assert.Equal(FaultKind.DestinationCannotHold, (await Assert.ThrowsAsync<BridgeException>(() => WriteAsync(location, "{}", null))).Kind);
        Assert.NotNull(location.Store.WhyNotHold(location.Path, JsonText.Payload("{}")));
        await WriteAsync(location, """{"n":12345678901234567890,"f":1.0}""", null);
        Assert.Equal("""{"f":1.0,"n":12345678901234567890}""", Encoding.UTF8.GetString((await ReadAsync(location)).Payload!.Json.Span));
    }

    [Theory]
    [InlineData("x/y", "x%2Fy")]
    [InlineData("%2f", "%252f")]
    [InlineData("trailing ", "trailing%20")]
    [InlineData("Ünïcode", null)]
    public async Task A_name_reaches_the_server_as_it_is(string name, string? other)
    {
        await using DevVaultServer server = await StartAsync(VaultFlavour.OpenBao);
        await using VaultBackend backend = await ConnectAsync(server);
        ISecretStore store = (await OpenAsync(backend)).Store;
        await WriteAsync(new StoreLocation(store, SecretPath.Parse(name)), """{"k":1}""", 0);
        Assert.Equal(name, Assert.Single(server.Secrets("secret")).Path);
        Assert.True(other is null || (await store.ReadAsync(SecretPath.Parse(other), null, CancellationToken.None)).State == SecretState.Absent);
    }

    [Theory]
    [InlineData(204, "")]
    [InlineData(200, """{"data":{"ok":true}}""")]
    public async Task A_write_that_is_answered_without_a_version_is_no_success(int status, string body)
    {
        await using DevVaultServer server = await StartAsync(VaultFlavour.Vault);
        await using VaultBackend backend = await ConnectAsync(server);
        StoreLocation location = await OpenAsync(backend);
        server.Faults.Add(new Fault { Kind = Hit.Status, Status = status, Body = body, Method = "POST", Path = "secret/data/**", Times = null });
        var exception = await Assert.ThrowsAnyAsync<BridgeException>(() => WriteAsync(location, """{"k":"canary-4711"}""", 0));
        Assert.Equal(FaultKind.OutcomeUnknown, exception.Kind);
        Assert.DoesNotContain("canary", exception.ToString(), StringComparison.Ordinal);
    }

    private static Task<SecretReading> ReadAsync(StoreLocation location) => location.Store.ReadAsync(location.Path, null, CancellationToken.None).AsTask();

    private static async Task<WriteReceipt> WriteAsync(StoreLocation location, string json, int? checkAndSet)
    {
        await using IWriteSession session = await location.Store.OpenWriteSessionAsync(CancellationToken.None);
        return await session.WriteAsync(location.Path, JsonText.Payload(json), checkAndSet, CancellationToken.None);
    }

    private static ValueTask<StoreLocation> OpenAsync(VaultBackend backend) =>
        backend.OpenAsync(SecretReference.Create("vault", null, SecretPath.Parse("secret").Append(Path)), CancellationToken.None);

    private Task<DevVaultServer> StartAsync(VaultFlavour flavour) => DevVaultServer.StartAsync(new DevVaultOptions { Flavour = flavour, Time = _time });

    private Task<VaultBackend> ConnectAsync(DevVaultServer server) => VaultBackend.ConnectAsync(
        new ConnectOptions
        {
            Name = "prod",
            Address = server.Address.ToString(),
            Auth = new TokenAuth(Connection.Secure(server.RootToken)),
            MaxRetries = 8,

            // Waits of others move the clock while a request is under way.
            RequestTimeout = TimeSpan.FromMinutes(30),
            Deadline = TimeSpan.FromHours(1),
        },
        new RecordingReporter(), _time, CancellationToken.None);
}
