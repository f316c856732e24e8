namespace SecretBridge.Tests.Trees.Control;

/// <summary>A disk that is full in the middle of one write, and has room again at the next.</summary>
internal sealed class HalfStream(Stream inner, int after) : Stream
{
    private int _writes;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => inner.Length;

    public override long Position
    {
        get => inner.Position;
        set => throw new NotSupportedException();
    }

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count)
    {
        if (_writes++ == after)
        {
            inner.Write(buffer, offset, count / 2);
            throw new IOException("No space left on device");
        }

        inner.Write(buffer, offset, count);
    }
}
