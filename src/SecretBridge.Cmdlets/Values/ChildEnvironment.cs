using System.Collections;

namespace SecretBridge.Values;

/// <summary>What a command inherits of the variables of this process.</summary>
internal static class ChildEnvironment
{
    // What a program needs to find its files, its user and its language, on any platform.
    private static readonly HashSet<string> Basic = new(StringComparer.OrdinalIgnoreCase)
    {
        "PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "TZ", "TERM", "TMPDIR", "TEMP", "TMP",
        "SystemRoot", "SystemDrive", "windir", "ComSpec", "PATHEXT", "USERPROFILE", "USERNAME", "APPDATA", "LOCALAPPDATA", "ProgramData",
        "ProgramFiles", "ProgramFiles(x86)", "ProgramW6432", "CommonProgramFiles", "NUMBER_OF_PROCESSORS", "PROCESSOR_ARCHITECTURE",
        "PSModulePath", "DOTNET_ROOT", "SSL_CERT_FILE", "SSL_CERT_DIR",
    };

    /// <summary>The variables to inherit. What opens a Vault or a sealed file never is among them: a command gets the profile, not the store.</summary>
    /// <param name="isClean">Whether only the basic ones are inherited.</param>
    /// <param name="keys">The variables that opened a store of the runspace.</param>
    internal static Dictionary<string, string> Of(bool isClean, ISet<string> keys) => Environment.GetEnvironmentVariables()
        .Cast<DictionaryEntry>()
        .Select(entry => (Name: (string)entry.Key, Value: entry.Value as string ?? ""))
        .Where(variable => !IsKey(variable.Name) && !keys.Contains(variable.Name) && (!isClean || Basic.Contains(variable.Name)))
        .ToDictionary(variable => variable.Name, variable => variable.Value, StringComparer.Ordinal);

    private static bool IsKey(string name) =>
        name.ToUpperInvariant() is "VAULT_TOKEN" or "BAO_TOKEN" or "VAULT_SECRET_ID" or "BAO_SECRET_ID"
        || name.StartsWith("SECRETBRIDGE_", StringComparison.OrdinalIgnoreCase);
}
