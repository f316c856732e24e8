using System.Management.Automation;
using SecretBridge.Reporting;

namespace SecretBridge.Pipeline;

/// <summary>Reads a parameter that is a wildcard pattern.</summary>
internal static class Wildcard
{
    /// <exception cref="BridgeException">It is none (<see cref="FaultKind.InvalidArgument"/>).</exception>
    internal static WildcardPattern Of(string text, WildcardOptions options = WildcardOptions.None)
    {
        var pattern = new WildcardPattern(text, options);
        try
        {
            // PowerShell looks at a pattern only as it is used first.
            pattern.IsMatch("");
            return pattern;
        }
        catch (WildcardPatternException exception)
        {
            throw new BridgeException(FaultKind.InvalidArgument, text, $"'{text}' is not a wildcard pattern; a literal '[' is written `[.", exception);
        }
    }
}
