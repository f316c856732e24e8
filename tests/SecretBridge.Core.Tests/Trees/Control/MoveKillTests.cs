using System.Globalization;
using SecretBridge.Stores;
using SecretBridge.Tests.Clocks;
using SecretBridge.Tests.Reporting;
using SecretBridge.Trees;
using Xunit;
using BridgeException = SecretBridge.Reporting.BridgeException;

namespace SecretBridge.Tests.Trees.Control;

/// <summary>A move that is killed anywhere loses nothing, and gone on with it ends where one that was not would have.</summary>
public sealed class MoveKillTests : IDisposable
{
    private const int Secrets = 12;
    private readonly string _folder = Directory.CreateTempSubdirectory("sb-move-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(0, RemovalExtent.Delete, true)]
    [InlineData(40, RemovalExtent.Destroy, true)]
    [InlineData(80, RemovalExtent.AllVersions, true)]
    [InlineData(120, RemovalExtent.Delete, false)]
    [InlineData(160, RemovalExtent.AllVersions, false)]
    public async Task Killed_at_forty_random_points_no_secret_is_ever_nowhere_and_the_end_is_the_same(int firstSeed, RemovalExtent extent, bool journal)
    {
        var whole = new KillSwitch(int.MaxValue, new(0));
        await RunAsync("model", extent, journal, [whole], new(0));
        for (int seed = firstSeed; seed < firstSeed + 40; seed++)
        {
            var chance = new Random(seed);
            KillSwitch[] runs = [.. Enumerable.Range(0, chance.Next(1, 4)).Select(_ => new KillSwitch(chance.Next(whole.Seen), chance)), new(int.MaxValue, chance)];
            await RunAsync(seed.ToString(CultureInfo.InvariantCulture), extent, journal, runs, chance);
        }
    }

    private static string NameOf(int i) => string.Create(CultureInfo.InvariantCulture, $"f{i % 4}/s{i:00}");

    private async Task RunAsync(string name, RemovalExtent extent, bool journal, KillSwitch[] runs, Random chance)
    {
        var source = new ProbedStore("kv");
        var target = new ProbedStore("kv2");
        for (int i = 0; i < Secrets; i++)
        {
            await source.PutAsync(NameOf(i), $$"""{"k":"old-{{i}}"}""");
            await source.PutAsync(NameOf(i), $$"""{"k":"canary-{{i}}"}""");
        }

        RemovalSummary summary = new();
        foreach (KillSwitch kill in runs)
        {
            source.Before = kill.Before;
            target.Before = kill.Before;
            var stores = new StoreSet(source, target);
            var copy = new CopyOptions
            {
                SourceStores = stores,
                DestinationStores = stores,
                DestinationUri = "vault://kv2",
                Version = VersionSelection.All,
                JournalPath = journal ? Path.Combine(_folder, name + ".jsonl") : null,
                Resume = journal,
                WrapJournal = kill.Wrap,
                ThrottleLimit = chance.Next(1, 6),
                Time = new ManualTime(),
            };
            var move = new SubtreeMove(new() { Copy = copy, Extent = extent, MaxDelete = Secrets }, new RecordingReporter());
            try
            {
                await foreach (CopyResult _ in move.CopyAsync(new[] { new TreeItem("vault://kv") }.ToAsync(), CancellationToken.None))
                {
                }

                await foreach (RemoveResult _ in move.RemoveAsync(CancellationToken.None))
                {
                }

                Assert.False(kill.IsDead);
            }
            catch (Exception exception) when (exception is KillSwitch.KilledException or BridgeException && kill.IsDead)
            {
            }

            summary = move.Removed;
            await AssertNothingLostAsync(source, target, name);
        }

        Assert.True(summary.Succeeded, $"{name}: {summary}");
        for (int i = 0; i < Secrets; i++)
        {
            Assert.Null(await source.TextAsync(NameOf(i)));
            SecretMetadata there = (await target.Inner.ReadMetadataAsync(SecretPath.Parse(NameOf(i)), CancellationToken.None))!;
            Assert.True(there.CurrentVersion == 2, $"{name}, {i}");
        }
    }

    private static async Task AssertNothingLostAsync(ProbedStore source, ProbedStore target, string name)
    {
        for (int i = 0; i < Secrets; i++)
        {
            string wanted = $$"""{"k":"canary-{{i}}"}""";
            Assert.True(await source.TextAsync(NameOf(i)) == wanted || await target.TextAsync(NameOf(i)) == wanted, $"{name}: {NameOf(i)} is nowhere");
        }
    }
}
