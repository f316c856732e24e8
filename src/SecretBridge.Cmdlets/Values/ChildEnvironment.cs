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
    /// <param name="passphraseVariable">The variable that holds the passphrase of the sealed file, where one was named.</param>
    internal static Dictionary<string, string> Of(bool isClean, string? passphraseVariable) => Environment.GetEnvironmentVariables()
        .Cast<DictionaryEntry>()
        .Select(entry => (Name: (string)entry.Key, Value: entry.Value as string ?? ""))
        .Where(variable => !IsKey(variable.Name, passphraseVariable) && (!isClean || Basic.Contains(variable.Name)))
        .ToDictionary(variable => variable.Name, variable => variable.Value, StringComparer.Ordinal);

    private static bool IsKey(string name, string? passphraseVariable) =>
        name.ToUpperInvariant() is "VAULT_TOKEN" or "BAO_TOKEN"
        || name.StartsWith("SECRETBRIDGE_", StringComparison.OrdinalIgnoreCase)
        || string.Equals(name, passphraseVariable, StringComparison.OrdinalIgnoreCase);
}
