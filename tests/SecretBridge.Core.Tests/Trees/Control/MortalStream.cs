using System.Diagnostics;

namespace SecretBridge.Tests.Trees.Control;

/// <summary>Kills this process once so many bytes were written.</summary>
internal sealed class MortalStream(Stream inner, long lifetime) : Stream
{
    private long _left = lifetime;

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
        inner.Write(buffer, offset, count);
        _left -= count;
        if (_left <= 0)
        {
            Process.GetCurrentProcess().Kill();

            // The signal may come a moment later, and nothing may happen until then.
            new ManualResetEvent(false).WaitOne();
        }
    }
}
