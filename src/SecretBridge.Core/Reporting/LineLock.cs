namespace SecretBridge.Reporting;

/// <summary>
/// The lock beside a file of lines that several processes write to. Writers hold it for each line; readers of a file that may be
/// moved, while they open it.
/// </summary>
internal static class LineLock
{
    private static readonly TimeSpan ReadersPatience = TimeSpan.FromSeconds(1);

    /// <summary>Waits for the lock, and makes its file where there is none.</summary>
    /// <exception cref="IOException">Another process holds it too long, or the file cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The file is another user's.</exception>
    internal static FileStream Take(string path, TimeSpan patience, TimeProvider time) => Take(path, FileMode.OpenOrCreate, patience, time);

    /// <summary>The lock of a file that is written; null where there is none, or it is another user's or held too long.</summary>
    internal static FileStream? TryTake(string path)
    {
        try
        {
            return File.Exists(NameOf(path)) ? Take(path, FileMode.Open, ReadersPatience, TimeProvider.System) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The file that a link leads to, beside which its lock lies; of what is no link, the path itself.</summary>
    internal static string Followed(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Nothing there, or not to be seen: opening says it better.
            return path;
        }
    }

    private static string NameOf(string path) => path + ".lock";

    private static FileStream Take(string path, FileMode mode, TimeSpan patience, TimeProvider time)
    {
        var open = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
        if (mode != FileMode.Open && !OperatingSystem.IsWindows())
        {
            open.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var spin = default(SpinWait);
        long start = time.GetTimestamp();
        while (true)
        {
            try
            {
                return new(NameOf(path), open);
            }
            catch (IOException exception) when (exception.GetType() == typeof(IOException) && time.GetElapsedTime(start) < patience)
            {
                // Another process writes its line, which takes no time to speak of.
                spin.SpinOnce();
            }
        }
    }
}
