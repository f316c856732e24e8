using System.Management.Automation;

namespace SecretBridge.Pipeline;

/// <summary>Writes an object that came back from JSON or CLIXML as JSON: PowerShell itself knows best what it made of it.</summary>
internal static class PlainJson
{
    internal static string Of(PSObject given, CommandInvocationIntrinsics commands) =>
        commands.InvokeScript("ConvertTo-Json -InputObject $args[0] -Depth 6 -Compress", given) is [{ BaseObject: string json }, ..] ? json : "";
}
