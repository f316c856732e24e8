namespace SecretBridge.Stores.Snapshots;

/// <summary>The secrets of one frame, opened: their keys in UTF-8 byte order, and what belongs to each.</summary>
/// <param name="Place">Its place in the index.</param>
/// <param name="Records">The keys, and each one's record.</param>
internal sealed record SnapshotPage(int Place, IReadOnlyList<(string Key, ReadOnlyMemory<byte> Body)> Records)
{
    /// <summary>The place of the first key that does not come before this one; the number of keys where all do.</summary>
    internal int AtOrAfter(string key)
    {
        int low = 0, high = Records.Count;
        while (low < high)
        {
            int middle = low + ((high - low) / 2);
            if (Utf8Order.Instance.Compare(Records[middle].Key, key) < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
