using System.Buffers.Binary;
using System.Text;

namespace SecretBridge.Stores.Snapshots;

/// <summary>
/// Where to look for a key: for each frame that secrets begin in, the key of the first one, in UTF-8 byte order. One entry for
/// 64 KiB of secrets, so that it stays small however many there are.
/// </summary>
internal sealed class SnapshotIndex
{
    private readonly List<SnapshotIndexEntry> _entries = [];

    internal int Count => _entries.Count;

    internal SnapshotIndexEntry this[int place] => _entries[place];

    internal void Add(SnapshotIndexEntry entry) => _entries.Add(entry);

    /// <summary>The last entry whose key is not behind this one; -1 for none.</summary>
    internal int Find(string key)
    {
        int low = 0, high = _entries.Count;
        while (low < high)
        {
            int middle = low + ((high - low) / 2);
            if (Utf8Order.Instance.Compare(_entries[middle].Key, key) <= 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low - 1;
    }

    /// <summary>The index in parts that fit into frames.</summary>
    internal IEnumerable<byte[]> Encode()
    {
        var part = new MemoryStream();
        foreach (SnapshotIndexEntry entry in _entries)
        {
            byte[] key = Encoding.UTF8.GetBytes(entry.Key);
            if (part.Length > 0 && part.Length + key.Length + 20 > SnapshotFormat.MostFrame)
            {
                yield return part.ToArray();
                part.SetLength(0);
            }

            byte[] text = new byte[20 + key.Length];
            BinaryPrimitives.WriteInt32LittleEndian(text, key.Length);
            key.CopyTo(text, 4);
            BinaryPrimitives.WriteInt64LittleEndian(text.AsSpan(4 + key.Length), entry.Number);
            BinaryPrimitives.WriteInt64LittleEndian(text.AsSpan(12 + key.Length), entry.Offset);
            part.Write(text);
        }

        if (part.Length > 0)
        {
            yield return part.ToArray();
        }
    }

    /// <summary>Takes in one part of an index. Its entries go up in key, number and offset.</summary>
    /// <exception cref="FormatException">They do not, or it is none.</exception>
    internal void Decode(ReadOnlyMemory<byte> part)
    {
        while (!part.IsEmpty)
        {
            string key = Encoding.UTF8.GetString(SnapshotRecord.Take(ref part).Span);
            if (part.Length < 16)
            {
                throw new FormatException();
            }

            var entry = new SnapshotIndexEntry(key, BinaryPrimitives.ReadInt64LittleEndian(part.Span), BinaryPrimitives.ReadInt64LittleEndian(part.Span[8..]));
            if (Count > 0 && !(Utf8Order.Instance.Compare(this[Count - 1].Key, key) < 0 && this[Count - 1].Number < entry.Number && this[Count - 1].Offset < entry.Offset))
            {
                throw new FormatException();
            }

            Add(entry);
            part = part[16..];
        }
    }
}
