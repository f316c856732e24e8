using SecretBridge.Reporting;

namespace SecretBridge.Configuration;

/// <summary>What a configuration file may lead to: variables and other files. They come in from outside.</summary>
internal sealed record ConfigurationSources
{
    private const long Largest = 16 << 20;

    /// <summary>The value of an environment variable; null where it is not set.</summary>
    public required Func<string, string?> Variable { get; init; }

    /// <summary>The content of a file; null where there is none.</summary>
    public required Func<string, byte[]?> ReadFile { get; init; }

    /// <summary>Whether others than the owner may read a file.</summary>
    public required Func<string, bool> IsExposed { get; init; }

    /// <summary>Whether a login is wanted. Where another was given, no variable and no file of one is read.</summary>
    public bool WantsAuth { get; init; } = true;

    /// <summary>Those of this process.</summary>
    internal static ConfigurationSources OfProcess() => new()
    {
        Variable = Environment.GetEnvironmentVariable,
        ReadFile = Read,
        IsExposed = path => !OperatingSystem.IsWindows() && File.Exists(path)
            && (File.GetUnixFileMode(path) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute)) != 0,
    };

    private static byte[]? Read(string path)
    {
        try
        {
            var file = new FileInfo(path);
            return !file.Exists ? null
                : file.Length <= Largest ? File.ReadAllBytes(path)
                : throw new BridgeException(FaultKind.InvalidConfiguration, path, $"{path} is larger than {Largest >> 20} MiB: it is no configuration file.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BridgeException(FaultKind.InvalidConfiguration, path, $"{path} cannot be read: {exception.Message}", exception);
        }
    }
}
