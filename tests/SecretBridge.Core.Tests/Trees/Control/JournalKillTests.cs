using System.Globalization;
using System.Text.Json;
using SecretBridge.Stores;
using SecretBridge.Tests.Clocks;
using SecretBridge.Tests.Reporting;
using SecretBridge.Trees;
using Xunit;
using BridgeException = SecretBridge.Reporting.BridgeException;

namespace SecretBridge.Tests.Trees.Control;

/// <summary>A run that is killed anywhere and gone on with ends where one that was not would have.</summary>
public sealed class JournalKillTests : IDisposable
{
    private const int Secrets = 24;
    private readonly string _folder = Directory.CreateTempSubdirectory("sb-journal-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(0, ConflictPolicy.Fail)]
    [InlineData(100, ConflictPolicy.Overwrite)]
    public async Task Killed_at_a_hundred_random_points_the_end_is_that_of_an_uninterrupted_run(int firstSeed, ConflictPolicy conflict)
    {
        var whole = new KillSwitch(int.MaxValue, new(0));
        (ProbedStore model, CopySummary expected) = await RunAsync("model", conflict, [whole], new(0));
        for (int seed = firstSeed; seed < firstSeed + 100; seed++)
        {
            var chance = new Random(seed);
            KillSwitch[] runs = [.. Enumerable.Range(0, chance.Next(1, 4)).Select(_ => new KillSwitch(chance.Next(whole.Seen), chance)), new(int.MaxValue, chance)];
            string name = seed.ToString(CultureInfo.InvariantCulture);
            (ProbedStore target, CopySummary summary) = await RunAsync(name, conflict, runs, chance);
            await AssertSameAsync(model, target, seed);
            Assert.True(summary.Succeeded, $"seed {seed}");
            Assert.Equal(expected.Total, summary.Total);
            Assert.Equal(expected.Skipped, summary.Skipped);

            // What was written and not told is found equal: that, and only that, moves from written to unchanged.
            Assert.Equal(expected.Created + expected.Updated + expected.Unchanged, summary.Created + summary.Updated + summary.Unchanged);
            Assert.True(summary.Created <= expected.Created && summary.Updated <= expected.Updated, $"seed {seed}");
            AssertReadable(PathOf(name), seed);
        }
    }

    private static async Task AssertSameAsync(ProbedStore model, ProbedStore target, int seed)
    {
        for (int i = 0; i < Secrets; i++)
        {
            var path = SecretPath.Parse(NameOf(i));
            SecretMetadata? wanted = await model.Inner.ReadMetadataAsync(path, CancellationToken.None);
            SecretMetadata? found = await target.Inner.ReadMetadataAsync(path, CancellationToken.None);
            Assert.True(wanted?.CurrentVersion == found?.CurrentVersion, $"seed {seed}, {path}: version {found?.CurrentVersion} in place of {wanted?.CurrentVersion}");
            Assert.Equal(await model.TextAsync(path.Value), await target.TextAsync(path.Value));
        }
    }

    private static void AssertReadable(string path, int seed)
    {
        string[] lines = File.ReadAllLines(path);
        Assert.All(lines, line => JsonDocument.Parse(line).Dispose());
        Assert.True(lines[^1].StartsWith("{\"end\":", StringComparison.Ordinal), $"seed {seed}");
        Assert.DoesNotContain("canary", File.ReadAllText(path), StringComparison.Ordinal);
    }

    private static string NameOf(int i) => string.Create(CultureInfo.InvariantCulture, $"f{i % 4}/s{i:00}");

    private async Task<(ProbedStore Target, CopySummary Summary)> RunAsync(string name, ConflictPolicy conflict, KillSwitch[] runs, Random chance)
    {
        var source = new ProbedStore("kv");
        var target = new ProbedStore("kv2");
        for (int i = 0; i < Secrets; i++)
        {
            await source.PutAsync(NameOf(i), $$"""{"k":"canary-{{i}}"}""");
            if (conflict == ConflictPolicy.Overwrite && i % 3 == 0)
            {
                await target.PutAsync(NameOf(i), i % 2 == 0 ? """{"k":"old"}""" : $$"""{"k":"canary-{{i}}"}""");
            }
        }

        await source.Inner.DeleteAsync(SecretPath.Parse(NameOf(5)), [], CancellationToken.None);
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
                    Conflict = conflict,
                    JournalPath = PathOf(name),
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

        return (target, summary);
    }

    private string PathOf(string name) => Path.Combine(_folder, name + ".jsonl");
}
