using Microsoft.Win32.SafeHandles;
using SecretBridge.Stores.Sealed;

namespace SecretBridge.Stores.Snapshots;

/// <summary>Opens the frames of an archive as they are asked for, and keeps some of them: at most 64 of 64 KiB.</summary>
internal sealed class SnapshotPages(SafeFileHandle file, SnapshotCipher cipher, SnapshotIndex index, SnapshotFooter footer, string path)
{
    private readonly SnapshotPage?[] _kept = new SnapshotPage?[64];

    /// <summary>The record of a key; null where there is none.</summary>
    internal ReadOnlyMemory<byte>? Find(string key) =>
        index.Find(key) is >= 0 and var place && Get(place) is var page
        && page.AtOrAfter(key) is var at && at < page.Records.Count && page.Records[at].Key == key
            ? page.Records[at].Body
            : default(ReadOnlyMemory<byte>?);

    /// <summary>The first key that does not come before this one; null where all do.</summary>
    internal string? AtOrAfter(string key)
    {
        int place = index.Find(key);
        if (place >= 0 && Get(place) is var page && page.AtOrAfter(key) is var at && at < page.Records.Count)
        {
            return page.Records[at].Key;
        }

        return place + 1 < index.Count ? index[place + 1].Key : null;
    }

    private SnapshotPage Get(int place)
    {
        ref SnapshotPage? slot = ref _kept[place % _kept.Length];
        if (Volatile.Read(ref slot) is { } kept && kept.Place == place)
        {
            return kept;
        }

        (SnapshotPage page, bool isLong) = Open(place);
        if (!isLong)
        {
            Volatile.Write(ref slot, page);
        }

        return page;
    }

    private (SnapshotPage Page, bool IsLong) Open(int place)
    {
        SnapshotIndexEntry entry = index[place];
        bool isLast = place + 1 == index.Count;
        (long number, long offset) = (entry.Number, entry.Offset);
        long endNumber = isLast ? footer.Frames : index[place + 1].Number;
        long endOffset = isLast ? footer.IndexOffset : index[place + 1].Offset;
        MemoryStream? parts = null;
        while (true)
        {
            var frame = SnapshotFrame.Read(file, cipher, offset, endOffset, path);
            if (frame.Number != number++)
            {
                throw SealedFileFault.Tampered(path, "its parts stand in another order");
            }

            offset = frame.End;
            if (frame.Kind == SnapshotFrameKind.Part && frame.Plain.Length + (parts?.Length ?? 0) <= SnapshotFormat.MostRecord)
            {
                (parts ??= new()).Write(frame.Plain);
                continue;
            }

            if (frame.Kind != (parts is null ? SnapshotFrameKind.Secrets : SnapshotFrameKind.Rest) || (number, offset) != (endNumber, endOffset))
            {
                throw SealedFileFault.Tampered(path, "its parts do not follow one another as they were sealed");
            }

            parts?.Write(frame.Plain);
            return (Page(place, entry.Key, parts?.ToArray() ?? frame.Plain), parts is not null);
        }
    }

    private SnapshotPage Page(int place, string first, byte[] plain)
    {
        try
        {
            var page = new SnapshotPage(place, SnapshotRecord.Split(plain));
            return page.Records.Count > 0 && page.Records[0].Key == first ? page : throw new FormatException();
        }
        catch (FormatException)
        {
            throw SealedFileFault.Damaged(path, "a part is not of this format, though it was sealed with the right key");
        }
    }
}
