using SecretBridge.Stores;
using SecretBridge.Tests.Stores.ScaiVault;
using SecretBridge.Trees;

namespace SecretBridge.Tests.Trees.ScaiVault;

/// <summary>A tree in memory on one side, ScaiVault on the other.</summary>
public abstract class ScaiVaultTreeTest : ScaiVaultTest, IStoreResolver
{
    private protected ProbedStore Vault { get; } = new("kv");

    private protected CopySummary Copied { get; private set; } = new();

    private protected ComparisonSummary? Compared { get; private set; }

    public ValueTask<StoreLocation> ResolveAsync(SecretReference reference, CancellationToken cancellationToken) =>
        reference.Scheme == "scaivault" ? new(Backend.Open(reference)) : new StoreSet(Vault).ResolveAsync(reference, cancellationToken);

    private protected async Task<List<CopyResult>> CopyAsync(string source, string destination, Func<CopyOptions, CopyOptions>? change = null)
    {
        var options = new CopyOptions { SourceStores = this, DestinationStores = this, DestinationUri = destination };
        var copy = new SubtreeCopy(change?.Invoke(options) ?? options, Reporter);
        var rows = new List<CopyResult>();
        await foreach (CopyResult row in copy.RunAsync(new[] { new TreeItem(source) }.ToAsync(), CancellationToken.None))
        {
            rows.Add(row);
        }

        Copied = copy.Summary;
        return rows;
    }

    private protected async Task<List<TreeDifference>> CompareAsync(string reference, string difference, Func<CompareOptions, CompareOptions>? change = null)
    {
        var options = new CompareOptions { ReferenceStores = this, DifferenceStores = this, ReferenceUri = reference, DifferenceUri = difference };
        var comparison = new TreeComparison(change?.Invoke(options) ?? options, Reporter);
        var rows = new List<TreeDifference>();
        await foreach (TreeDifference row in comparison.RunAsync(CancellationToken.None))
        {
            rows.Add(row);
        }

        Compared = comparison.Summary;
        return rows;
    }
}
