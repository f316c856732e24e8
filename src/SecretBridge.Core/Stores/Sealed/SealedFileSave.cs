using System.Security.Cryptography;
using SecretBridge.Reporting;

namespace SecretBridge.Stores.Sealed;

/// <summary>Puts a new generation in the place of the old one, so that at any moment one of them lies there, whole.</summary>
internal sealed class SealedFileSave(SealedFilePlace place, Action<SaveStep> before)
{
    private const string Suffix = ".tmp";
    private const int RandomLength = 16;

    private string Prefix => $".{Path.GetFileName(place.Path)}.";

    /// <summary>Saves. The caller holds the lock.</summary>
    /// <param name="file">The whole new file.</param>
    /// <param name="oldHead">The head that the old one must still have; null where there must be none.</param>
    /// <returns>False where somebody else saved in between, and nothing was done.</returns>
    /// <exception cref="BridgeException">It failed and the old file is as it was, or, with <see cref="FaultKind.OutcomeUnknown"/>,
    /// the new one is there and might not survive a loss of power.</exception>
    internal bool Run(ReadOnlyMemory<byte> file, ReadOnlyMemory<byte>? oldHead)
    {
        if (file.Length > SealedFileFormat.MostFile)
        {
            throw new BridgeException(FaultKind.PayloadTooLarge, place.Path, $"The sealed file '{place.Path}' would be larger than {SealedFileFormat.MostFile >> 20} MiB.");
        }

        place.CheckFolder();
        string temporary = Path.Combine(place.Folder, Prefix + RandomNumberGenerator.GetHexString(RandomLength, lowercase: true) + Suffix);
        try
        {
            before(SaveStep.Sweep);
            Sweep();
            Write(temporary, file.Span);
            before(SaveStep.Check);
            if (oldHead is { } head ? !place.Exists || !place.BeginsWith(head.Span) : place.Exists)
            {
                File.Delete(temporary);
                return false;
            }

            before(SaveStep.Rename);
            File.Move(temporary, place.Path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or BridgeException)
        {
            TryDelete(temporary);
            throw exception as BridgeException ?? SealedFileFault.Of(place.Path, "saved", exception);
        }

        try
        {
            before(SaveStep.FlushFolder);
            FolderFlush.Run(place.Folder);
        }
        catch (IOException exception)
        {
            throw new BridgeException(FaultKind.OutcomeUnknown, place.Path, $"The sealed file '{place.Path}' was saved, but whether it survives a loss of power is unknown: {exception.Message}", exception);
        }

        before(SaveStep.Unlock);
        return true;
    }

    private void Write(string temporary, ReadOnlySpan<byte> file)
    {
        before(SaveStep.Create);
        using var stream = new FileStream(temporary, SealedFilePlace.Private(FileMode.CreateNew, FileShare.None));
        before(SaveStep.WriteFirst);
        stream.Write(file[..(file.Length / 2)]);
        stream.Flush();
        before(SaveStep.WriteRest);
        stream.Write(file[(file.Length / 2)..]);
        before(SaveStep.Flush);
        stream.Flush(flushToDisk: true);
    }

    // Whoever holds the lock is the only one who saves: what lies there belongs to the dead.
    private void Sweep()
    {
        foreach (string file in Directory.EnumerateFiles(place.Folder, "*" + Suffix))
        {
            if (IsOurs(Path.GetFileName(file)))
            {
                TryDelete(file);
            }
        }
    }

    // Exactly: the name of another store may begin with that of this one.
    private bool IsOurs(string name) =>
        name.Length == Prefix.Length + RandomLength + Suffix.Length
        && name.StartsWith(Prefix, StringComparison.Ordinal)
        && name[Prefix.Length..^Suffix.Length].All(char.IsAsciiHexDigitLower);

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It holds nothing in clear, and the next save tries again.
        }
    }
}
