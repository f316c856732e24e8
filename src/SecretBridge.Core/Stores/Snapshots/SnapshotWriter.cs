using System.Buffers.Binary;
using SecretBridge.Reporting;
using SecretBridge.Stores.Sealed;

namespace SecretBridge.Stores.Snapshots;

/// <summary>Writes an archive, frame by frame. What it keeps in memory is one frame and the index.</summary>
internal sealed class SnapshotWriter : ISnapshotSink
{
    private readonly SnapshotFile _file;
    private readonly SnapshotCipher _cipher;
    private readonly SnapshotIndex _index = new();
    private readonly MemoryStream _frame = new();
    private readonly int _frameSize;
    private string? _first;
    private string? _last;
    private long _number;
    private long _offset;

    private SnapshotWriter(SnapshotFile file, SnapshotCipher cipher, string id, int frameSize)
    {
        _frameSize = frameSize;
        _file = file;
        _cipher = cipher;
        Id = id;
    }

    internal string Id { get; }

    /// <summary>Makes the file, still without its name, and derives its key, which takes a moment.</summary>
    /// <exception cref="BridgeException">It cannot be made, or the credential cannot be used.</exception>
    internal static SnapshotWriter Create(SnapshotFileOptions options)
    {
        var file = SnapshotFile.Create(options.Path, options.Overwrite);
        try
        {
            var kdf = SealedKdf.Create(options.Credential.Kind, options.Iterations);
            using var kek = SealedKek.Derive(options.Credential, kdf, file.Path);
            (byte[] head, SnapshotCipher cipher, string id) = SnapshotHead.Make(kek, file.Path);
            file.Write(stream => stream.Write(head));
            return new(file, cipher, id, options.FrameSize) { _offset = head.Length };
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public bool Write(SnapshotSecret secret)
    {
        if (_last is not null && Utf8Order.Instance.Compare(_last, secret.Key) >= 0)
        {
            throw new BridgeException(FaultKind.MalformedReply, secret.Key, $"'{secret.Key}' was listed after '{_last}', or twice; the snapshot was not written. Run it again.");
        }

        _last = secret.Key;
        byte[] record = SnapshotRecord.Encode(secret);
        if (record.Length > SnapshotFormat.MostRecord)
        {
            throw new BridgeException(FaultKind.PayloadTooLarge, secret.Key, $"'{secret.Key}' with its history is larger than {SnapshotFormat.MostRecord >> 20} MiB, the most that a snapshot holds of one secret.");
        }

        if (_frame.Length > 0 && _frame.Length + record.Length > _frameSize)
        {
            FlushSecrets();
        }

        _first ??= secret.Key;
        if (record.Length > SnapshotFormat.MostFrame)
        {
            WriteLong(record);
        }
        else
        {
            _frame.Write(record);
        }

        return true;
    }

    public long Complete(SnapshotFacts facts)
    {
        FlushSecrets();
        (long frames, long indexOffset) = (_number, _offset);
        foreach (byte[] part in _index.Encode())
        {
            WriteFrame(SnapshotFrameKind.Index, part);
        }

        long offset = _offset;
        WriteFrame(SnapshotFrameKind.Footer, new SnapshotFooter(facts, frames, _number - frames, indexOffset, offset).ToJson());
        byte[] trailer = new byte[SnapshotFormat.TrailerLength];
        BinaryPrimitives.WriteInt64LittleEndian(trailer, offset);
        SnapshotFormat.EndMark.CopyTo(trailer.AsSpan(8));
        _file.Write(stream => stream.Write(trailer));
        return _file.Publish();
    }

    public void Dispose()
    {
        _cipher.Dispose();
        _file.Dispose();
    }

    private void FlushSecrets()
    {
        if (_frame.Length > 0)
        {
            Enter();
            WriteFrame(SnapshotFrameKind.Secrets, _frame.GetBuffer().AsSpan(0, (int)_frame.Length));
            _frame.SetLength(0);
        }
    }

    private void WriteLong(byte[] record)
    {
        Enter();
        for (int at = 0; at < record.Length; at += SnapshotFormat.MostFrame)
        {
            int length = Math.Min(SnapshotFormat.MostFrame, record.Length - at);
            WriteFrame(at + length == record.Length ? SnapshotFrameKind.Rest : SnapshotFrameKind.Part, record.AsSpan(at, length));
        }
    }

    private void Enter()
    {
        _index.Add(new(_first!, _number, _offset));
        _first = null;
    }

    private void WriteFrame(SnapshotFrameKind kind, ReadOnlySpan<byte> plain)
    {
        byte[] copy = plain.ToArray();
        _file.Write(stream => _offset += SnapshotFrame.Write(stream, _cipher, kind, _number, copy));
        _number++;
    }
}
