using SecretBridge.Reporting;
using SecretBridge.Stores.Sealed;

namespace SecretBridge.Stores;

/// <summary>
/// The file of a journal, which only its owner may read and one run at a time writes. Each line is given to the operating
/// system at once, so that it outlives the process; it is forced to the disk for many lines together.
/// </summary>
internal sealed class JournalFile : IDisposable
{
    private const int LinesAtOnce = 256;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly FileStream _file;
    private readonly Stream _stream;
    private readonly object _gate = new();
    private int _pending;
    private long _flushed;

    private JournalFile(string path, FileStream file, Func<FileStream, Stream>? wrap, TimeProvider time)
    {
        _path = path;
        _time = time;
        _file = file;
        _stream = wrap?.Invoke(file) ?? file;
        _flushed = time.GetTimestamp();
    }

    /// <summary>Opens a journal, or makes one.</summary>
    /// <exception cref="BridgeException">It is there and not to be gone on with, not there to its owner alone, or in use.</exception>
    internal static JournalFile Open(string path, bool resume, Func<FileStream, Stream>? wrap, TimeProvider time)
    {
        FileStream? file = null;
        try
        {
            var open = new FileStreamOptions { Mode = resume ? FileMode.OpenOrCreate : FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
            if (OperatingSystem.IsWindows())
            {
                return new(path, new(path, open), wrap, time);
            }

            open.UnixCreateMode = OwnerOnly;
            file = new(path, open);
            return (File.GetUnixFileMode(file.SafeFileHandle) & ~OwnerOnly) == 0
                ? new(path, file, wrap, time)
                : throw new UnauthorizedAccessException($"others than its owner may read or write it; chmod 600 '{path}'");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            file?.Dispose();
            throw !resume && File.Exists(path)
                ? new BridgeException(FaultKind.JournalInvalid, path, $"The journal '{path}' is there already. -Resume goes on where it ends; for another run give another file.", exception)
                : Broken(path, $"cannot be opened: {exception.Message}", exception);
        }
    }

    /// <summary>The whole lines that are there. A last one that broke off is cut away: what it told of is done again.</summary>
    /// <param name="beginning">The bytes with which such a journal begins: a file that does not is not cut.</param>
    internal IEnumerable<ReadOnlyMemory<byte>> ReadLines(byte[] beginning)
    {
        byte[] buffer = new byte[1 << 16];
        int held = 0;
        long whole = 0;
        _file.Seek(0, SeekOrigin.Begin);
        while (_file.Read(buffer, held, buffer.Length - held) is > 0 and var read)
        {
            held += read;
            int start = 0;
            while (Array.IndexOf(buffer, (byte)'\n', start, held - start) is >= 0 and var end)
            {
                yield return buffer.AsMemory(start, end - start);
                whole += end - start + 1;
                start = end + 1;
            }

            held -= start;
            Array.Copy(buffer, start, buffer, 0, held);
            if (held == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }
        }

        if (held > 0)
        {
            int known = Math.Min(held, beginning.Length);
            if (whole == 0 && !buffer.AsSpan(0, known).SequenceEqual(beginning.AsSpan(0, known)))
            {
                throw Broken(_path, "is no journal of such a run, and was left as it is");
            }

            _file.SetLength(whole);
        }

        _file.Seek(whole, SeekOrigin.Begin);
    }

    /// <summary>Adds a line. From many threads at once.</summary>
    /// <exception cref="BridgeException">It cannot be written.</exception>
    internal void Append(byte[] line, bool atOnce = false)
    {
        try
        {
            lock (_gate)
            {
                _stream.Write(line);
                _pending++;
                if (atOnce || _pending >= LinesAtOnce || _time.GetElapsedTime(_flushed) >= Longest)
                {
                    Flush();
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Broken(_path, $"cannot be written: {exception.Message}", exception);
        }
    }

    /// <summary>Makes sure that the file itself survives a loss of power.</summary>
    internal void FlushFolder()
    {
        try
        {
            FolderFlush.Run(Path.GetDirectoryName(Path.GetFullPath(_path))!);
        }
        catch (IOException exception)
        {
            throw Broken(_path, $"cannot be written: {exception.Message}", exception);
        }
    }

    /// <summary>Forces to the disk what was told, where that can be done, and closes the file.</summary>
    public void Dispose()
    {
        try
        {
            lock (_gate)
            {
                if (_pending > 0)
                {
                    Flush();
                }
            }
        }
        catch (IOException)
        {
            // What is lost of the journal is done again; the failure that ended the run is the one to tell.
        }
        finally
        {
            _file.Dispose();
        }
    }

    internal static BridgeException Broken(string path, string why, Exception? cause = null) =>
        new(FaultKind.JournalInvalid, path, $"The journal '{path}' {why}.", cause);

    private void Flush()
    {
        if (ReferenceEquals(_stream, _file))
        {
            _file.Flush(flushToDisk: true);
        }
        else
        {
            _stream.Flush();
        }

        _pending = 0;
        _flushed = _time.GetTimestamp();
    }
}
