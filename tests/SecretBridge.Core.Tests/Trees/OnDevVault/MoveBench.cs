using SecretBridge.Stores;
using SecretBridge.Trees;

namespace SecretBridge.Tests.Trees.OnDevVault;

/// <summary>Moves from <c>old</c> to <c>new</c> of a bench, and what became of it.</summary>
internal sealed class MoveBench(CopyBench bench)
{
    public List<CopyResult> Copied { get; } = [];

    public List<RemoveResult> Removed { get; } = [];

    public IEnumerable<string> RemovedText => Removed.Select(row => $"{row.Action} {row.RelativePath}");

    public async Task RunAsync(Func<MoveOptions, MoveOptions>? change = null, VaultBackend? backend = null, Func<Task>? between = null)
    {
        Copied.Clear();
        Removed.Clear();
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        IStoreResolver stores = new BackendRegistry().With(backend ?? bench.Backend);
        var options = new MoveOptions
        {
            Copy = new() { SourceStores = stores, DestinationStores = stores, DestinationUri = "vault://new", Time = bench.Time, ThrottleLimit = 4 },
            MaxDelete = 1000,
        };
        var move = new SubtreeMove(change?.Invoke(options) ?? options, bench.Reporter);
        await foreach (CopyResult row in move.CopyAsync(new[] { new TreeItem("vault://old") }.ToAsync(), CancellationToken.None))
        {
            Copied.Add(row);
        }

        bench.Time.Advance(TimeSpan.FromSeconds(1));
        await (between?.Invoke() ?? Task.CompletedTask);
        await foreach (RemoveResult row in move.RemoveAsync(CancellationToken.None))
        {
            Removed.Add(row);
        }

        bench.Time.Advance(TimeSpan.FromSeconds(1));
    }
}
