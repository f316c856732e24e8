using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>
/// Asks before a move copies anything what is asked again before it removes: a move that would end as a copy is better not
/// begun. It asks about what the sources list, and only where all of that is to go.
/// </summary>
/// <param name="options">The move.</param>
internal sealed class MoveCheck(MoveOptions options)
{
    private readonly CopyOptions _copy = options.Copy;

    // A plan is told everything at its end, and by these policies what is at the destination may keep a source that stays.
    private bool IsNeeded => options.LastCheck is not null && !_copy.PlanOnly && _copy.Conflict is ConflictPolicy.Fail or ConflictPolicy.Overwrite;

    /// <summary>Asks.</summary>
    /// <param name="sources">As for a copy; they are read to their end where there is something to ask.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The same sources.</returns>
    /// <exception cref="BridgeException">The move is refused (<see cref="FaultKind.RemovalRefused"/>).</exception>
    internal async Task<IAsyncEnumerable<TreeItem>> RunAsync(IAsyncEnumerable<TreeItem> sources, CancellationToken cancellationToken)
    {
        if (!IsNeeded)
        {
            return sources;
        }

        var items = new List<TreeItem>();
        await foreach (TreeItem item in sources.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            items.Add(item);
        }

        List<SourceStep> secrets = await ListAsync(items, cancellationToken).ConfigureAwait(false);
        try
        {
            await AskAsync(secrets, cancellationToken).ConfigureAwait(false);
        }
        catch (BridgeException refusal) when (refusal.Kind == FaultKind.RemovalRefused)
        {
            // Who asks in vain for what is deleted, and is not moved, needs nothing of what is.
            List<SourceStep> moving = await MovingAsync(secrets, cancellationToken).ConfigureAwait(false);
            if (moving.Count == secrets.Count)
            {
                throw Uncopied(refusal);
            }

            try
            {
                await AskAsync(moving, cancellationToken).ConfigureAwait(false);
            }
            catch (BridgeException second) when (second.Kind == FaultKind.RemovalRefused)
            {
                throw Uncopied(second);
            }
        }

        return items.ToAsync();
    }

    private static BridgeException Uncopied(BridgeException refusal) =>
        new(refusal.Kind, refusal.Target, refusal.Message + " Nothing was copied either.", refusal);

    private Task AskAsync(List<SourceStep> secrets, CancellationToken cancellationToken) => secrets.Count == 0
        ? Task.CompletedTask
        : options.LastCheck!(secrets.Select(secret => secret.Location!.Uri).ToArray(), cancellationToken);

    // What cannot be listed is told by the copy, after which nothing goes.
    private async Task<List<SourceStep>> ListAsync(List<TreeItem> items, CancellationToken cancellationToken)
    {
        var secrets = new List<SourceStep>();
        var expander = new SourceExpander(_copy.SourceStores, new(_copy.Include, _copy.Exclude), null, _copy.ThrottleLimit);
        await foreach (SourceStep step in expander.RunAsync(items.ToAsync(), cancellationToken).ConfigureAwait(false))
        {
            if (step.Fault is null && _copy.Shard?.Contains(step.RelativePath) != false)
            {
                secrets.Add(step);
            }
        }

        return secrets;
    }

    private async Task<List<SourceStep>> MovingAsync(List<SourceStep> secrets, CancellationToken cancellationToken)
    {
        if (_copy.DeletedVersion == DeletedVersionPolicy.Preserve)
        {
            return secrets;
        }

        var moving = new List<SourceStep>();
        var load = new PipeLoad(_copy.ThrottleLimit, _copy.RateLimit, _copy.Time);
        await foreach ((SourceStep secret, bool isMoving) in BoundedPipe
            .AdaptAsync(secrets.ToAsync(), load, async (secret, stop) => (secret, await IsMovingAsync(secret.Location!, stop).ConfigureAwait(false)), cancellationToken).ConfigureAwait(false))
        {
            if (isMoving)
            {
                moving.Add(secret);
            }
        }

        return moving;
    }

    private static async Task<bool> IsMovingAsync(StoreLocation secret, CancellationToken cancellationToken)
    {
        if (!secret.Store.Capabilities.HasFlag(StoreCapabilities.Metadata))
        {
            return true;
        }

        try
        {
            return await secret.Store.ReadMetadataAsync(secret.Path, cancellationToken).ConfigureAwait(false) is { } metadata
                && metadata.StateAt(metadata.Now) == SecretState.Live;
        }
        catch (BridgeException)
        {
            return true;
        }
    }
}
