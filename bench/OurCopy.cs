using System.Net;
using System.Text;
using SecretBridge.Inventory;
using SecretBridge.Stores;
using SecretBridge.Trees;
using SecretBridge.Wire;

namespace SecretBridge.Bench;

/// <summary>Our side: seeding, copying, comparing and counting over the same operations as the cmdlets.</summary>
internal static class OurCopy
{
    public static async Task<VaultBackend> ConnectAsync(string address, string token) => await VaultBackend.ConnectAsync(
        new ConnectOptions { Name = "bench", Address = address, Auth = new TokenAuth(new NetworkCredential("", token).SecurePassword), Tls = Loopback.Tls },
        new Silence(), TimeProvider.System, CancellationToken.None);

    public static async Task SeedAsync(string address, string token, string mount, BenchOptions options)
    {
        await using VaultBackend backend = await ConnectAsync(address, token);
        StoreLocation target = await Resolver(backend).ResolveAsync(SecretReference.Parse($"vault://{mount}"), CancellationToken.None);
        await using IWriteSession session = await target.Store.OpenWriteSessionAsync(CancellationToken.None);
        await Parallel.ForAsync(0, options.Secrets, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, stop) =>
        {
            var path = SecretPath.Parse($"tree/folder{i % options.Folders:0000}/secret{i:00000}");
            await session.WriteAsync(path, SecretPayload.Parse(Encoding.UTF8.GetBytes(Payload(i)), path.Value), null, stop);
        });
    }

    public static async Task<CopySummary> CopyAsync(string address, string token, string source, string target, int? throttle, bool verify = false)
    {
        await using VaultBackend backend = await ConnectAsync(address, token);
        var copy = new SubtreeCopy(
            new CopyOptions
            {
                SourceStores = Resolver(backend),
                DestinationStores = Resolver(backend),
                DestinationUri = $"vault://{target}",
                ThrottleLimit = throttle,
                Verify = verify,
            },
            new Silence());
        await foreach (CopyResult row in copy.RunAsync(new[] { new TreeItem($"vault://{source}") }.ToAsync(), CancellationToken.None))
        {
            _ = row;
        }

        return copy.Summary;
    }

    public static async Task<ComparisonSummary> CompareAsync(string address, string token, string left, string right, int? throttle = null)
    {
        await using VaultBackend backend = await ConnectAsync(address, token);
        var comparison = new TreeComparison(
            new CompareOptions
            {
                ReferenceStores = Resolver(backend),
                DifferenceStores = Resolver(backend),
                ReferenceUri = $"vault://{left}",
                DifferenceUri = $"vault://{right}",
                ThrottleLimit = throttle,
            },
            new Silence());
        await foreach (TreeDifference row in comparison.RunAsync(CancellationToken.None))
        {
            _ = row;
        }

        return comparison.Summary;
    }

    /// <summary>Walks a mount, and counts.</summary>
    public static async Task<long> WalkAsync(string address, string token, string mount)
    {
        await using VaultBackend backend = await ConnectAsync(address, token);
        var walk = new SubtreeWalk(new WalkOptions { Stores = Resolver(backend) }, new Silence());
        long count = 0;
        await foreach (SecretEntry entry in walk.RunAsync(new[] { new TreeItem($"vault://{mount}") }.ToAsync(), CancellationToken.None))
        {
            count += entry.Reason is null ? 1 : throw new InvalidOperationException(entry.Reason);
        }

        return count;
    }

    /// <summary>Counts a mount, with a read of metadata a secret.</summary>
    public static async Task<long> MeasureAsync(string address, string token, string mount)
    {
        await using VaultBackend backend = await ConnectAsync(address, token);
        var measurement = new SubtreeMeasurement(new MeasureOptions { Stores = Resolver(backend) }, new Silence());
        long count = 0;
        await foreach (SubtreeMeasure row in measurement.RunAsync(new[] { new TreeItem($"vault://{mount}") }.ToAsync(), CancellationToken.None))
        {
            count += row.Unreadable == 0 ? row.Secrets : throw new InvalidOperationException($"{row.Unreadable} secrets could not be read.");
        }

        return count;
    }

    private static BackendRegistry Resolver(VaultBackend backend)
    {
        var registry = new BackendRegistry();
        registry.Add(backend);
        return registry;
    }

    // About 600 bytes with nested values, each secret another.
    private static string Payload(int i) =>
        $$"""{"username":"user-{{i}}","password":"{{new string((char)('a' + (i % 26)), 64)}}-{{i}}","port":{{5000 + (i % 100)}},"enabled":true,"hosts":["db-{{i}}-a.example","db-{{i}}-b.example"],"options":{"pool":{"min":{{i % 5}},"max":{{i % 50}}},"ssl":null,"note":"{{new string('n', 120)}}"},"certificate":"{{new string('C', 220)}}"}""";
}
