using System.Globalization;
using SecretBridge.Reporting;

namespace SecretBridge.Stores;

/// <summary>
/// Replaces a file as a whole: whoever reads it sees the old or the new one, never a part. Its mode is kept, and where the path
/// is a symbolic link, the link. The file may hold secrets, so that no other file beside it is wider open.
/// </summary>
internal static class FileReplacement
{
    /// <summary>Replaces a file.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="before">What it held when it was read.</param>
    /// <param name="after">What it is to hold.</param>
    /// <param name="backup">Whether to keep a copy of it as it was.</param>
    /// <returns>The copy's path; null for none.</returns>
    /// <exception cref="BridgeException">It cannot be replaced, or has changed since it was read (<see cref="FaultKind.InvalidArgument"/>).</exception>
    public static string? Replace(string path, byte[] before, byte[] after, bool backup)
    {
        string? temporary = null, copy = null;
        try
        {
            string target = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
            temporary = Path.Combine(Path.GetDirectoryName(target)!, $".{Path.GetFileName(target)}.{Guid.NewGuid():N}.tmp");
            Write(temporary, target, after);
            StaleFile.Sweep(temporary, name => IsOf(target, name));
            copy = backup ? KeepCopy(path, target, before) : null;
            CheckUnchanged(path, target, before);
            Move(temporary, target);
            temporary = null;
            return copy;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BridgeException(FaultKind.InvalidArgument, path, $"The file '{path}' cannot be replaced: {exception.Message} It is as it was.", exception);
        }
        finally
        {
            if (temporary is not null)
            {
                Discard(temporary);
                Discard(copy);
            }
        }
    }

    /// <summary>Makes a file that is not there, as readable as the user's files are.</summary>
    /// <exception cref="BridgeException">It cannot be made, or is there by now (<see cref="FaultKind.InvalidArgument"/>).</exception>
    public static void Create(string path, byte[] content)
    {
        string temporary = Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}.tmp");
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Discard(temporary);
            throw new BridgeException(FaultKind.InvalidArgument, path, $"The file '{path}' cannot be made: {exception.Message}", exception);
        }
    }

    private static bool IsOf(string target, string name) =>
        $".{Path.GetFileName(target)}." is var prefix
        && name.StartsWith(prefix, StringComparison.Ordinal)
        && name.EndsWith(".tmp", StringComparison.Ordinal)
        && name.Length == prefix.Length + 32 + 4
        && name[prefix.Length..^4].All(char.IsAsciiHexDigitLower);

    // Opened for writing too: a folder's rights alone would let a file be replaced that may not be written.
    private static void CheckUnchanged(string path, string target, byte[] before)
    {
        using var stream = new FileStream(target, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
        byte[] now = new byte[before.Length];
        if (stream.Length != before.Length || stream.ReadAtLeast(now, now.Length, throwOnEndOfStream: false) != now.Length || !now.AsSpan().SequenceEqual(before))
        {
            throw new BridgeException(FaultKind.InvalidArgument, path, $"'{path}' was changed by somebody else while it was looked at. It was left so; run it again.");
        }
    }

    internal static string KeepCopy(string path, string target, byte[] content)
    {
        for (int number = 0; ; number++)
        {
            string copy = number == 0 ? path + ".bak" : string.Create(CultureInfo.InvariantCulture, $"{path}.bak.{number}");

            // An older copy is never overwritten: it may be the only one of how the file was at first.
            if (!Path.Exists(copy))
            {
                Write(copy, target, content);
                return copy;
            }
        }
    }

    private static void Write(string path, string like, byte[] content)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var stream = new FileStream(path, options);
        try
        {
            stream.Write(content);
            stream.Flush(flushToDisk: true);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(stream.SafeFileHandle, File.GetUnixFileMode(like));
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // On a full disk, say. It was made here, and part of a file is no copy of it.
            stream.Dispose();
            Discard(path);
            throw;
        }
    }

    private static void Move(string temporary, string target)
    {
        if (OperatingSystem.IsWindows())
        {
            // Keeps the access rules of the file that is replaced.
            File.Replace(temporary, target, null);
        }
        else
        {
            File.Move(temporary, target, overwrite: true);
        }
    }

    private static void Discard(string? file)
    {
        try
        {
            if (file is not null)
            {
                File.Delete(file);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What made the replacement fail is told already.
        }
    }
}
