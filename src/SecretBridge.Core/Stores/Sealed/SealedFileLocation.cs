namespace SecretBridge.Stores.Sealed;

/// <summary>Where the sealed file lies that is meant when none is named.</summary>
public static class SealedFileLocation
{
    private const string Folder = "secretbridge";
    private const string File = "profiles.sealed";

    /// <summary>
    /// <c>SECRETBRIDGE_STORE</c>, else the place for a user's data on this platform: <c>%APPDATA%</c> on Windows,
    /// <c>~/Library/Application Support</c> on macOS, <c>XDG_DATA_HOME</c> or <c>~/.local/share</c> elsewhere.
    /// </summary>
    /// <param name="variable">The value of an environment variable; null where it is not set.</param>
    /// <param name="platform">The platform whose convention counts.</param>
    /// <exception cref="Reporting.BridgeException">The environment names no home.</exception>
    public static string Default(Func<string, string?> variable, PlatformID platform)
    {
        ArgumentNullException.ThrowIfNull(variable);
        return NotEmpty("SECRETBRIDGE_STORE") ?? platform switch
        {
            PlatformID.Win32NT => Path.Combine(NotEmpty("APPDATA") ?? throw Homeless("APPDATA"), Folder, File),
            PlatformID.MacOSX => Path.Combine(Home(), "Library", "Application Support", Folder, File),

            // The convention says that a relative path is to be ignored.
            _ => Path.Combine(NotEmpty("XDG_DATA_HOME") is { } data && data.StartsWith('/') ? data : Path.Combine(Home(), ".local", "share"), Folder, File),
        };

        string? NotEmpty(string name) => variable(name) is { Length: > 0 } value ? value : null;
        string Home() => NotEmpty("HOME") ?? throw Homeless("HOME");
    }

    /// <summary>The place for this process.</summary>
    /// <exception cref="Reporting.BridgeException">The environment names no home.</exception>
    public static string OfProcess() => Default(
        Environment.GetEnvironmentVariable,
        OperatingSystem.IsWindows() ? PlatformID.Win32NT : OperatingSystem.IsMacOS() ? PlatformID.MacOSX : PlatformID.Unix);

    private static Reporting.BridgeException Homeless(string variable) => new(
        Reporting.FaultKind.InvalidArgument, "Path", $"No sealed file was named, and {variable} is not set, so there is no usual place for it. Give -Path or set SECRETBRIDGE_STORE.");
}
