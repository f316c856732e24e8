using System.Security.Cryptography;
using SecretBridge.Reporting;

namespace SecretBridge.Stores.Sealed;

public sealed partial class SealedFileStore
{
    /// <summary>Opens a sealed file, or makes it where that is asked for and there is none. The key is derived once, here.</summary>
    /// <exception cref="BridgeException">The file is not there, cannot be read, is open to others, is damaged, or has another key.</exception>
    public static async Task<SealedFileStore> OpenAsync(SealedFileOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        options.Validate();
        var place = SealedFilePlace.Find(options.Path);
        if (options.Create && !place.Exists)
        {
            place.MakeFolder();
            using IDisposable held = await SealedFileLock.TakeAsync(place, options, time, cancellationToken).ConfigureAwait(false);
            if (!place.Exists)
            {
                return await Task.Run(() => Make(place, options, time), cancellationToken).ConfigureAwait(false);
            }
        }

        return await Task.Run(() => Open(place, options, time), cancellationToken).ConfigureAwait(false);
    }

    private static SealedFileStore Make(SealedFilePlace place, SealedFileOptions options, TimeProvider time)
    {
        var kek = SealedKek.Derive(options.Credential, SealedKdf.Create(options.Credential.Kind, options.Iterations), place.Path);
        string id = RandomNumberGenerator.GetHexString(32, lowercase: true);
        (ReadOnlyMemory<byte> file, SealedContent content) = SealedFileWriter.Write(id, 1, kek, [], place.Path);
        return new SealedFileSave(place, options.BeforeStep).Run(file, null)
            ? new(place, options, time, content, kek)
            : throw SealedFileFault.Busy(place.Path, "somebody else has made it meanwhile");
    }

    private static SealedFileStore Open(SealedFilePlace place, SealedFileOptions options, TimeProvider time)
    {
        var text = SealedFileText.Parse(place.Read(), place.Path);
        var kek = SealedKek.Derive(options.Credential, text.Header.Kdf, place.Path);
        try
        {
            return new(place, options, time, SealedFileReader.Open(text, kek, place.Path), kek);
        }
        catch (BridgeException)
        {
            kek.Dispose();
            throw;
        }
    }

    private SealedContent Current(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfClosed();
        return Load();
    }

    /// <summary>What the file holds now: as it is known, unless it begins otherwise by now.</summary>
    private SealedContent Load()
    {
        if (_place.BeginsWith(_content.Head.Span))
        {
            return _content;
        }

        lock (_loading)
        {
            if (_forgotten)
            {
                throw SealedFileFault.Closed(Path);
            }

            if (_place.BeginsWith(_content.Head.Span))
            {
                return _content;
            }

            var text = SealedFileText.Parse(_place.Read(), Path);
            SealedFileHeader known = _content.Header;
            if (text.Header.Id != known.Id)
            {
                throw SealedFileFault.Failed(Path, $"Another sealed file lies at '{Path}' by now. Open it again.");
            }

            if (text.Header.Kdf != _kek.Kdf)
            {
                throw SealedFileFault.KeyChanged(Path);
            }

            SealedContent content = SealedFileReader.Open(text, _kek, Path);
            if (content.Header.Generation < known.Generation)
            {
                throw SealedFileFault.Tampered(Path, $"it went back from save {known.Generation} to save {content.Header.Generation} while it was open; if you brought back a backup yourself, open it again");
            }

            return _content = content;
        }
    }

    private void ThrowIfClosed()
    {
        if (_closed)
        {
            throw SealedFileFault.Closed(Path);
        }
    }
}
