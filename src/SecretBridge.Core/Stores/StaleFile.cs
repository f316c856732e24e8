namespace SecretBridge.Stores;

/// <summary>
/// Removes temporary files that a killed run of ours has left beside the one that this run has made. Files are told by their
/// exact names; one that a living process holds open, or that is not an hour older than this run's, is left.
/// </summary>
internal static class StaleFile
{
    private static readonly TimeSpan Age = TimeSpan.FromHours(1);

    /// <param name="fresh">The temporary file that was made just now: its folder is swept, by its clock.</param>
    /// <param name="isOurs">Whether a file's name is one of those that were to become the same file.</param>
    internal static void Sweep(string fresh, Func<string, bool> isOurs)
    {
        try
        {
            DateTime before = File.GetLastWriteTimeUtc(fresh) - Age;
            foreach (string file in Directory.EnumerateFiles(Path.GetDirectoryName(fresh)!, ".*.tmp"))
            {
                if (file != fresh && isOurs(Path.GetFileName(file)) && File.GetLastWriteTimeUtc(file) < before)
                {
                    Remove(file);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What cannot be swept now hinders nothing.
        }
    }

    // A link is no file of ours, wherever it leads.
    private static void Remove(string file)
    {
        try
        {
            if (new FileInfo(file).LinkTarget is null)
            {
                using (new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
                {
                }

                File.Delete(file);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Somebody holds it, or it is not ours to remove.
        }
    }
}
