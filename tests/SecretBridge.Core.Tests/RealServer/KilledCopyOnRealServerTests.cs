using System.Diagnostics;
using SecretBridge.Stores;
using SecretBridge.Tests.Reporting;
using SecretBridge.Tests.Trees.Control;
using SecretBridge.Trees;
using Xunit;

namespace SecretBridge.Tests.RealServer;

[Collection(SharedRealVault.Name)]
public class KilledCopyOnRealServerTests(RealVault vault)
{
    private const int Secrets = 150;

    [SkippableTheory]
    [InlineData("Latest", 1)]
    [InlineData("All", 3)]
    public async Task A_process_that_is_killed_leaves_a_journal_with_which_the_copy_ends_as_if_it_had_not(string version, int versions)
    {
        Skip.IfNot(vault.IsThere, RealVault.Why);
        await using VaultBackend backend = await vault.ConnectAsync();
        (string source, string target) = (await vault.MountAsync(2), await vault.MountAsync(2));
        await SeedAsync(backend, source, versions);
        string folder = Directory.CreateTempSubdirectory("sb-journal-").FullName;
        string journal = Path.Combine(folder, "copy.jsonl");
        try
        {
            // Each time after a dozen secrets, while others are under way.
            for (int killed = 0; killed < 5; killed++)
            {
                Assert.NotEqual(0, await RunAsync(journal, source, target, version, lifetime: 3000));
            }

            Assert.Equal(0, await RunAsync(journal, source, target, version, lifetime: long.MaxValue));
            CompareOptions options = Comparison(backend, source, target);
            var comparison = new TreeComparison(options with { IncludeVersion = true }, new RecordingReporter());
            await foreach (TreeDifference row in comparison.RunAsync(CancellationToken.None))
            {
                Assert.Fail($"{row.Uri}: {row.Note}");
            }

            Assert.Equal((Secrets, true), (comparison.Summary.Equal, comparison.Summary.IsClean));
            Assert.DoesNotContain("canary", await File.ReadAllTextAsync(journal), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<int> RunAsync(string journal, string source, string target, string version, long lifetime)
    {
        using Process child = CopyChild.Start(vault.Address, vault.Token, journal, source, target, version, lifetime);
        await child.WaitForExitAsync();
        return child.ExitCode;
    }

    private static async Task SeedAsync(VaultBackend backend, string mount, int versions)
    {
        ISecretStore store = (await backend.OpenAsync(SecretReference.Parse($"vault://{mount}"), CancellationToken.None)).Store;
        await using IWriteSession session = await store.OpenWriteSessionAsync(CancellationToken.None);
        await Parallel.ForEachAsync(Enumerable.Range(0, Secrets), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, stop) =>
        {
            for (int version = 0; version < versions; version++)
            {
                await session.WriteAsync(
                    SecretPath.Parse(FormattableString.Invariant($"team{i % 7}/s{i:000}")),
                    Stores.JsonText.Payload($$"""{"password":"canary-{{i}}-{{version}}"}"""), version, stop);
            }
        });
    }

    private static CompareOptions Comparison(VaultBackend backend, string source, string target)
    {
        IStoreResolver stores = new BackendRegistry().With(backend);
        return new() { ReferenceStores = stores, DifferenceStores = stores, ReferenceUri = $"vault://{source}", DifferenceUri = $"vault://{target}" };
    }
}
