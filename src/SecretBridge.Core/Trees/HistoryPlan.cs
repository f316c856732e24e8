using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>What is left to do so that a destination has a source's history.</summary>
/// <param name="Rest">The versions to write, oldest first.</param>
/// <param name="Repairs">Versions of the destination, by number, that must be deleted or destroyed as the state says.</param>
internal sealed record HistoryPlan(IReadOnlyList<PastVersion> Rest, IReadOnlyList<(int Number, SecretState State)> Repairs)
{
    /// <summary>Continues a history number by number; null where the destination has another one.</summary>
    /// <param name="wanted">All numbers of the source from 1.</param>
    /// <param name="there">What the destination keeps.</param>
    /// <param name="current">The destination's current version.</param>
    /// <param name="replaces">Whether versions that were deleted at the source since are deleted at the destination too.</param>
    /// <param name="most">How many versions the destination keeps: what is older only takes numbers there.</param>
    /// <param name="throughDouble">Whether a side passes numbers through a double.</param>
    internal static HistoryPlan? Numbered(
        IReadOnlyList<PastVersion> wanted, IReadOnlyList<PastVersion> there, int current, bool replaces, int most, bool throughDouble)
    {
        if (current > wanted.Count)
        {
            return null;
        }

        var repairs = new List<(int, SecretState)>();
        bool foreign = false;
        bool proven = false;
        foreach (PastVersion has in there)
        {
            PastVersion ours = wanted[has.Number - 1];
            // It will be pushed out; until then it only takes a number.
            if ((has.IsPlaceholder || has.State == SecretState.Destroyed) && has.Number <= wanted.Count - most)
            {
                continue;
            }

            if (ours.IsLive)
            {
                if (!has.SameValue(ours, throughDouble))
                {
                    return null;
                }

                proven = true;
            }
            else if (has.IsPlaceholder || (has.IsLive && replaces && ours.State != SecretState.Absent))
            {
                repairs.Add((has.Number, ours.State));
            }
            else if (has.IsLive && ours.State != SecretState.Absent)
            {
                return null;
            }

            // The source no longer keeps it; whether it was the source's, its neighbours must tell.
            foreign |= has.IsLive && !has.IsPlaceholder && ours.State == SecretState.Absent;
        }

        return foreign && !proven ? null : new([.. wanted.Skip(current)], repairs);
    }

    /// <summary>
    /// Continues a history whose versions got other numbers; null where the destination has another one. The destination may
    /// lack the oldest versions, which it did not keep or never got, and have older ones that the source no longer keeps.
    /// </summary>
    /// <param name="wanted">The versions to have, oldest first.</param>
    /// <param name="there">What the destination keeps.</param>
    /// <param name="current">The destination's current version.</param>
    /// <param name="forgotten">How many versions the source no longer keeps; the destination may begin with them.</param>
    /// <param name="replaces">Whether versions that were deleted at the source since are deleted at the destination too.</param>
    /// <param name="most">How many of the newest were written where not all could be kept.</param>
    /// <param name="throughDouble">Whether a side passes numbers through a double.</param>
    internal static HistoryPlan? Renumbered(
        IReadOnlyList<PastVersion> wanted, IReadOnlyList<PastVersion> there, int current, int forgotten, bool replaces, int most, bool throughDouble)
    {
        if (current == 0)
        {
            return new(wanted, []);
        }

        // How far the beginnings of both lie apart: first not at all, then by what the destination never got, then by what the
        // source forgot.
        IEnumerable<int> ahead = Enumerable.Range(0, Math.Max(1, wanted.Count > most ? wanted.Count - current + 1 : 1));
        foreach (int shift in ahead.Concat(Enumerable.Range(1, Math.Min(forgotten, current)).Select(behind => -behind)))
        {
            int done = current + shift;
            if (done >= 1 && done <= wanted.Count && Align(wanted, there, done, shift < 0, replaces, throughDouble) is { } repairs)
            {
                return new([.. wanted.Skip(done)], repairs);
            }
        }

        return null;
    }

    /// <summary>The plan with an end for each placeholder that a killed run left live, wherever it stands.</summary>
    internal HistoryPlan Ending(IReadOnlyList<PastVersion> there) => this with
    {
        Repairs =
        [
            .. Repairs,
            .. there.Where(has => has.IsPlaceholder && Repairs.All(repair => repair.Number != has.Number)).Select(has => (has.Number, SecretState.Destroyed)),
        ],
    };

    private static List<(int, SecretState)>? Align(
        IReadOnlyList<PastVersion> wanted, IReadOnlyList<PastVersion> there, int done, bool mayBeOlder, bool replaces, bool throughDouble)
    {
        var repairs = new List<(int, SecretState)>();
        bool proven = false;
        bool supposed = false;
        for (int back = 1; back <= Math.Min(there.Count, done); back++)
        {
            PastVersion has = there[^back];
            PastVersion ours = wanted[done - back];
            if (ours.IsLive ? !has.SameValue(ours, throughDouble) : has.IsLive && !has.IsPlaceholder && !replaces)
            {
                return null;
            }

            proven |= ours.IsLive;
            supposed |= !ours.IsLive && has.IsLive && !has.IsPlaceholder;
            if (!ours.IsLive && has.IsLive)
            {
                repairs.Add((has.Number, ours.State));
            }
        }

        // Whether a value that the source deleted was the source's, its neighbours must tell.
        bool tooMany = there.Count > done && !mayBeOlder;
        return tooMany || (supposed && !proven) ? null : repairs;
    }
}
