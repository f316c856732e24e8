using System.Collections;
using System.Globalization;
using System.Management.Automation;
using SecretBridge.Reporting;

namespace SecretBridge.Pipeline;

/// <summary>Reads custom metadata from a hashtable.</summary>
internal static class TagPairs
{
    /// <exception cref="BridgeException">A value is null or no plain text (<see cref="FaultKind.InvalidArgument"/>).</exception>
    /// <param name="tags">The pairs; null for none.</param>
    /// <param name="parameter">The parameter that they were given to.</param>
    internal static Dictionary<string, string> Of(IDictionary? tags, string parameter = "Tag")
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry tag in tags ?? new Hashtable())
        {
            // A SecureString or a list would become the name of its type.
            object? value = tag.Value is PSObject wrapped ? wrapped.BaseObject : tag.Value;
            pairs[tag.Key.ToString() ?? ""] = value is string or ValueType
                ? Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""
                : throw new BridgeException(FaultKind.InvalidArgument, parameter, $"-{parameter} has no text for '{tag.Key}'. Custom metadata is text, and is no place for secrets.");
        }

        return pairs;
    }
}
