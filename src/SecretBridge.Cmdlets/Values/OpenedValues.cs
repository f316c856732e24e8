using System.Collections.Specialized;
using SecretBridge.Stores;

namespace SecretBridge.Values;

/// <summary>Opens sealed values for a user who asked for them.</summary>
internal static class OpenedValues
{
    /// <summary>The values by key in their order, case-sensitive: Foo and foo are two keys of a secret.</summary>
    internal static OrderedDictionary Table(IReadOnlyDictionary<string, SealedValue> values, Func<SealedValue, object?> open)
    {
        var table = new OrderedDictionary(StringComparer.Ordinal);
        foreach ((string name, SealedValue value) in values)
        {
            table.Add(name, open(value));
        }

        return table;
    }
}
