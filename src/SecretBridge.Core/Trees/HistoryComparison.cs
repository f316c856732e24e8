using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>How the histories of two secrets differ, compared in order from the oldest: a copy may have numbered them anew.</summary>
/// <param name="ChangedVersion">The reference side's numbers of versions that the other side lacks or has otherwise.</param>
/// <param name="Note">Where one side keeps more versions than the other; else null.</param>
/// <param name="NumberPrecision">Whether only the rule of nearest doubles made a version equal.</param>
internal sealed record HistoryComparison(IReadOnlyList<int> ChangedVersion, string? Note, bool NumberPrecision)
{
    internal bool AreEqual => ChangedVersion.Count == 0 && Note is null;

    internal static HistoryComparison Of(
        IReadOnlyList<VersionContent> left, IReadOnlyList<VersionContent> right, Func<SecretPayload, SecretPayload, PayloadComparison> compare)
    {
        var changed = new List<int>();
        bool precision = false;
        for (int i = 0; i < left.Count; i++)
        {
            bool equal = i < right.Count && left[i].State == right[i].State;
            if (equal && left[i].Payload is { } payload)
            {
                PayloadComparison comparison = compare(payload, right[i].Payload!);
                equal = comparison.AreEqual;
                precision |= equal && comparison.NumberPrecision;
            }

            if (!equal)
            {
                changed.Add(left[i].Number ?? i + 1);
            }
        }

        string? note = left.Count == right.Count ? null
            : FormattableString.Invariant($"The reference side keeps {left.Count} versions, the difference side {right.Count}.");
        return new(changed, note, precision);
    }
}
