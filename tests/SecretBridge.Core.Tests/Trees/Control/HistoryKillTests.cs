using System.Globalization;
using SecretBridge.Stores;
using SecretBridge.Tests.Clocks;
using SecretBridge.Tests.Reporting;
using SecretBridge.Trees;
using Xunit;
using BridgeException = SecretBridge.Reporting.BridgeException;

namespace SecretBridge.Tests.Trees.Control;

/// <summary>A run with -Version All that is killed anywhere, also inside a history, ends where one that was not would have.</summary>
public sealed class HistoryKillTests : IDisposable
{
    private const int Secrets = 8;
    private const int Versions = 4;
    private readonly string _folder = Directory.CreateTempSubdirectory("sb-journal-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(0, false, DeletedVersionPolicy.Skip)]
    [InlineData(50, false, DeletedVersionPolicy.Preserve)]
    [InlineData(100, true, DeletedVersionPolicy.Preserve)]
    [InlineData(150, true, DeletedVersionPolicy.Skip)]
    public async Task Killed_at_fifty_random_points_each_history_is_that_of_an_uninterrupted_run(int firstSeed, bool keep, DeletedVersionPolicy policy)
    {
        var whole = new KillSwitch(int.MaxValue, new(0));
        ProbedStore model = await RunAsync("model", keep, policy, [whole], new(0));
        for (int seed = firstSeed; seed < firstSeed + 50; seed++)
        {
            var chance = new Random(seed);
            KillSwitch[] runs = [.. Enumerable.Range(0, chance.Next(1, 4)).Select(_ => new KillSwitch(chance.Next(whole.Seen), chance)), new(int.MaxValue, chance)];
            ProbedStore target = await RunAsync(seed.ToString(CultureInfo.InvariantCulture), keep, policy, runs, chance);
            for (int i = 0; i < Secrets; i++)
            {
                (string wanted, string found) = (await HistoryAsync(model, i), await HistoryAsync(target, i));
                Assert.True(wanted == found, $"seed {seed}, {NameOf(i)}: {found} in place of {wanted}");
            }
        }
    }

    private static string NameOf(int i) => string.Create(CultureInfo.InvariantCulture, $"f{i % 3}/s{i:00}");

    private static async Task<string> HistoryAsync(ProbedStore store, int i)
    {
        var path = SecretPath.Parse(NameOf(i));
        SecretMetadata? metadata = await store.Inner.ReadMetadataAsync(path, CancellationToken.None);
        var texts = new List<string>();
        foreach (SecretVersion version in metadata?.Versions ?? [])
        {
            SecretReading reading = await store.Inner.ReadAsync(path, version.Number, CancellationToken.None);
            texts.Add($"{version.Number}={(reading.Payload is { } payload ? Stores.JsonText.Text(payload) : reading.State.ToString())}");
        }

        return string.Join(' ', texts);
    }

    private static async Task FillAsync(ProbedStore source)
    {
        for (int i = 0; i < Secrets; i++)
        {
            for (int version = 1; version <= Versions; version++)
            {
                await source.PutAsync(NameOf(i), $$"""{"k":"canary-{{i}}-{{version}}"}""");
            }

            // Some have a deleted version in the middle, some a destroyed one, some both.
            await source.Inner.DeleteAsync(SecretPath.Parse(NameOf(i)), i % 2 == 0 ? [2] : [3], CancellationToken.None);
            if (i % 3 == 0)
            {
                await source.Inner.DestroyAsync(SecretPath.Parse(NameOf(i)), [1], CancellationToken.None);
            }
        }
    }

    private async Task<ProbedStore> RunAsync(string name, bool keep, DeletedVersionPolicy policy, KillSwitch[] runs, Random chance)
    {
        var source = new ProbedStore("kv");
        var target = new ProbedStore("kv2");
        await FillAsync(source);
        CopySummary summary = new();
        foreach (KillSwitch kill in runs)
        {
            source.Before = kill.Before;
            target.Before = kill.Before;
            var stores = new StoreSet(source, target);
            var copy = new SubtreeCopy(
                new()
                {
                    SourceStores = stores,
                    DestinationStores = stores,
                    DestinationUri = "vault://kv2",
                    Version = VersionSelection.All,
                    KeepVersionNumber = keep,
                    DeletedVersion = policy,
                    JournalPath = Path.Combine(_folder, name + ".jsonl"),
                    Resume = true,
                    WrapJournal = kill.Wrap,
                    ThrottleLimit = chance.Next(1, 6),
                    Time = new ManualTime(),
                },
                new RecordingReporter());
            try
            {
                await foreach (CopyResult _ in copy.RunAsync(new[] { new TreeItem("vault://kv") }.ToAsync(), CancellationToken.None))
                {
                }

                Assert.False(kill.IsDead);
            }
            catch (Exception exception) when (exception is KillSwitch.KilledException or BridgeException && kill.IsDead)
            {
            }

            summary = copy.Summary;
        }

        Assert.True(summary.Succeeded && summary.Total == Secrets, $"{name}: {summary}");
        return target;
    }
}
