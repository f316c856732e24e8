namespace SecretBridge.Wire;

/// <summary>
/// Counts the changes of secrets, so that whoever keeps a value can tell that it may be an old one. Secrets share counters,
/// which makes them few: one that counts too much only costs a read.
/// </summary>
internal sealed class ChangeCounts
{
    private readonly long[] _counts = new long[1024];

    /// <summary>The count of a secret.</summary>
    public long Of(string mount, string path) => Interlocked.Read(ref _counts[Index(mount, path)]);

    /// <summary>Notes that a request to a mount has ended which may have changed a secret.</summary>
    /// <param name="mount">The mount.</param>
    /// <param name="path">The request's path, with the mount.</param>
    public void Note(string mount, string path)
    {
        string below = path.StartsWith(mount + "/", StringComparison.Ordinal) ? path[(mount.Length + 1)..] : path;
        Interlocked.Increment(ref _counts[Index(mount, below)]);
        // In a mount of version 2 a word such as data or metadata stands before the secret's path.
        Interlocked.Increment(ref _counts[Index(mount, below[(below.IndexOf('/', StringComparison.Ordinal) + 1)..])]);
    }

    private int Index(string mount, string path) => (int)((uint)HashCode.Combine(mount, path) % (uint)_counts.Length);
}
