using SecretBridge.Reporting;

namespace SecretBridge.Stores.Sealed;

/// <summary>Where a sealed file lies, and whether others can get at it there.</summary>
internal sealed class SealedFilePlace
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private SealedFilePlace(string path) => Path = path;

    /// <summary>The file itself: a rename must not put a file in the place of a link to it.</summary>
    internal string Path { get; }

    internal string Folder => System.IO.Path.GetDirectoryName(Path)!;

    internal string LockPath => Path + ".lock";

    internal bool Exists => File.Exists(Path);

    /// <summary>Options for a file that only its owner can read, from the moment it is there.</summary>
    internal static FileStreamOptions Private(FileMode mode, FileShare share) => OperatingSystem.IsWindows()
        ? new() { Mode = mode, Access = FileAccess.ReadWrite, Share = share }
        : new() { Mode = mode, Access = FileAccess.ReadWrite, Share = share, UnixCreateMode = OwnerOnly };

    internal static SealedFilePlace Find(string path)
    {
        string full = System.IO.Path.GetFullPath(path);
        try
        {
            return new(File.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Nothing there, or not to be seen: reading says it better.
            return new(full);
        }
    }

    /// <exception cref="BridgeException">Others than the owner may read or write the open file.</exception>
    internal static void CheckMode(FileStream stream, string path, string what)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(stream.SafeFileHandle) & Others) is not 0 and var mode)
        {
            throw SealedFileFault.Exposed(path, $"Others than its owner may use the {what} '{path}' (mode allows {mode}), so it may be known or changed by now.", $"chmod 600 {Quoted(path)}");
        }
    }

    /// <summary>Makes the folder, for its owner alone, where there is none.</summary>
    internal void MakeFolder()
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(Folder);
            }
            else
            {
                Directory.CreateDirectory(Folder, OwnerOnly | UnixFileMode.UserExecute);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw SealedFileFault.Failed(Path, $"The folder '{Folder}' cannot be made: {exception.Message}", exception);
        }
    }

    /// <exception cref="BridgeException">Others may put another file in this one's place.</exception>
    internal void CheckFolder()
    {
        if (!OperatingSystem.IsWindows() && Directory.Exists(Folder) && File.GetUnixFileMode(Folder) is var mode
            && (mode & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != 0 && !mode.HasFlag(UnixFileMode.StickyBit))
        {
            throw SealedFileFault.Exposed(Path, $"Others than its owner may write in the folder '{Folder}', and so replace the sealed file.", $"chmod go-w {Quoted(Folder)}");
        }
    }

    /// <summary>Opens the file, after a look at its mode and its folder's.</summary>
    /// <param name="what">What it is called in a failure.</param>
    internal FileStream OpenPrivate(string what)
    {
        CheckFolder();
        FileStream? stream = null;
        try
        {
            stream = OpenRead();
            CheckMode(stream, Path, what);
            return stream.CanSeek ? stream : throw SealedFileFault.Failed(Path, $"'{Path}' is a pipe or a device; a {what} is a file.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            stream?.Dispose();
            throw SealedFileFault.Of(Path, "read", exception);
        }
        catch (BridgeException)
        {
            stream?.Dispose();
            throw;
        }
    }

    /// <summary>The whole file, after a look at its mode.</summary>
    internal ReadOnlyMemory<byte> Read()
    {
        using FileStream stream = OpenPrivate("sealed file");
        try
        {
            if (stream.Length > SealedFileFormat.MostFile)
            {
                throw SealedFileFault.Damaged(Path, $"it is larger than {SealedFileFormat.MostFile >> 20} MiB");
            }

            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw SealedFileFault.Of(Path, "read", exception);
        }
    }

    /// <summary>Whether the file still begins as it did: a head is never the same twice.</summary>
    internal bool BeginsWith(ReadOnlySpan<byte> head)
    {
        try
        {
            using FileStream stream = OpenRead();
            byte[] now = new byte[head.Length];
            return stream.ReadAtLeast(now, now.Length, throwOnEndOfStream: false) == now.Length && head.SequenceEqual(now);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw SealedFileFault.Of(Path, "read", exception);
        }
    }

    // Readers need no lock: a save puts a whole file in place.
    private FileStream OpenRead() => new(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);

    private static string Quoted(string path) => "'" + path.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}
