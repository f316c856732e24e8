using SecretBridge.Reporting;
using SecretBridge.Stores.Sealed;

namespace SecretBridge.Stores.Snapshots;

/// <summary>A file of this machine that a snapshot is written to; its failures are told as those of sealed files are.</summary>
internal sealed class SnapshotFile : IDisposable
{
    private readonly SealedFilePlace _place;
    private readonly PendingFile _pending;
    private readonly bool _overwrite;

    private SnapshotFile(SealedFilePlace place, PendingFile pending, bool overwrite)
    {
        _place = place;
        _pending = pending;
        _overwrite = overwrite;
    }

    internal string Path => _place.Path;

    /// <exception cref="BridgeException">There is a file already, others may write in the folder, or it cannot be made.</exception>
    internal static SnapshotFile Create(string path, bool overwrite)
    {
        var place = SealedFilePlace.Find(path);
        if (place.Exists && !overwrite)
        {
            throw Exists(place);
        }

        place.CheckFolder();
        PendingFile pending = Guard(place.Path, () => new PendingFile(place));
        pending.SweepStale();
        return new(place, pending, overwrite);
    }

    internal void Write(Action<Stream> write) => Guard(Path, () =>
    {
        write(_pending.Stream);
        return 0;
    });

    /// <returns>How long it is.</returns>
    internal long Publish()
    {
        long length = Guard(Path, () =>
        {
            long written = _pending.Stream.Length;
            _pending.Flush();
            if (_place.Exists && !_overwrite)
            {
                throw Exists(_place);
            }

            _pending.Publish(_overwrite);
            return written;
        });
        PendingFile.Settle(_place);
        return length;
    }

    public void Dispose() => _pending.Dispose();

    private static T Guard<T>(string path, Func<T> step)
    {
        try
        {
            return step();
        }
        catch (DirectoryNotFoundException exception)
        {
            throw SealedFileFault.Failed(path, $"'{path}' cannot be written: there is no such folder.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw SealedFileFault.Of(path, "saved", exception);
        }
    }

    private static BridgeException Exists(SealedFilePlace place) =>
        new(FaultKind.DestinationExists, place.Path, $"There is a file '{place.Path}' already. Choose another name, or replace it with -Force.");
}
