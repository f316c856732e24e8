using System.Text.RegularExpressions;
using SecretBridge.Reporting;

namespace SecretBridge.Inventory;

/// <summary>Regular expressions of a search. They run in a time that grows with the text alone.</summary>
internal static class SearchPattern
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <exception cref="BridgeException">It is none that can be used. The pattern is not repeated: it may hold part of a value.</exception>
    internal static Regex? Of(string? pattern, string parameter)
    {
        try
        {
            return pattern is null ? null : new(pattern, RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.NonBacktracking, Patience);
        }
        catch (RegexParseException exception)
        {
            throw new BridgeException(FaultKind.InvalidArgument, parameter, FormattableString.Invariant(
                $"{parameter} is no regular expression: {exception.Error} at character {exception.Offset}."));
        }
        catch (NotSupportedException)
        {
            throw new BridgeException(FaultKind.InvalidArgument, parameter,
                $"{parameter} is no regular expression that can be used here: look-around, back-references and the like are left out, so that none takes for ever.");
        }
    }
}
