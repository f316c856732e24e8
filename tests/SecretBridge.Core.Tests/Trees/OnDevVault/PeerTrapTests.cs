using SecretBridge.DevVault;
using SecretBridge.Stores;
using SecretBridge.Tests.Wire;
using SecretBridge.Trees;
using SecretBridge.Wire;
using Xunit;

namespace SecretBridge.Tests.Trees.OnDevVault;

/// <summary>Mistakes that are easily made where trees are copied, and that other tools have made; docs/comparison.md lists them.
/// This part: paths, maps, mounts and namespaces.</summary>
public partial class PeerTrapTests
{
    [Theory]
    [InlineData("new/kv", "kv/kvstore/x")]
    [InlineData("new/kvs", "kvs/kvstore/x")]
    [InlineData("new", "kvstore/x")]
    public async Task A_name_that_begins_like_its_destination_still_lands_below_it(string destination, string path)
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.Vault);
        bench.Put("old", "kvstore/x", "1");
        Assert.Equal($"vault://prod@new/{path}", (await bench.CopyOneAsync(to: destination)).Destination);
        Assert.Equal(path, Assert.Single(bench.Server.Secrets("new")).Path);
    }

    [Fact]
    public async Task A_name_that_holds_the_sources_name_again_loses_only_the_root()
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.Vault);
        bench.Put("old", "app/app/old/app/x", "1");
        bench.Put("old", "app/x/app", "2");
        await bench.CopyAsync(from: "old/app", to: "new/app");
        Assert.Equal(["app/app/old/app/x", "app/x/app"], bench.Server.Secrets("new").Select(secret => secret.Path));

        await bench.CopyAsync(options => options with { Map = [new("app/**", "web/**")] }, "old/app", "new/mapped");
        Assert.Equal("1=1", bench.History("new", "mapped/web/old/app/x"));
    }

    [Theory]
    [InlineData(VaultFlavour.Vault)]
    [InlineData(VaultFlavour.OpenBao)]
    public async Task Characters_that_mean_something_in_a_URL_are_part_of_a_name(VaultFlavour flavour)
    {
        await using CopyBench bench = await CopyBench.StartAsync(flavour);
        string[] paths = ["%2F", "100%", "a b", "a b/c#d/e?f=g", "a#b", "a%20b", "a&b=c", "a+b", "a?version=1", "x@y", "[w]*"];
        foreach (string path in paths)
        {
            bench.Put("old", path, path);
        }

        await bench.CopyAsync(options => options with { Verify = true });
        Assert.Equal((paths.Length, paths.Length, 0), (bench.Summary.Created, bench.Summary.Verified, bench.Summary.Failed));
        Assert.All(paths, path => Assert.Equal($"1={path}", bench.History("new", path)));
        Assert.True((await bench.CompareAsync()).IsClean);
        foreach (SecretEntry row in await bench.WalkAsync())
        {
            Assert.Contains((await bench.Backend.OpenAsync(SecretReference.Parse(row.Uri), CancellationToken.None)).Path.Value, paths);
        }
    }

    [Fact]
    public async Task A_mount_with_slashes_in_its_name_is_found_by_its_longest_name()
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.Vault);
        bench.Server.Mount("team/a/kv");
        bench.Server.Mount("team/b/kv", 1);
        bench.Put("team/a/kv", "kv/x", "1");
        await bench.CopyAsync(from: "team/a/kv", to: "team/b/kv/team");
        await bench.CopyAsync(from: "team/b/kv/team/kv", to: "new");
        Assert.Equal("""{"k":"1"}""", bench.Server.Read("team/b/kv", "team/kv/x"));
        Assert.Equal("1=1", bench.History("new", "x"));
    }

    [Fact]
    public async Task A_destination_that_differs_in_its_namespace_alone_is_another_place()
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.OpenBao);
        bench.Server.CreateNamespace("team");
        bench.Server.Mount("old", 2, "team");
        bench.Put("old", "x", "1");
        await using VaultBackend team = await VaultBackend.ConnectAsync(
            new ConnectOptions
            {
                Name = "team",
                Address = bench.Server.Address.ToString(),
                Namespace = "team",
                Auth = new TokenAuth(Connection.Secure(bench.Server.RootToken)),
            },
            bench.Reporter, bench.Time, CancellationToken.None);
        var stores = new BackendRegistry();
        stores.Add(bench.Backend);
        stores.Add(team);
        CopyResult row = await bench.CopyOneAsync(options => options with { SourceStores = stores, DestinationStores = stores, DestinationUri = "vault://team@old" }, "prod@old");
        Assert.Equal(CopyAction.Created, row.Action);
        Assert.Equal("1=1", bench.History("team/old", "x"));
        Assert.Equal("team", Assert.Single(bench.Server.Requests.Writes).Namespace.Trim('/'));
    }

    [Fact]
    public async Task A_mirror_deletes_where_its_map_leads_and_nowhere_else()
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.Vault);
        bench.Put("old", "apps/a", "1");
        bench.Put("old", "prod/gone", "1");
        bench.Put("new", "prod/gone", "1");
        bench.Put("new", "apps/gone", "1");
        List<CopyResult> rows = await bench.CopyAsync(options => options with { Map = [new("apps/**", "prod/**")], Mirror = true, MaxDelete = 5 });
        Assert.Equal("vault://prod@new/prod/gone", Assert.Single(rows, row => row.Action == CopyAction.Deleted).Destination);
        Assert.Equal(("1=1", "1=deleted", "1=1"), (bench.History("new", "prod/a"), bench.History("new", "prod/gone"), bench.History("new", "apps/gone")));
        Assert.Equal("1=1", bench.History("old", "prod/gone"));
        Assert.DoesNotContain(bench.Server.Requests.Writes, request => request.Path.StartsWith("old/", StringComparison.Ordinal));
    }
}
