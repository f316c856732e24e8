using System.Collections;
using System.Collections.Specialized;
using System.Management.Automation;
using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Values;

/// <summary>Makes a payload of what a user gave: a hashtable of sealed, secure or plain values, or another record.</summary>
internal static class GivenValues
{
    internal static SecretPayload Payload(IDictionary data) => SecretPayload.FromValues(data.Cast<DictionaryEntry>()
        .Select(entry => KeyValuePair.Create(Name(entry.Key), SealedValue.FromObject(Plain(entry.Value)))));

    /// <summary>The payload of a hashtable of secure strings and sealed values; <c>$null</c> is left to mean what it means there.</summary>
    /// <exception cref="BridgeException">A value is anything else and plain text is not allowed. The message names the key alone.</exception>
    internal static SecretPayload Secrets(IDictionary data, bool allowsPlainText)
    {
        foreach (DictionaryEntry entry in data)
        {
            object? value = entry.Value is PSObject wrapped ? wrapped.BaseObject : entry.Value;
            if (!allowsPlainText && value is not (null or SealedValue or System.Security.SecureString))
            {
                throw new BridgeException(FaultKind.InvalidArgument, "Secret",
                    $"The secret '{Name(entry.Key)}' is given as plain text. Give a secure string (Read-Host -AsSecureString) or a sealed value, or allow it with -AllowPlainTextInput.");
            }
        }

        return Payload(data);
    }

    /// <summary>The payload of a hashtable, or of a record such as Get-VaultSecret writes; null where it holds no values.</summary>
    internal static SecretPayload? Payload(PSObject? record) => record?.BaseObject switch
    {
        IDictionary values => Payload(values),
        _ => record?.Properties["Data"]?.Value switch
        {
            IReadOnlyDictionary<string, SealedValue> values => SecretPayload.FromValues(values),
            IDictionary values => Payload(values),
            _ => null,
        },
    };

    private static string Name(object key) => key is PSObject wrapped ? wrapped.BaseObject.ToString()! : key.ToString()!;

    // PowerShell wraps values in PSObject, which knows nothing of JSON; a custom object is its properties.
    private static object? Plain(object? value) => value switch
    {
        PSObject { BaseObject: PSCustomObject } custom => Properties(custom),
        PSObject wrapped => Plain(wrapped.BaseObject),
        SwitchParameter given => given.ToBool(),
        PSCredential => throw new BridgeException(FaultKind.InvalidPayload, SealedValue.Mask,
            "A credential is two values: give its user name and its password as keys of their own."),
        string or SealedValue or System.Security.SecureString => value,
        IDictionary map => Entries(map),
        IEnumerable list => list.Cast<object?>().Select(Plain).ToArray(),
        _ => value,
    };

    private static OrderedDictionary Properties(PSObject custom)
    {
        var plain = new OrderedDictionary(StringComparer.Ordinal);
        foreach (PSPropertyInfo property in custom.Properties)
        {
            plain.Add(property.Name, Plain(property.Value));
        }

        return plain;
    }

    private static OrderedDictionary Entries(IDictionary map)
    {
        var plain = new OrderedDictionary(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in map)
        {
            plain.Add(Name(entry.Key), Plain(entry.Value));
        }

        return plain;
    }
}
