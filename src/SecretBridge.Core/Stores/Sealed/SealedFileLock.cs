using System.Diagnostics.CodeAnalysis;
using SecretBridge.Reporting;

namespace SecretBridge.Stores.Sealed;

/// <summary>
/// Keeps other writers out, here and in other processes. The lock is on a file beside the store which is never removed: one on
/// the store itself would be lost with the next rename.
/// </summary>
internal static class SealedFileLock
{
    private const int LinuxWouldBlock = 11;
    private const int MacWouldBlock = 35;
    private const int WindowsSharing = unchecked((int)0x80070020);
    private const int WindowsLocked = unchecked((int)0x80070021);

    /// <summary>Waits for the lock; disposing the result gives it back.</summary>
    /// <exception cref="BridgeException">Somebody else held it all the time (<see cref="FaultKind.SealedFileBusy"/>).</exception>
    [SuppressMessage("Reliability", "CA2000", Justification = "The caller owns it.")]
    internal static async Task<IDisposable> TakeAsync(SealedFilePlace place, SealedFileOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        while (true)
        {
            try
            {
                options.BeforeStep(SaveStep.Lock);
                return new FileStream(place.LockPath, SealedFilePlace.Private(FileMode.OpenOrCreate, FileShare.None));
            }
            catch (IOException exception) when (exception.HResult is LinuxWouldBlock or MacWouldBlock or WindowsSharing or WindowsLocked)
            {
                if (time.GetElapsedTime(start) >= options.LockTimeout)
                {
                    throw SealedFileFault.Busy(place.Path, $"another process has held '{place.LockPath}' for {options.LockTimeout.TotalSeconds:0.#} seconds");
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw SealedFileFault.Of(place.Path, "locked", exception);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5 + (45 * options.Jitter())), time, cancellationToken).ConfigureAwait(false);
        }
    }
}
