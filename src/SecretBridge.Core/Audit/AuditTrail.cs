using SecretBridge.Reporting;

namespace SecretBridge.Audit;

/// <summary>
/// SecretBridge's own audit trail: a file of JSON lines that only its owner may read. An event that cannot be written fails
/// the operation. The line is given to the operating system, not forced to the disk: a power cut may lose the last ones.
/// </summary>
internal sealed class AuditTrail : IAuditSink
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly AuditTrailOptions _options;
    private readonly object _gate = new();

    /// <summary>Prepares a trail; no file is touched yet.</summary>
    /// <exception cref="BridgeException">An option cannot be right.</exception>
    internal AuditTrail(AuditTrailOptions options)
    {
        options.Validate();
        _options = options with { Path = LineLock.Followed(options.Path) };
    }

    /// <summary>The file's full name, after its links were followed: whoever writes to it must find the same lock.</summary>
    internal string Path => _options.Path;

    /// <inheritdoc/>
    public void Write(AuditEvent auditEvent)
    {
        ArgumentNullException.ThrowIfNull(auditEvent);
        byte[] line = AuditLine.Format(auditEvent, _options.Actor, _options.Time.GetUtcNow());
        Do(() => Append(line), $"the event '{auditEvent.Action}' of '{auditEvent.Reference}'");
    }

    /// <inheritdoc/>
    public void Check() => Do(() => Open().Dispose(), "an event");

    private void Do(Action step, string what)
    {
        try
        {
            lock (_gate)
            {
                using FileStream guard = LineLock.Take(Path, _options.Patience, _options.Time);
                step();
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new BridgeException(FaultKind.AuditFailed, Path, $"The audit trail {Path} cannot take {what}: {exception.Message}", exception);
        }
    }

    // Every writer holds the lock, so that lines stay whole and nobody writes to a file that is being rotated: .NET's
    // FileMode.Append looks for the end once, it does not ask the system to append.
    private void Append(byte[] line)
    {
        FileStream file = Open();
        try
        {
            if (file.Length > 0 && file.Length + line.Length > _options.MaxSize)
            {
                file.Dispose();
                AuditFiles.Rotate(Path, _options.Keep);
                file = Open();
            }

            // A line that broke off, on a full disk, must not swallow the next.
            byte[] whole = EndsInMiddle(file) ? [(byte)'\n', .. line] : line;
            file.Seek(0, SeekOrigin.End);
            file.Write(whole);
        }
        finally
        {
            file.Dispose();
        }
    }

    private FileStream Open()
    {
        var open = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0,
        };
        if (OperatingSystem.IsWindows())
        {
            return new(Path, open);
        }

        open.UnixCreateMode = OwnerOnly;
        var file = new FileStream(Path, open);
        if ((File.GetUnixFileMode(file.SafeFileHandle) & ~(OwnerOnly | UnixFileMode.UserExecute)) == 0)
        {
            return file;
        }

        file.Dispose();
        throw new UnauthorizedAccessException($"others than its owner may read or write it; chmod 600 '{Path}'.");
    }

    private static bool EndsInMiddle(FileStream file)
    {
        if (file.Length == 0)
        {
            return false;
        }

        file.Seek(-1, SeekOrigin.End);
        return file.ReadByte() != '\n';
    }
}
