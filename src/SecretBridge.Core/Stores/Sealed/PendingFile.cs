using System.Security.Cryptography;
using SecretBridge.Reporting;

namespace SecretBridge.Stores.Sealed;

/// <summary>A file that is written beside the place it shall have, for its owner alone, and takes that place whole or not at all.</summary>
internal sealed class PendingFile : IDisposable
{
    internal const string Suffix = ".tmp";
    private const int RandomLength = 16;

    private readonly SealedFilePlace _place;
    private readonly string _temporary;
    private bool _published;

    /// <exception cref="IOException">It cannot be made there.</exception>
    internal PendingFile(SealedFilePlace place)
    {
        _place = place;
        _temporary = Path.Combine(place.Folder, Prefix(place) + RandomNumberGenerator.GetHexString(RandomLength, lowercase: true) + Suffix);
        Stream = new(_temporary, SealedFilePlace.Private(FileMode.CreateNew, FileShare.None));
    }

    /// <summary>Where to write it.</summary>
    internal FileStream Stream { get; }

    /// <summary>Whether a name is that of a file which was to become this one. Exactly: the name of another may begin with that of this one.</summary>
    internal static bool IsOf(SealedFilePlace place, string name) =>
        Prefix(place) is var prefix
        && name.Length == prefix.Length + RandomLength + Suffix.Length
        && name.StartsWith(prefix, StringComparison.Ordinal)
        && name[prefix.Length..^Suffix.Length].All(char.IsAsciiHexDigitLower);

    /// <summary>Removes what killed runs have left of the same file, where no lock tells that they are dead.</summary>
    internal void SweepStale() => StaleFile.Sweep(_temporary, name => IsOf(_place, name));

    /// <summary>Brings what was written to the disk.</summary>
    internal void Flush()
    {
        Stream.Flush(flushToDisk: true);
        Stream.Dispose();
    }

    /// <summary>Gives the flushed file its name.</summary>
    internal void Publish(bool overwrite)
    {
        File.Move(_temporary, _place.Path, overwrite);
        _published = true;
    }

    /// <summary>Brings the name to the disk.</summary>
    /// <param name="place">The file.</param>
    /// <param name="before">What is to be done first, and may fail as the disk does.</param>
    /// <exception cref="BridgeException">That is not certain (<see cref="FaultKind.OutcomeUnknown"/>).</exception>
    internal static void Settle(SealedFilePlace place, Action? before = null)
    {
        try
        {
            before?.Invoke();
            FolderFlush.Run(place.Folder);
        }
        catch (IOException exception)
        {
            throw new BridgeException(FaultKind.OutcomeUnknown, place.Path, $"The sealed file '{place.Path}' was saved, but whether it survives a loss of power is unknown: {exception.Message}", exception);
        }
    }

    /// <summary>Removes the file, unless it took its place.</summary>
    public void Dispose()
    {
        try
        {
            Stream.Dispose();
        }
        catch (IOException)
        {
            // What could not be written is not wanted any more.
        }

        if (!_published)
        {
            TryDelete(_temporary);
        }
    }

    internal static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The next save tries again.
        }
    }

    private static string Prefix(SealedFilePlace place) => $".{Path.GetFileName(place.Path)}.";
}
