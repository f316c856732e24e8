using System.Collections;
using System.Management.Automation;
using System.Text;
using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Values;

/// <summary>Runs a script block in a PowerShell of its own. The block travels as text, its arguments as JSON in a variable that it never sees.</summary>
internal static class ChildShell
{
    /// <summary>The variable that the arguments travel in; the child takes it away before the block runs.</summary>
    internal const string ArgumentsVariable = "SECRETBRIDGE_ARGUMENTS";

    /// <summary>The PowerShell that runs this module; where something else hosts it, the one that it belongs to.</summary>
    /// <param name="home">Where PowerShell lies: $PSHOME.</param>
    /// <exception cref="BridgeException">There is none.</exception>
    internal static string Executable(string? home)
    {
        if (Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "pwsh")
        {
            return host;
        }

        string file = Path.Combine(home ?? "", OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh");
        return File.Exists(file)
            ? file
            : throw new BridgeException(FaultKind.NotSupported, "ScriptBlock", "This PowerShell is hosted by another program and has no pwsh beside it. Use -Command with the path of a pwsh.");
    }

    /// <summary>
    /// The arguments that run a block. Its exit code is the one that it gives to exit, else that of the last program that it ran, else 0; 1
    /// where it throws.
    /// </summary>
    internal static string[] Arguments(ScriptBlock block)
    {
        string script = $$"""
            $ProgressPreference = 'SilentlyContinue'
            $global:LASTEXITCODE = 0
            $private:given = @(ConvertFrom-Json $env:{{ArgumentsVariable}} -NoEnumerate -AsHashtable)[0]
            Remove-Item Env:{{ArgumentsVariable}}
            & {
            {{block}}
            } @private:given
            exit $LASTEXITCODE
            """;
        return ["-NoLogo", "-NoProfile", "-NonInteractive", "-OutputFormat", "Text", "-EncodedCommand", Convert.ToBase64String(Encoding.Unicode.GetBytes(script))];
    }

    /// <summary>The arguments of a block as JSON.</summary>
    internal static string Json(object?[] arguments) => Encoding.UTF8.GetString(SealedValue.FromObject(arguments.Select(Plain).ToArray()).Json);

    /// <summary>The arguments of a program as text.</summary>
    internal static string[] Texts(object?[] arguments) => arguments.Select(argument => LanguagePrimitives.ConvertTo<string>(Plain(argument))).ToArray();

    // Other users of the machine can see arguments.
    private static object? Plain(object? argument) => argument switch
    {
        PSObject { BaseObject: not PSCustomObject } wrapped => Plain(wrapped.BaseObject),
        SealedValue or System.Security.SecureString or PSCredential => throw new BridgeException(FaultKind.InvalidArgument, "ArgumentList",
            "An argument is a secret. Arguments can be seen by others; put it into the profile, and let the command read the variable."),
        SwitchParameter given => given.ToBool(),
        IDictionary map => map.Cast<DictionaryEntry>().ToDictionary(entry => entry.Key.ToString()!, entry => Plain(entry.Value), StringComparer.Ordinal),
        string text => text,
        IEnumerable list => list.Cast<object?>().Select(Plain).ToArray(),
        _ => argument,
    };
}
