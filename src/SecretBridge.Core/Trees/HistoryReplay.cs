using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>Writes what is left of one secret's history.</summary>
/// <param name="options">How to copy.</param>
/// <param name="target">Where to.</param>
/// <param name="item">The secret, with what is known of it so far.</param>
/// <param name="most">How many versions the destination keeps of it; null where that is not known.</param>
/// <param name="leavesOut">Whether deleted versions are not among those to write.</param>
internal sealed class HistoryReplay(CopyOptions options, CopyTarget target, CopyItem item, int? most, bool leavesOut)
{
    private readonly List<(int Number, PastVersion Version)> _written = [];
    private readonly List<int> _taken = [];
    private CopyItem _item = item;

    /// <param name="plan">What is left to do.</param>
    /// <param name="current">The destination's current version, 0 for none.</param>
    /// <param name="sourceVersion">The source's current version.</param>
    /// <param name="stop">Ends the requests.</param>
    internal async Task<CopyOutcome> RunAsync(HistoryPlan plan, int current, int sourceVersion, CancellationToken stop)
    {
        int start = current;
        bool begun = false;
        try
        {
            foreach ((int number, SecretState state) in plan.Repairs)
            {
                await target.EndAsync(_item, number, state, stop).ConfigureAwait(false);
                begun = true;
            }

            for (int i = 0; i < plan.Rest.Count; i++)
            {
                // What would be pushed out again before the end is not written at all, unless its number is wanted.
                bool passes = plan.Rest.Count - i > (most ?? int.MaxValue);
                if (passes && !options.KeepVersionNumber)
                {
                    _item = _item.Losing(CopyLoss.History);
                    continue;
                }

                await StepAsync(plan.Rest[i], current, passes, stop).ConfigureAwait(false);
                begun = true;
                current++;
            }

            await FindLostAsync(stop).ConfigureAwait(false);
            await VerifyAsync(stop).ConfigureAwait(false);
        }
        catch (BridgeException exception) when (begun)
        {
            // What was written must be told; the next run goes on from there.
            return _item.Failed(await EndTakenAsync().ConfigureAwait(false) ? exception : CopyTarget.LeavingLive(exception, _item, _taken[^1]));
        }
        catch (OperationCanceledException)
        {
            await EndTakenAsync().ConfigureAwait(false);
            throw;
        }

        if (_written.Count > 0)
        {
            _item = leavesOut ? _item.Losing(CopyLoss.DeletedVersion) : _item;
            _item = _item.Losing(CopyLoss.CreatedTime);
            _item = current == sourceVersion ? _item : _item.Losing(CopyLoss.VersionNumber);
        }

        CopyAction action = start == 0 ? CopyAction.Created
            : begun || _item.Row.MetadataChanged ? CopyAction.Updated
            : CopyAction.Unchanged;
        _item = _item with { Row = _item.Row with { Planned = target.PlanOnly } };
        return _item.Done(action, action == CopyAction.Unchanged ? null : Told());
    }

    private async Task StepAsync(PastVersion version, int current, bool passes, CancellationToken stop)
    {
        if (version.IsLive && !passes)
        {
            _item = await target.WriteAsync(_item with { Due = version.Due }, version.Payload!, current, stop).ConfigureAwait(false);
            _item = _item with { Row = _item.Row with { VersionsCopied = _item.Row.VersionsCopied + 1 } };
            _written.Add((current + 1, version));
        }
        else if (passes)
        {
            // It only takes a number: the destination pushes it out before the last version is there.
            _item = await target.WriteAsync(_item, Placeholder.Payload, current, stop).ConfigureAwait(false);
            _item = version.IsLive ? _item.Losing(CopyLoss.History) : _item;
            _taken.Add(current + 1);
        }
        else
        {
            _item = await target.WriteGoneAsync(_item, version.State, current, stop).ConfigureAwait(false);
            _written.Add((current + 1, version));
        }
    }

    // A number that was only taken stays live until it is pushed out, and now it will not be.
    private async Task<bool> EndTakenAsync()
    {
        int[] left = [.. _taken.TakeLast(most ?? int.MaxValue)];
        return left.Length == 0 || await target.EndLateAsync(_item, left).ConfigureAwait(false);
    }

    // Where the limit could not be read before, what was pushed out shows afterwards.
    private async Task FindLostAsync(CancellationToken stop)
    {
        if (most is null && !target.PlanOnly && _written.Count > 1
            && await target.Store.ReadMetadataAsync(_item.Path, stop).ConfigureAwait(false) is { } after
            && _written.RemoveAll(written => written.Number < after.OldestVersion) > 0)
        {
            _item = _item.Losing(CopyLoss.History);
        }
    }

    private async Task VerifyAsync(CancellationToken stop)
    {
        foreach ((int number, PastVersion version) in _written)
        {
            CopyItem item = _item;
            _item = await target.VerifyAsync(item, readback => version.IsLive
                ? readback.ValueAsync(item, version.Payload!, number, stop)
                : readback.GoneAsync(item, number, stop)).ConfigureAwait(false);
        }
    }

    private string? Told() => _item.Row.Lossy.Where(loss => loss != CopyLoss.CreatedTime).Select(LossText.Short).ToArray() is { Length: > 0 } texts
        ? string.Join("; ", texts) + "."
        : null;
}
