using SecretBridge.Stores;
using SecretBridge.Tests.Reporting;
using SecretBridge.Trees;
using Xunit;

namespace SecretBridge.Tests.Trees;

/// <summary>What a run keeps does not grow with the tree. Live memory after a forced collection is what is counted, alone in the process.</summary>
[Collection(Name)]
public class MemoryTests(Xunit.Abstractions.ITestOutputHelper output)
{
    public const string Name = "memory";
    private const int PerFolder = 50;
    private const int Few = 200;
    private const double MiB = 1 << 20;

    [Fact]
    public async Task A_walk_of_ten_times_as_many_secrets_keeps_no_more() =>
        AssertFlat(await WalkAsync(Few, PerFolder), await WalkAsync(10 * Few, PerFolder));

    [Fact]
    public async Task A_comparison_of_ten_times_as_many_secrets_keeps_no_more() =>
        AssertFlat(await CompareAsync(Few, PerFolder), await CompareAsync(10 * Few, PerFolder));

    [Fact]
    public async Task A_copy_of_ten_times_as_many_secrets_keeps_no_more() =>
        AssertFlat(await CopyAsync(Few, PerFolder, []), await CopyAsync(10 * Few, PerFolder, []));

    [Fact]
    public async Task One_folder_of_a_hundred_thousand_names_is_kept_as_names_alone()
    {
        double peak = await CompareAsync(1, 100_000);
        Assert.True(peak < 48, $"{peak:0.0} MiB");
    }

    [Fact]
    public async Task A_map_that_needs_all_names_keeps_their_digests_alone_in_memory()
    {
        int names = 4 * Few * PerFolder;
        double peak = await CopyAsync(4 * Few, PerFolder, [new("*/application-*-database", "db/*/*"), new("**", "**")], options => options with { SpillAfter = 1000 });
        output.WriteLine($"{peak * MiB / names:0} bytes a name");
        Assert.True(peak * MiB / names < 150, $"{peak * MiB / names:0} bytes a name");
    }

    private void AssertFlat(double few, double many)
    {
        output.WriteLine($"{few:0.0} MiB, {many:0.0} MiB");

        // Names of folders are kept while their parent is walked. Of each secret not so much as its name may be: that alone takes more.
        double each = (many - few) * MiB / (9 * Few * PerFolder);
        Assert.True(many < 16 && each < 64, $"{few:0.0} MiB for {Few * PerFolder} secrets, {many:0.0} MiB for {10 * Few * PerFolder}: {each:0} bytes a secret more");
    }

    private static async Task<double> WalkAsync(int folders, int perFolder)
    {
        var peak = new Peak();
        var store = new SyntheticStore("left", folders, perFolder);
        var walk = new SubtreeWalk(new() { Stores = new StoreSet(store) }, new SilentReporter());
        long rows = 0;
        await foreach (SecretEntry _ in walk.RunAsync(new[] { new TreeItem("vault://left") }.ToAsync(), CancellationToken.None))
        {
            rows++;
            peak.Look();
        }

        Assert.Equal(store.Count, rows);
        return peak.MiB;
    }

    private static async Task<double> CompareAsync(int folders, int perFolder)
    {
        var peak = new Peak();
        var left = new SyntheticStore("left", folders, perFolder) { OnRead = peak.Look };
        var stores = new StoreSet(left, new SyntheticStore("right", folders, perFolder));
        var comparison = new TreeComparison(
            new() { ReferenceStores = stores, DifferenceStores = stores, ReferenceUri = "vault://left", DifferenceUri = "vault://right" }, new SilentReporter());
        await foreach (TreeDifference row in comparison.RunAsync(CancellationToken.None))
        {
            Assert.Fail(row.Uri);
        }

        Assert.Equal(left.Count, comparison.Summary.Equal);
        return peak.MiB;
    }

    private static async Task<double> CopyAsync(int folders, int perFolder, IReadOnlyList<MapRule> map, Func<CopyOptions, CopyOptions>? change = null)
    {
        var peak = new Peak();
        var left = new SyntheticStore("left", folders, perFolder) { OnRead = peak.Look };
        var stores = new StoreSet(left, new InMemoryStore("right"));
        var options = new CopyOptions { SourceStores = stores, DestinationStores = stores, DestinationUri = "vault://right", Map = map, PlanOnly = true };
        var copy = new SubtreeCopy(change?.Invoke(options) ?? options, new SilentReporter());
        await foreach (CopyResult _ in copy.RunAsync(new[] { new TreeItem("vault://left") }.ToAsync(), CancellationToken.None))
        {
        }

        Assert.Equal(left.Count, copy.Summary.Created);
        return peak.MiB;
    }

    /// <summary>The most that was alive beyond what was at the beginning.</summary>
    private sealed class Peak
    {
        private const int Every = 5000;

        private readonly long _before = GC.GetTotalMemory(forceFullCollection: true);
        private long _most;
        private int _seen;

        internal double MiB => Math.Max(0, _most - _before) / MemoryTests.MiB;

        internal void Look()
        {
            if (Interlocked.Increment(ref _seen) % Every == 1)
            {
                lock (this)
                {
                    _most = Math.Max(_most, GC.GetTotalMemory(forceFullCollection: true));
                }
            }
        }
    }
}
