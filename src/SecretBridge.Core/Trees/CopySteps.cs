using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>The secrets that a copy's sources lead to, those of its shard, each claimed for its destination.</summary>
internal sealed class CopySteps(
    CopyOptions options, StoreLocation destination, PathMap map, SecretCopier copier, CopyTally tally, CopyJournal? journal, IReporter reporter)
{
    internal async IAsyncEnumerable<SourceStep> RunAsync(IAsyncEnumerable<TreeItem> sources, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var spill = new NameSpill(options.SpillAfter);
        IAsyncEnumerable<SourceStep> steps = WalkAsync(sources, cancellationToken);
        if (!map.CannotCollide)
        {
            tally.Phase = "walking";
            await KeepAsync(steps, spill, cancellationToken).ConfigureAwait(false);
            steps = spill.Read().ToAsync();
        }

        tally.Phase = options.PlanOnly ? "planning" : "copying";
        long count = 0;
        await foreach (SourceStep step in steps.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            // Those of other shards claim their destinations too: two that meet may be in two shards.
            SourceStep claimed = copier.Claim(step);
            if (options.Shard?.Contains(step.RelativePath) != false)
            {
                count++;
                yield return claimed;
            }
        }

        tally.Total = count;
    }

    private IAsyncEnumerable<SourceStep> WalkAsync(IAsyncEnumerable<TreeItem> sources, CancellationToken cancellationToken)
    {
        var expander = new SourceExpander(options.SourceStores, new(options.Include, options.Exclude), null, options.ThrottleLimit, seekTwin: options.Planned is null);
        return expander.RunAsync(WithOverlapRefused(NoticeSecondAsync(sources, cancellationToken), cancellationToken), cancellationToken);
    }

    // One tree cannot meet itself at the destination; two things may. So nothing starts before it is known which it is.
    private async IAsyncEnumerable<TreeItem> NoticeSecondAsync(IAsyncEnumerable<TreeItem> sources, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        TreeItem? first = null;
        await foreach (TreeItem item in sources.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (first is null)
            {
                first = item;
                continue;
            }

            if (!copier.RemembersDestinations)
            {
                copier.RemembersDestinations = true;
                yield return first;
            }

            yield return item;
        }

        if (first is not null && !copier.RemembersDestinations)
        {
            yield return first;
        }
    }

    private async IAsyncEnumerable<TreeItem> WithOverlapRefused(IAsyncEnumerable<TreeItem> sources, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (TreeItem item in sources.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (item.RelativePath is null && await TryResolveAsync(item.Uri, cancellationToken).ConfigureAwait(false) is { } root
                && root.Store.Identity.IsOne(destination.Store.Identity)
                && (root.Path.IsAtOrBelow(destination.Path) || destination.Path.IsAtOrBelow(root.Path)))
            {
                throw new BridgeException(FaultKind.Overlap, item.Uri,
                    $"The source '{root.Uri}' and the destination '{destination.Uri}' overlap: one lies inside the other.");
            }

            yield return journal?.Passing(item) ?? item;
        }
    }

    // A reference that does not resolve becomes a failed row when it is expanded.
    private async Task<StoreLocation?> TryResolveAsync(string uri, CancellationToken cancellationToken)
    {
        try
        {
            return await options.SourceStores.ResolveAsync(SecretReference.Parse(uri), cancellationToken).ConfigureAwait(false);
        }
        catch (BridgeException exception) when (exception.Kind is not (FaultKind.NotConnected or FaultKind.InvalidArgument))
        {
            return null;
        }
    }

    // Only a map that cannot make two paths meet may write before the walk of names is over. Which source leads to a path is
    // kept as digests: in memory alone, and a tenth of what the names would take.
    private async Task KeepAsync(IAsyncEnumerable<SourceStep> steps, NameSpill spill, CancellationToken cancellationToken)
    {
        reporter.Verbose("The map may lead two paths to one: all names are walked before anything is written.");
        var targets = new Dictionary<UInt128, UInt128>();
        await foreach (SourceStep step in steps.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            tally.Tick();
            if (step is { Fault: null, IsTwin: false } && await map.ApplyAsync(step.Relative, cancellationToken).ConfigureAwait(false) is { } target)
            {
                UInt128 source = Digest(step.Uri);
                if (!targets.TryAdd(Digest(target.Value), source) && targets[Digest(target.Value)] is var first && first != source)
                {
                    throw new BridgeException(FaultKind.MapCollision, step.Uri,
                        $"The map leads both '{spill.Read().First(kept => Digest(kept.Uri) == first).Uri}' and '{step.Uri}' to '{destination.UriOf(target)}'. Nothing was written.");
                }
            }

            spill.Add(step);
        }
    }

    private static UInt128 Digest(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }
}
