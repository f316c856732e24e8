using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace SecretBridge.Reporting;

/// <summary>
/// Writes what a run says to a file of JSON lines that only its owner may read, and passes it on. Progress is written now and
/// then, and whenever its phase changes; the file holds references and counts, and no value. Runs may share it, also runs of
/// several processes: each line is whole.
/// </summary>
internal sealed partial class RunLog : IReporter, IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    // Runs of one process wait here in turn; those of others, at the lock beside the file.
    private static readonly object Writing = new();

    private readonly string? _path;
    private readonly IReporter _next;
    private readonly TimeProvider _time;
    private readonly object _gate = new();
    private FileStream? _file;
    private ProgressReport? _last;
    private long? _shown;

    private RunLog(string? path, FileStream? file, IReporter next, TimeProvider time)
    {
        _path = path;
        _file = file;
        _next = next;
        _time = time;
    }

    /// <summary>Opens a log, at the end of what is there already; without a path it only passes on.</summary>
    /// <exception cref="BridgeException">It cannot be written, or others may read it (<see cref="FaultKind.InvalidArgument"/>).</exception>
    internal static RunLog Open(string? path, IReporter next, TimeProvider time)
    {
        FileStream? file = null;
        string? followed = path is null ? null : LineLock.Followed(path);
        try
        {
            if (followed is not null)
            {
                // Whoever writes must be able to take the lock, which is better known before a run than during it.
                using FileStream guard = LineLock.Take(followed, Patience, time);
                var open = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite, BufferSize = 0 };
                if (!OperatingSystem.IsWindows())
                {
                    open.UnixCreateMode = OwnerOnly;
                }

                file = new(followed, open);
                if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file.SafeFileHandle) & ~OwnerOnly) != 0)
                {
                    throw new UnauthorizedAccessException($"others than its owner may read or write it; chmod 600 '{path}'");
                }

                file.Seek(0, SeekOrigin.End);
            }

            return new(followed, file, next, time);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            file?.Dispose();
            throw new BridgeException(FaultKind.InvalidArgument, path!, $"The log '{path}' cannot be written: {exception.Message}", exception);
        }
    }

    /// <inheritdoc/>
    public void Verbose(string message) => _next.Verbose(message);

    /// <inheritdoc/>
    public void Warning(string message)
    {
        Write("warning", json => json.WriteString("message", message));
        _next.Warning(message);
    }

    /// <inheritdoc/>
    public void Information(string message)
    {
        Write("summary", json => json.WriteString("message", message));
        _next.Information(message);
    }

    /// <inheritdoc/>
    public void Progress(ProgressReport report)
    {
        if (IsDue(report))
        {
            Write("progress", json => Tell(json, report));
        }

        _next.Progress(report);
    }

    public void Dispose() => Interlocked.Exchange(ref _file, null)?.Dispose();

    /// <summary>
    /// Passes rows on, and writes the failures among them, and that which ends them before their end: a failure, or somebody who
    /// wants no more.
    /// </summary>
    internal async IAsyncEnumerable<TRow> Watch<TRow>(IAsyncEnumerable<TRow> rows, [EnumeratorCancellation] CancellationToken cancellationToken)
        where TRow : IFaultRow
    {
        BridgeException? end = null;
        bool isWhole = false;
        try
        {
            // Disposed of before the last line is written: what was under way is counted then.
            IAsyncEnumerator<TRow> each = rows.GetAsyncEnumerator(cancellationToken);
            await using ConfiguredAsyncDisposable disposal = each.ConfigureAwait(false);
            while (true)
            {
                try
                {
                    isWhole = !await each.MoveNextAsync().ConfigureAwait(false);
                }
                catch (BridgeException exception)
                {
                    end = exception;
                    throw;
                }

                if (isWhole)
                {
                    yield break;
                }

                if (each.Current.Fault is { } fault)
                {
                    Write("failure", json => Tell(json, fault));
                }

                yield return each.Current;
            }
        }
        finally
        {
            if (!isWhole)
            {
                Write("stopped", json => TellEnd(json, end));
            }
        }
    }

    private bool IsDue(ProgressReport report)
    {
        lock (_gate)
        {
            bool due = report.Completed || report.Phase != _last?.Phase || _shown is not { } shown || _time.GetElapsedTime(shown) >= Interval;
            _last = report;
            _shown = due ? _time.GetTimestamp() : _shown;
            return due;
        }
    }

    private void Write(string kind, Action<Utf8JsonWriter> tell)
    {
        var bytes = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("time", _time.GetUtcNow());
            json.WriteString("kind", kind);
            tell(json);
            json.WriteEndObject();
        }

        bytes.Write("\n"u8);
        try
        {
            lock (Writing)
            {
                if (_file is { } file)
                {
                    using FileStream guard = LineLock.Take(_path!, Patience, _time);
                    file.Seek(0, SeekOrigin.End);
                    file.Write(bytes.WrittenSpan);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            // A run is not given up for its log.
            Dispose();
            _next.Warning($"The log cannot be written any more: {exception.Message}");
        }
    }
}
