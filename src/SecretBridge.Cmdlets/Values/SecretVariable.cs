using System.Security;
using System.Text.RegularExpressions;
using SecretBridge.Reporting;

namespace SecretBridge.Values;

/// <summary>Reads a secret out of the environment variable whose name a parameter was given.</summary>
internal static partial class SecretVariable
{
    /// <summary>The value of a variable.</summary>
    /// <param name="name">The variable's name.</param>
    /// <param name="parameter">The parameter that names it.</param>
    /// <exception cref="BridgeException">It is not set or empty (<see cref="FaultKind.InvalidArgument"/>).</exception>
    internal static SecureString Read(string name, string parameter)
    {
        if (Environment.GetEnvironmentVariable(name) is not { Length: > 0 } value)
        {
            throw new BridgeException(FaultKind.InvalidArgument, parameter, $"The environment variable{Shown(name)} that -{parameter} names is not set or empty. The parameter takes a variable's name, not its value.");
        }

        var secure = new SecureString();
        foreach (char c in value)
        {
            secure.AppendChar(c);
        }

        secure.MakeReadOnly();
        return secure;
    }

    // Whoever writes $env:NAME for NAME has given the secret itself: only what can be nothing but a name is said again.
    private static string Shown(string name) => VariableName().IsMatch(name) ? $" '{name}'" : "";

    [GeneratedRegex(@"^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+\z")]
    private static partial Regex VariableName();
}
