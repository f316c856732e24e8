using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Security;
using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Values;

/// <summary>Reads what fills a template's placeholders: the entries of a hashtable, or the properties of any other object.</summary>
internal static class TemplateValues
{
    /// <summary>The value of a placeholder as text, found in any case; null where there is none.</summary>
    /// <exception cref="BridgeException">It is a secret, or no single value (<see cref="FaultKind.InvalidArgument"/>).</exception>
    internal static string? Text(PSObject source, string name)
    {
        object? value = source.BaseObject is IDictionary map
            ? map.Cast<DictionaryEntry>().FirstOrDefault(entry => string.Equals(entry.Key.ToString(), name, StringComparison.OrdinalIgnoreCase)).Value
            : source.Properties[name]?.Value;
        return (value is PSObject wrapped ? wrapped.BaseObject : value) switch
        {
            null => null,
            string text => text,
            SecureString or SealedValue or PSCredential => throw Refuse(name, "a secret, and a path is none"),
            IEnumerable => throw Refuse(name, "a list"),
            IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
            { } other => other.ToString(),
        };
    }

    private static BridgeException Refuse(string name, string what) =>
        new(FaultKind.InvalidArgument, name, $"The value for {{{name}}} is {what}.");
}
