using SecretBridge.Reporting;
using SecretBridge.Trees;

namespace SecretBridge.Inventory;

/// <summary>Counts what a search does, for its progress and its last word.</summary>
/// <param name="found">What a finding is called in it.</param>
/// <param name="reporter">Where it is said.</param>
/// <param name="time">The clock.</param>
internal sealed class SearchTally(string found, IReporter reporter, TimeProvider time)
{
    private readonly ProgressMeter _progress = new("Searching secrets", reporter, time);
    private long _searched;
    private long _found;

    internal long Unreadable { get; private set; }

    internal void Searched(string? relativePath)
    {
        _searched++;
        _progress.Count("searched", relativePath);
    }

    internal void Add(FoundSecret row)
    {
        Unreadable += row.Fault is null ? 0 : 1;
        _found += row.Fault is null ? 1 : 0;
    }

    internal void Add(SecretDuplicate group)
    {
        _found += group.Fault is null ? 1 : 0;
    }

    internal void Conclude()
    {
        _progress.Complete();
        reporter.Information(FormattableString.Invariant(
            $"Searched {_searched} secrets: {_found} {found}, {Unreadable} unreadable in {_progress.Elapsed.TotalSeconds:0.0} s."));
    }
}
