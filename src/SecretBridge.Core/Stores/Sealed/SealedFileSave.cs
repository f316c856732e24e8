using SecretBridge.Reporting;

namespace SecretBridge.Stores.Sealed;

/// <summary>Puts a new generation in the place of the old one, so that at any moment one of them lies there, whole.</summary>
internal sealed class SealedFileSave(SealedFilePlace place, Action<SaveStep> before)
{
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
        try
        {
            before(SaveStep.Sweep);
            Sweep();
            before(SaveStep.Create);
            using var pending = new PendingFile(place);
            Write(pending, file.Span);
            before(SaveStep.Check);
            if (oldHead is { } head ? !place.Exists || !place.BeginsWith(head.Span) : place.Exists)
            {
                return false;
            }

            before(SaveStep.Rename);
            pending.Publish(overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw SealedFileFault.Of(place.Path, "saved", exception);
        }

        PendingFile.Settle(place, () => before(SaveStep.FlushFolder));
        before(SaveStep.Unlock);
        return true;
    }

    private void Write(PendingFile pending, ReadOnlySpan<byte> file)
    {
        before(SaveStep.WriteFirst);
        pending.Stream.Write(file[..(file.Length / 2)]);
        pending.Stream.Flush();
        before(SaveStep.WriteRest);
        pending.Stream.Write(file[(file.Length / 2)..]);
        before(SaveStep.Flush);
        pending.Flush();
    }

    // Whoever holds the lock is the only one who saves: what lies there belongs to the dead.
    private void Sweep()
    {
        foreach (string file in Directory.EnumerateFiles(place.Folder, "*" + PendingFile.Suffix))
        {
            if (PendingFile.IsOf(place, Path.GetFileName(file)))
            {
                PendingFile.TryDelete(file);
            }
        }
    }
}
