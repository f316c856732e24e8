using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks.Sources;

namespace SecretBridge.Wire;

/// <summary>
/// The bytes of a connection whose replies are waited for by a <see cref="WaitThread"/>. One reader and one writer at a time,
/// as an HTTP/1.1 connection is. Ending it ends what is waited for.
/// </summary>
internal sealed class WaitingStream : Stream, IWaiting, IValueTaskSource<int>
{
    /// <summary>How many there may be in this process: each may take a thread. Beyond, connections wait as .NET's do.</summary>
    private const int Most = 128;

    /// <summary>So many bytes fit into the buffers of a connection whose requests were all answered.</summary>
    private const int SmallWrite = 4096;

    private static int _count;

    private readonly Socket _socket;
    private ManualResetValueTaskSourceCore<int> _read;
    private Memory<byte> _buffer;

    // A whole request was written, and nothing was read since: the next to come is its reply.
    private bool _replyDue;
    private WaitThread? _behind;
    private int _disposed;

    private WaitingStream(Socket socket) => _socket = socket;

    private static ReadOnlySpan<byte> ContentLength => "\r\nContent-Length: "u8;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    WaitThread? IWaiting.Behind
    {
        get => Volatile.Read(ref _behind);
        set => Volatile.Write(ref _behind, value);
    }

    /// <summary>Connects.</summary>
    /// <returns>The stream; null where there are too many by now.</returns>
    public static async ValueTask<Stream?> TryConnectAsync(Socket socket, EndPoint end, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _count) > Most)
        {
            Interlocked.Decrement(ref _count);
            return null;
        }

        var connecting = new Connecting(socket, end);
        try
        {
            WaitThread.Run(connecting);
            await connecting.Done.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            return new WaitingStream(socket);
        }
        catch
        {
            Interlocked.Decrement(ref _count);
            throw;
        }
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        bool blocks = _replyDue && !buffer.IsEmpty && Turn.MayBlock;
        _replyDue = false;
        if (blocks)
        {
            WaitThread.HandOver();
        }

        try
        {
            // What has come, or that the other side has gone, is told at once.
            if (blocks || _socket.Poll(0, SelectMode.SelectRead))
            {
                return new(buffer.IsEmpty ? 0 : _socket.Receive(buffer.Span));
            }
        }
        catch (SocketException exception)
        {
            return ValueTask.FromException<int>(new IOException(exception.Message, exception));
        }
        catch (ObjectDisposedException exception)
        {
            return ValueTask.FromException<int>(exception);
        }

        _read.Reset();
        _buffer = buffer;
        var pending = new ValueTask<int>(this, _read.Version);
        WaitThread.Run(this);
        if (Volatile.Read(ref _disposed) != 0)
        {
            // Ended since it was looked at: who ended it saw nothing that waited.
            Volatile.Read(ref _behind)?.Release(this);
        }

        return pending;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.Length > SmallWrite)
        {
            // It may block for as long as the server does not read, and replies must not wait for that.
            WaitThread.HandOver();
        }

        try
        {
            bool whole = IsWholeRequest(buffer.Span);
            Volatile.Write(ref _replyDue, whole);
            ReadOnlySpan<byte> rest = buffer.Span;
            while (!rest.IsEmpty)
            {
                rest = rest[_socket.Send(rest)..];
            }

            if (whole && Turn.MayBlock && WaitThread.TryTakeBack(this))
            {
                // The handler has begun to read before it wrote: the reply to what it wrote.
                ((IWaiting)this).Wait();
            }

            return default;
        }
        catch (SocketException exception)
        {
            return ValueTask.FromException(new IOException(exception.Message, exception));
        }
        catch (ObjectDisposedException exception)
        {
            return ValueTask.FromException(exception);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    void IWaiting.Wait()
    {
        int count;
        try
        {
            // A read of nothing is how the handler asks to be told of something.
            count = _buffer.IsEmpty ? Look() : _socket.Receive(_buffer.Span);
        }
        catch (Exception exception)
        {
            _buffer = default;
            _read.SetException(exception is SocketException ? new IOException(exception.Message, exception) : exception);
            return;
        }

        _buffer = default;
        _replyDue = false;
        _read.SetResult(count);
    }

    int IValueTaskSource<int>.GetResult(short token) => _read.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _read.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _read.OnCompleted(continuation, state, token, flags);

    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            Interlocked.Decrement(ref _count);
            _socket.Dispose();
            // A thread that is held up must not hold up the end of what waits behind it.
            Volatile.Read(ref _behind)?.Release(this);
        }

        base.Dispose(disposing);
    }

    // What the handler writes piece by piece, or in a way not known here, is not waited for on the spot.
    private static bool IsWholeRequest(ReadOnlySpan<byte> written)
    {
        int first = written.IndexOf("\r\n"u8);
        int end = written.IndexOf("\r\n\r\n"u8);
        if (end < 0 || !written[..first].EndsWith(" HTTP/1.1"u8))
        {
            return false;
        }

        ReadOnlySpan<byte> head = written[..end];
        ReadOnlySpan<byte> rest = written[(end + 4)..];
        int at = head.IndexOf(ContentLength);
        return at < 0
            ? rest.IsEmpty && head.IndexOf("\r\nTransfer-Encoding:"u8) < 0
            : Utf8Parser.TryParse(head[(at + ContentLength.Length)..], out int length, out _) && length == rest.Length;
    }

    private int Look()
    {
        _socket.Poll(Timeout.InfiniteTimeSpan, SelectMode.SelectRead);
        return 0;
    }

    private sealed class Connecting(Socket socket, EndPoint end) : IWaiting
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public WaitThread? Behind { get; set; }

        public void Wait()
        {
            try
            {
                socket.Connect(end);
                Done.SetResult();
            }
            catch (Exception exception)
            {
                Done.SetException(exception);
            }
        }
    }
}
