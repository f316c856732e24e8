using SecretBridge.Stores;
using SecretBridge.Stores.Sealed;
using SecretBridge.Tests.Reporting;
using SecretBridge.Tests.Trees;
using SecretBridge.Trees;
using Xunit;

namespace SecretBridge.Tests.Stores.Sealed;

/// <summary>A sealed file as an end of a copy and a comparison.</summary>
public sealed class SealedTreeTests : IDisposable
{
    private const int Secrets = 1000;
    private const int Throttle = 64;


    private readonly SealedFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_thousand_secrets_arrive_in_few_saves_and_a_second_copy_saves_nothing()
    {
        var source = new ProbedStore("kv");
        for (int i = 0; i < Secrets; i++)
        {
            await source.PutAsync($"f{i % 20:00}/s{i:0000}", $$"""{"k":"canary-{{i}}","n":1.0}""");
        }

        int saves = 0;
        SealedFileStore? saving = null;
        await using SealedFileStore target = await _folder.OpenAsync(options => options with
        {
            BeforeStep = step =>
            {
                if (step == SaveStep.Lock && saving is not null)
                {
                    // However slow the machine is, a save takes so long that all that may be under way meanwhile has been read.
                    int read = Math.Min(Secrets, saving.Describe().Count + Throttle);
                    SpinWait.SpinUntil(() => source.Reads.Count >= read, TimeSpan.FromMinutes(1));
                }

                saves += step == SaveStep.Rename ? 1 : 0;
            },
        });
        saving = target;
        saves = 0;
        CopySummary summary = await CopyAsync(source, target);
        Assert.Equal((Secrets, Secrets, 0), (summary.Created, summary.Verified, summary.Failed));

        // Each group is what was under way while the one before it was saved.
        Assert.InRange(saves, 1, 100);
        saves = 0;
        Assert.Equal(Secrets, (await CopyAsync(source, target)).Unchanged);
        Assert.Equal(0, saves);

        var comparison = new TreeComparison(
            new() { ReferenceStores = new StoreSet(source), DifferenceStores = new StoreSet(target), ReferenceUri = "vault://kv", DifferenceUri = "builtin://" }, new RecordingReporter());
        await foreach (TreeDifference row in comparison.RunAsync(CancellationToken.None))
        {
            Assert.Fail($"'{row.RelativePath}' differs.");
        }

        Assert.Equal((true, Secrets), (comparison.Summary.IsClean, comparison.Summary.Equal));
    }

    private static async Task<CopySummary> CopyAsync(ISecretStore source, ISecretStore target)
    {
        var copy = new SubtreeCopy(
            new()
            {
                SourceStores = new StoreSet(source),
                DestinationStores = new StoreSet(target),
                DestinationUri = "builtin://",
                Verify = true,
                ThrottleLimit = Throttle,
            },
            new RecordingReporter());
        await foreach (CopyResult row in copy.RunAsync(Sources(), CancellationToken.None))
        {
            Assert.Null(row.Reason);
        }

        return copy.Summary;
    }

    private static async IAsyncEnumerable<TreeItem> Sources()
    {
        await Task.CompletedTask;
        yield return new("vault://kv");
    }
}
