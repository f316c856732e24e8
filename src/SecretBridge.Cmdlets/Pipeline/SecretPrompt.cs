using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace SecretBridge.Pipeline;

/// <summary>Asks a user for a secret, where there is one.</summary>
internal static class SecretPrompt
{
    /// <summary>The answer; null where the host cannot ask, was told not to, or reads its input from a file.</summary>
    internal static SecureString? Ask(PSHost host, string question)
    {
        if (ReadsFromFile(host))
        {
            return null;
        }

        try
        {
            host.UI.Write(question);
            return host.UI.ReadLineAsSecureString();
        }
        catch (Exception exception) when (NobodyAnswers(exception))
        {
            return null;
        }
    }

    /// <summary>Whether the host would take the next line of a script, or of another file, for the answer.</summary>
    internal static bool ReadsFromFile(PSHost host) => host.Name == "ConsoleHost" && Console.IsInputRedirected;

    /// <summary>Whether a failure to ask means that there is nobody: each host without a user says so in its own way.</summary>
    /// <remarks>The console's prompt fails on the missing line where its input has ended.</remarks>
    internal static bool NobodyAnswers(Exception exception) =>
        exception is PSInvalidOperationException or HostException or NotImplementedException or NullReferenceException;
}
