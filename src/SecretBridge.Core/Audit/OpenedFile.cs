using SecretBridge.Reporting;

namespace SecretBridge.Audit;

/// <summary>A file that was opened for its lines, or why it could not be.</summary>
/// <param name="File">Its name when it was opened; it may be another by now.</param>
/// <param name="Stream">Its content; null where it could not be opened.</param>
/// <param name="Fault">Why it could not be opened; null where it could.</param>
internal sealed record OpenedFile(string File, Stream? Stream, BridgeException? Fault) : IDisposable
{
    internal static OpenedFile Open(string file)
    {
        try
        {
            return new(file, LineReader.Open(file), null);
        }
        catch (BridgeException exception)
        {
            return new(file, null, exception);
        }
    }

    public void Dispose() => Stream?.Dispose();
}
